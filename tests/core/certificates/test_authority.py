"""The authority of one's own: made once, private, and what happens when its files are not right."""

from __future__ import annotations

import platform
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from bascule.certificates import authority as module
from bascule.certificates.authority import CERTIFICATE_NAME, KEY_NAME, open_authority
from bascule.certificates.issue import issue_self_signed, key_pem, new_key
from bascule.errors import ErrorCode, SpecError


def certificate_in(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / CERTIFICATE_NAME).read_bytes())


def test_it_is_made_once(tmp_path: Path):
    first = open_authority(tmp_path / "certificates")
    second = open_authority(tmp_path / "certificates")
    assert first.issuer.certificate == second.issuer.certificate
    assert first.path.name == CERTIFICATE_NAME


def test_it_may_sign_servers_and_nothing_else(tmp_path: Path):
    open_authority(tmp_path)
    certificate = certificate_in(tmp_path)
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.key_cert_sign, usage.crl_sign, usage.digital_signature) == (True, True, False)
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert lifetime == timedelta(days=3650)
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / KEY_NAME).stat().st_mode) == 0o600
    shown = subprocess.run(
        ["openssl", "x509", "-in", str(tmp_path / CERTIFICATE_NAME), "-noout", "-text"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "CA:TRUE, pathlen:0" in shown
    assert "Certificate Sign, CRL Sign" in shown


@pytest.mark.parametrize("node", ["", "h" * 80, "bureau-de-Zoé"])
def test_any_name_of_the_computer_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str):
    monkeypatch.setattr(platform, "node", lambda: node)
    open_authority(tmp_path)
    name = certificate_in(tmp_path).subject.rfc4514_string()
    assert (node or "this computer")[:40] in name


def test_a_lost_certificate_is_made_again_for_the_same_key(tmp_path: Path):
    authority = open_authority(tmp_path)
    leaf = x509.load_pem_x509_certificate(authority.issue(["a.example"]).certificate)
    (tmp_path / CERTIFICATE_NAME).write_bytes(b"")  # as after a crash in the middle
    again = open_authority(tmp_path)
    leaf.verify_directly_issued_by(again.issuer.certificate)


def test_a_lost_key_is_said(tmp_path: Path):
    open_authority(tmp_path)
    (tmp_path / KEY_NAME).unlink()
    with pytest.raises(SpecError) as caught:
        open_authority(tmp_path)
    assert caught.value.code is ErrorCode.KEY_UNREADABLE


def test_a_key_of_another_is_said(tmp_path: Path):
    open_authority(tmp_path)
    (tmp_path / KEY_NAME).write_bytes(key_pem(new_key()))
    with pytest.raises(SpecError, match="does not belong") as caught:
        open_authority(tmp_path)
    assert caught.value.code is ErrorCode.KEY_UNREADABLE


@pytest.mark.parametrize("with_certificate", [True, False])
def test_a_key_of_another_kind_is_said(tmp_path: Path, *, with_certificate: bool):
    if with_certificate:
        open_authority(tmp_path)
    key = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True, check=True
    ).stdout
    (tmp_path / KEY_NAME).write_bytes(key)
    with pytest.raises(SpecError, match="not the key of an authority") as caught:
        open_authority(tmp_path)
    assert caught.value.code is ErrorCode.KEY_UNREADABLE


def test_a_damaged_certificate_is_said(tmp_path: Path):
    open_authority(tmp_path)
    (tmp_path / CERTIFICATE_NAME).write_bytes(b"damaged")
    with pytest.raises(SpecError) as caught:
        open_authority(tmp_path)
    assert caught.value.code is ErrorCode.CERTIFICATE_UNREADABLE


def test_what_it_signs_never_outlives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_LIFETIME", timedelta(days=30))
    authority = open_authority(tmp_path)
    leaf = x509.load_pem_x509_certificate(authority.issue(["a.example"], 397).certificate)
    assert leaf.not_valid_after_utc == authority.issuer.certificate.not_valid_after_utc


def test_an_expired_authority_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_LIFETIME", timedelta(hours=1))
    with pytest.raises(SpecError, match="expired") as caught:
        open_authority(tmp_path)
    assert caught.value.code is ErrorCode.CERTIFICATE_UNREADABLE
    assert certificate_in(tmp_path).not_valid_after_utc > datetime.now(UTC)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SpecError) as caught:
        open_authority(tmp_path / "file")
    assert caught.value.code is ErrorCode.CERTIFICATE_UNWRITABLE


def test_what_is_self_signed_owes_it_nothing(tmp_path: Path):
    authority = open_authority(tmp_path)
    alone = x509.load_pem_x509_certificate(issue_self_signed(["a.example"]).certificate)
    assert alone.issuer != authority.issuer.certificate.subject
