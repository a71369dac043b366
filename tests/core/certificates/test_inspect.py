"""What is read from certificate and key files, and how what is wrong with them is said."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bascule.certificates.inspect import (
    certificate_facts,
    check_pair,
    facts_of_der,
    read_certificate,
    read_key,
)
from bascule.certificates.issue import key_pem, new_key
from bascule.errors import ErrorCode, SpecError
from tests.helpers.certificates import Files, make_files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return make_files(tmp_path, ["db.example", "10.0.0.7"])


def encrypt(source: str, target: Path, passphrase: str, *form: str) -> str:
    """Encrypt a key with the real openssl; ``form`` as of its ``pkey`` command."""
    subprocess.run(
        [
            *("openssl", "pkey", "-in", source, "-out", str(target)),
            *("-aes256", "-passout", f"pass:{passphrase}", *form),
        ],
        check=True,
        capture_output=True,
    )
    return str(target)


def test_facts_of_a_server_certificate(files: Files):
    facts = certificate_facts(files.certificate, files.key)
    assert facts.subject == "db.example"
    assert facts.issuer.startswith("Bascule authority")
    assert facts.names == ("db.example", "10.0.0.7")
    now = datetime.now(UTC).timestamp()
    assert facts.not_before < now < facts.not_after
    der = ssl.PEM_cert_to_DER_cert(Path(files.certificate).read_text())
    assert facts.fingerprint_sha256.replace(":", "").lower() == hashlib.sha256(der).hexdigest()
    assert facts.fingerprint_sha256[2] == ":"
    assert (facts.self_signed, facts.is_authority, facts.expired) == (False, False, False)
    assert facts.key_matches is True


def test_facts_of_others(tmp_path: Path, files: Files):
    authority = certificate_facts(files.authority)
    assert (authority.is_authority, authority.self_signed, authority.names) == (True, True, ())
    assert authority.key_matches is None
    other = make_files(tmp_path, ["old.example"], expired=True)
    facts = certificate_facts(other.certificate, files.key)
    assert (facts.expired, facts.key_matches) == (True, False)


def _built(subject: x509.Name, *extensions: x509.ExtensionType) -> bytes:
    key = new_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1000)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_subjects_without_common_name():
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example")])
    assert facts_of_der(_built(name)).subject == "O=Example"
    names = x509.SubjectAlternativeName([x509.DNSName("a.example")])
    assert facts_of_der(_built(x509.Name([]), names)).subject == "a.example"
    assert facts_of_der(_built(x509.Name([]))).subject == ""


def test_damaged_certificates_are_said(tmp_path: Path):
    with pytest.raises(ValueError, match="parsing"):
        facts_of_der(b"nothing")
    oids = ("1.2.3.4.5", "1.2.3.4.6")
    twice = _built(
        x509.Name([]),
        *(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), b"x") for oid in oids),
    ).replace(b"\x06\x04\x2a\x03\x04\x06", b"\x06\x04\x2a\x03\x04\x05")
    with pytest.raises(ValueError, match="Duplicate"):
        facts_of_der(twice)
    path = tmp_path / "twice.pem"
    path.write_text(ssl.DER_cert_to_PEM_cert(twice))
    with pytest.raises(SpecError) as caught:
        certificate_facts(str(path))
    assert caught.value.code is ErrorCode.CERTIFICATE_UNREADABLE


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file or directory"),
        (b"", "it holds no certificate in PEM form"),
        (b"\x30\x82", "it holds no certificate in PEM form"),
        (
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "it is damaged",
        ),
    ],
)
def test_unreadable_certificates_say_why(tmp_path: Path, content: bytes | None, why: str):
    path = tmp_path / "a.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read_certificate(path, "authority")
    error = caught.value
    assert (error.code, error.field) == (ErrorCode.CERTIFICATE_UNREADABLE, "authority")
    assert error.facts == {"path": str(path), "why": why}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file or directory"),
        (b"-----BEGIN CERTIFICATE-----\n", "it holds no private key in PEM form"),
        (
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "it is damaged, or of an unknown kind",
        ),
    ],
)
def test_unreadable_keys_say_why(tmp_path: Path, content: bytes | None, why: str):
    path = tmp_path / "a.key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read_key(path)
    assert (caught.value.code, caught.value.field) == (ErrorCode.KEY_UNREADABLE, "key")
    assert caught.value.facts == {"path": str(path), "why": why}


def test_a_certificate_is_damaged_within_a_name(files: Files):
    der = ssl.PEM_cert_to_DER_cert(Path(files.certificate).read_text())
    utf8, bits = bytes([0x0C, 10]), bytes([0x03, 10])
    damaged = der.replace(utf8 + b"db.example", bits + b"\0b.example")
    assert damaged != der
    with pytest.raises(ValueError, match="BitString"):
        facts_of_der(damaged)


@pytest.mark.parametrize("form", [(), ("-traditional",)])
def test_encrypted_keys(tmp_path: Path, files: Files, form: tuple[str, ...]):
    locked = encrypt(files.key, tmp_path / "locked.key", "Zoé's", *form)
    check_pair(files.certificate, locked, "Zoé's")
    assert certificate_facts(files.certificate, locked, "Zoé's").key_matches
    with pytest.raises(SpecError) as caught:
        check_pair(files.certificate, locked)
    assert (caught.value.code, caught.value.field) == (ErrorCode.KEY_ENCRYPTED, "key")
    assert caught.value.facts == {"path": locked}
    with pytest.raises(SpecError) as caught:
        check_pair(files.certificate, locked, "wrong")
    assert caught.value.code is ErrorCode.KEY_PASSPHRASE_WRONG
    assert caught.value.field == "key_passphrase"
    assert "wrong" not in str(caught.value.facts)


def test_a_passphrase_for_an_open_key_does_no_harm(files: Files):
    check_pair(files.certificate, files.key, "not needed")


def test_key_and_certificate_may_share_a_file(tmp_path: Path, files: Files):
    both = tmp_path / "both.pem"
    both.write_bytes(Path(files.certificate).read_bytes() + Path(files.key).read_bytes())
    check_pair(str(both), str(both))


def _of_another(files: Files, folder: Path) -> str:
    return make_files(folder, ["other.example"]).key


def _of_another_kind(files: Files, folder: Path) -> str:
    path = folder / "rsa.key"
    path.write_bytes(key_pem(rsa.generate_private_key(65537, 2048)))
    return str(path)


@pytest.mark.parametrize("make", [_of_another, _of_another_kind])
def test_a_key_that_does_not_belong(
    tmp_path: Path, files: Files, make: Callable[[Files, Path], str]
):
    key = make(files, tmp_path)
    with pytest.raises(SpecError) as caught:
        check_pair(files.certificate, key)
    assert (caught.value.code, caught.value.field) == (ErrorCode.KEY_MISMATCH, "key")
    assert caught.value.facts == {"path": key, "certificate": files.certificate}
