"""Certificates as they come out: read again with cryptography and with the openssl program."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bascule.certificates.authority import open_authority
from bascule.certificates.issue import CLIENT, SERVER, Pair, issue_self_signed
from bascule.errors import ErrorCode, SpecError


def read(pair: Pair) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pair.certificate)


def openssl(*words: str | Path) -> str:
    done = subprocess.run(
        ["openssl", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_self_signed_certificate_is_what_servers_need():
    pair = issue_self_signed(["db.example", "*.db.example", "10.0.0.7", "::1"])
    certificate = read(pair)
    extensions = certificate.extensions
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["db.example", "*.db.example", "10.0.0.7", "::1"]
    assert certificate.subject.rfc4514_string() == "CN=db.example"
    certificate.verify_directly_issued_by(certificate)
    assert isinstance(certificate.signature_hash_algorithm, hashes.SHA256)
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    assert serialization.load_pem_private_key(pair.key, None).public_key() == key
    constraints = extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.value.ca, constraints.critical) == (False, True)
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [SERVER]
    own = extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    assert authority.key_identifier == own.digest


def test_it_begins_some_minutes_back_and_lasts_as_asked():
    certificate = read(issue_self_signed(["a.example"], 30))
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    assert timedelta(minutes=4) < datetime.now(UTC) - begin < timedelta(minutes=10)
    assert end - begin == timedelta(days=30)
    default = read(issue_self_signed(["a.example"]))
    assert default.not_valid_after_utc - default.not_valid_before_utc == timedelta(days=397)


def test_serial_numbers_are_random():
    serials = {read(issue_self_signed(["a.example"])).serial_number for _ in range(5)}
    assert len(serials) == 5
    assert all(serial.bit_length() > 100 for serial in serials)


def test_a_name_too_long_for_a_common_name_is_cut_there_only():
    name = ".".join(["x" * 30] * 3)
    certificate = read(issue_self_signed([name]))
    assert certificate.subject.rfc4514_string() == f"CN={name[:64]}"
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [name]


@pytest.mark.parametrize("days", [0, -1, 826])
def test_a_lifetime_that_nobody_accepts_is_refused(days: int):
    with pytest.raises(SpecError) as caught:
        issue_self_signed(["a.example"], days)
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_INVALID, "days")
    assert caught.value.facts == {"minimum": 1, "maximum": 825}


@pytest.mark.parametrize("days", [1, 825])
def test_the_bounds_are_good(days: int):
    assert issue_self_signed(["a.example"], days).certificate


def test_openssl_verifies_what_we_make(tmp_path: Path):
    authority = open_authority(tmp_path)
    chain = ["verify", "-x509_strict", "-purpose", "sslserver"]
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(authority.issue(["db.example", "10.0.0.7", "*.example.org"]).certificate)
    trusted = [*chain, "-CAfile", authority.path]
    openssl(*trusted, "-verify_hostname", "db.example", leaf)
    openssl(*trusted, "-verify_hostname", "www.example.org", leaf)
    openssl(*trusted, "-verify_ip", "10.0.0.7", leaf)
    with pytest.raises(AssertionError, match="hostname mismatch"):
        openssl(*trusted, "-verify_hostname", "other.example", leaf)
    alone = tmp_path / "alone.pem"
    alone.write_bytes(issue_self_signed(["db.example"]).certificate)
    openssl(*chain, "-CAfile", alone, "-verify_hostname", "db.example", alone)
    text = openssl("x509", "-in", leaf, "-noout", "-text")
    for words in ("prime256v1", "ecdsa-with-SHA256", "TLS Web Server Authentication"):
        assert words in text
    assert "IP Address:10.0.0.7" in text


def test_a_client_certificate_is_for_clients(tmp_path: Path):
    authority = open_authority(tmp_path)
    leaf = tmp_path / "client.pem"
    leaf.write_bytes(authority.issue(["somebody"], usage=CLIENT).certificate)
    openssl("verify", "-purpose", "sslclient", "-CAfile", authority.path, leaf)
