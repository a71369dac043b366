"""Signing what Windows runs, with a real program and a certificate made for the occasion."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from installer.windows import nsis, signing

pytestmark = pytest.mark.usefixtures("qapp")  # the icon is drawn by Qt, which is there once


@pytest.fixture
def executable(tmp_path: Path) -> Path:
    """An installer of next to nothing: a real Windows executable."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "bascule.exe").write_bytes(b"not run")
    return nsis.build(folder, "1.0.0", tmp_path / "with space")


@pytest.fixture
def command(tmp_path: Path) -> str:
    """Signs with a certificate that is its own issuer."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Test"]
    words += ["-addext", "extendedKeyUsage=codeSigning"]
    subprocess.run([*words, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return (
        f"osslsigncode sign -certs {certificate} -key {key} -h sha256 -in {{file}} -out {{signed}}"
    )


def is_signed(file: Path) -> bool:
    done = subprocess.run(["osslsigncode", "verify", "-in", file], capture_output=True, check=False)
    return b"Number of verified signatures: 1" in done.stdout + done.stderr


def test_a_signature_is_there(
    executable: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_signed(executable)
    monkeypatch.setenv(signing.VARIABLE, command)
    assert signing.sign(executable)
    assert is_signed(executable)
    assert [file.name for file in executable.parent.iterdir()] == [executable.name]


def test_without_a_command_nothing_is_signed(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(signing.VARIABLE, raising=False)
    before = executable.read_bytes()
    assert not signing.sign(executable)
    assert executable.read_bytes() == before


def test_a_command_without_a_place_for_the_file_is_refused(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(signing.VARIABLE, "true")
    with pytest.raises(ValueError, match=r"BASCULE_SIGN has no \{file\}"):
        signing.sign(executable)


def test_a_program_that_refuses_stops_the_build(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(signing.VARIABLE, "false -pass opensesame {file}")
    with pytest.raises(subprocess.CalledProcessError, match="BASCULE_SIGN.* 1") as caught:
        signing.sign(executable)
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert "opensesame" not in shown


def test_a_program_that_refuses_is_not_shown_with_its_password(tmp_path: Path) -> None:
    """As makensis runs it."""
    done = subprocess.run(
        [sys.executable, signing.__file__, str(tmp_path / "uninstall.exe")],
        env={**os.environ, signing.VARIABLE: "exit 5; echo -pass opensesame {file}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "BASCULE_SIGN" in done.stderr
    assert "opensesame" not in done.stdout + done.stderr
