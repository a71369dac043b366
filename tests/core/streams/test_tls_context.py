"""What TLS is set up with, and what is said of files that do not do."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bascule.certificates.issue import common_name, key_pem
from bascule.errors import ErrorCode, SpecError
from bascule.streams import tls_context
from bascule.streams.tls_context import client_context, restrict, server_context
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import PATIENCE_SECONDS

own_store = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a store of its own")

PRINTING = (sys.executable, "-c", "import sys; print(open(sys.argv[1]).read())")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return make_files(tmp_path)


@pytest.fixture
def locked(tmp_path: Path, files: Files) -> str:
    """The key, encrypted with the passphrase "open"."""
    path = tmp_path / "locked.key"
    subprocess.run(
        [
            "openssl",
            "pkey",
            "-in",
            files.key,
            "-out",
            str(path),
            "-aes256",
            "-passout",
            "pass:open",
        ],
        check=True,
        capture_output=True,
    )
    return str(path)


def test_both_begin_at_tls_1_2_and_offer_no_protocol_names(files: Files):
    server = server_context(files.certificate, files.key)
    client = client_context(authority=files.authority)
    for context in (server, client):
        assert context.minimum_version == ssl.TLSVersion.TLSv1_2
        assert context.options & ssl.OP_NO_RENEGOTIATION
    assert server.verify_mode == ssl.CERT_NONE
    assert client.verify_mode == ssl.CERT_REQUIRED
    assert client.check_hostname


def test_verification_can_be_switched_off():
    context = client_context(verify=False)
    assert context.verify_mode == ssl.CERT_NONE
    assert not context.check_hostname


def test_an_authority_for_clients_demands_their_certificate(files: Files):
    context = server_context(files.certificate, files.key, client_authority=files.authority)
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert len(context.get_ca_certs()) == 1


def test_only_the_authority_given_is_trusted(files: Files):
    assert len(client_context(authority=files.authority).get_ca_certs()) == 1


def test_the_system_is_trusted_by_default():
    assert client_context().verify_mode == ssl.CERT_REQUIRED


@pytest.fixture
def no_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """An OpenSSL that finds nothing where it was built to look."""
    paths = ssl.get_default_verify_paths()._replace(cafile=None, capath=None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda *_: None)
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.usefixtures("no_defaults")
@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_an_openssl_from_elsewhere_finds_the_authorities_of_the_system(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
):
    monkeypatch.setattr(sys, "platform", platform)
    (tmp_path / "damaged.pem").write_text("damaged")
    bundles = (str(tmp_path / "none.pem"), str(tmp_path / "damaged.pem"), files.authority)
    monkeypatch.setattr(tls_context, "_SYSTEM_BUNDLES", bundles)
    assert len(client_context().get_ca_certs()) == (platform == "linux")


@own_store
@pytest.mark.usefixtures("no_defaults")
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_place_named_by_a_variable_is_the_only_one(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
):
    monkeypatch.setattr(tls_context, "_SYSTEM_BUNDLES", (files.authority,))
    monkeypatch.setenv(variable, str(tmp_path / "none"))
    with pytest.raises(SpecError) as caught:
        client_context()
    assert (caught.value.code, caught.value.field) == (ErrorCode.AUTHORITIES_MISSING, "authority")
    assert files.authority not in caught.value.message


@own_store
@pytest.mark.usefixtures("no_defaults")
def test_a_folder_of_authorities_is_read_at_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    paths = ssl.get_default_verify_paths()._replace(capath=str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr(tls_context, "_SYSTEM_BUNDLES", ())
    with pytest.raises(SpecError):
        client_context()
    (tmp_path / "12345678.0").touch()
    assert client_context().get_ca_certs() == []


@pytest.mark.usefixtures("no_defaults")
@pytest.mark.parametrize("bundles", [0, 1])
def test_on_macos_those_that_an_administrator_added_count_as_well(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundles: int
):
    """What its keychain says is played by a program that prints a file."""
    other = make_files(tmp_path / "other").authority
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(tls_context, "_SYSTEM_BUNDLES", (other,) * bundles)
    monkeypatch.setattr(tls_context, "_KEYCHAIN", (*PRINTING, files.authority))
    assert len(client_context().get_ca_certs()) == 1 + bundles
    monkeypatch.setattr(tls_context, "_KEYCHAIN", (*PRINTING, str(tmp_path / "none")))
    if bundles:
        assert len(client_context().get_ca_certs()) == bundles
    else:
        with pytest.raises(SpecError):
            client_context()


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """The environment of a process whose OpenSSL was built on a computer that keeps its
    authorities elsewhere: the library itself, with another folder (OPENSSLDIR) in it.
    """
    paths = ssl.get_default_verify_paths()
    built = str(Path(paths.openssl_capath).parent)
    maps = Path("/proc/self/maps").read_text("utf-8")
    library = next(Path(line.split()[-1]) for line in maps.splitlines() if "/libcrypto" in line)
    other = "/none".ljust(len(built), "x")
    held = library.read_bytes()
    assert built.encode() in held
    folder = tmp_path / "openssl"
    folder.mkdir()
    (folder / library.name).write_bytes(held.replace(built.encode(), other.encode()))
    left = {key: value for key, value in os.environ.items() if not key.startswith("SSL_CERT")}
    return {**left, "LD_LIBRARY_PATH": str(folder), "BASCULE_HOME": str(tmp_path)}


@pytest.mark.skipif(sys.platform != "linux", reason="changes a library as the loader finds it")
async def test_a_program_built_elsewhere_verifies_a_real_server(
    files: Files, elsewhere: dict[str, str], tmp_path: Path
):
    server = await asyncio.start_server(
        lambda _reader, writer: writer.close(),
        "127.0.0.1",
        0,
        ssl=server_context(files.certificate, files.key),
    )
    port = server.sockets[0].getsockname()[1]

    async def check(*bundles: str, **variables: str) -> tuple[int | None, str]:
        code = (
            "import ssl, sys\n"
            "from bascule.streams import tls_context\n"
            "assert ssl.get_default_verify_paths().cafile is None or sys.argv[3:]\n"
            "tls_context._SYSTEM_BUNDLES = eval(sys.argv[2])\n"
            "from bascule.cli.command import run\n"
            "sys.exit(run(['check', sys.argv[1]]))\n"
        )
        words = [f"OPENSSL:localhost:{port}", repr(bundles), *variables]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            code,
            *words,
            env={**elsewhere, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _none = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
        return process.returncode, said.decode()

    none, hashed = str(tmp_path / "none.pem"), tmp_path / "hashed"
    hashed.mkdir()
    shutil.copy(files.authority, hashed)
    subprocess.run(["openssl", "rehash", str(hashed)], check=True)
    async with server:
        status, said = await check(none, files.authority)
        assert (status, "it answers" in said) == (0, True), said
        status, said = await check(none)
        assert (status, "no list of the authorities" in said) == (1, True), said
        status, said = await check(SSL_CERT_FILE=files.authority)
        assert (status, "it answers" in said) == (0, True), said
        status, said = await check(files.authority, SSL_CERT_FILE=none)
        assert (status, none in said) == (1, True), said
        status, said = await check(SSL_CERT_FILE=none, SSL_CERT_DIR=f"{none}:{hashed}")
        assert (status, "it answers" in said) == (0, True), said


def test_an_encrypted_key_opens_with_its_passphrase(files: Files, locked: str):
    assert server_context(files.certificate, locked, "open")
    assert client_context(
        verify=False, certificate=files.certificate, key=locked, passphrase="open"
    )


def test_nobody_is_ever_asked_for_a_passphrase(files: Files, locked: str):
    code = (
        "from bascule.streams.tls_context import server_context\n"
        f"server_context({files.certificate!r}, {locked!r})"
    )
    # stdin stays open: a prompt would wait, and its text would be in the output
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PYTHONPATH": str(Path(tls_context.__file__).parents[2])},
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        said = program.stdout.read().decode()
        assert program.wait(20) == 1
    assert "pass phrase" not in said
    assert "SpecError" in said


@pytest.mark.parametrize(
    ("passphrase", "code", "field"),
    [
        ("", ErrorCode.KEY_ENCRYPTED, "key"),
        ("wrong", ErrorCode.KEY_PASSPHRASE_WRONG, "key_passphrase"),
        ("x" * 2000, ErrorCode.KEY_PASSPHRASE_WRONG, "key_passphrase"),
    ],
)
def test_an_encrypted_key_without_its_passphrase(
    files: Files, locked: str, passphrase: str, code: ErrorCode, field: str
):
    with pytest.raises(SpecError) as caught:
        server_context(files.certificate, locked, passphrase)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.facts["path"] == locked


def test_files_that_do_not_belong_together(tmp_path: Path, files: Files):
    other = make_files(tmp_path, ["other.example"])
    with pytest.raises(SpecError) as caught:
        server_context(files.certificate, other.key)
    assert (caught.value.code, caught.value.field) == (ErrorCode.KEY_MISMATCH, "key")


def test_files_taken_for_each_other(files: Files):
    with pytest.raises(SpecError) as caught:
        server_context(files.key, files.certificate)
    assert caught.value.code is ErrorCode.CERTIFICATE_UNREADABLE
    with pytest.raises(SpecError) as caught:
        server_context(files.certificate, files.certificate)
    assert caught.value.code is ErrorCode.KEY_UNREADABLE


@pytest.mark.parametrize("field", ["certificate", "key", "authority", "client_authority"])
def test_a_missing_file_is_named_with_its_field(files: Files, field: str):
    nowhere = files.certificate + ".none"
    given = {"certificate": files.certificate, "key": files.key, field: nowhere}
    authority = given.pop("authority", "")
    with pytest.raises(SpecError) as caught:
        client_context(authority=authority) if authority else server_context(**given)
    expected = ErrorCode.KEY_UNREADABLE if field == "key" else ErrorCode.CERTIFICATE_UNREADABLE
    assert (caught.value.code, caught.value.field) == (expected, field)
    assert caught.value.facts == {"path": nowhere, "why": "No such file or directory"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it holds no certificate in PEM form"),
        (b"\x30\x82\x01\x0a", "it holds no certificate in PEM form"),
        (b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "it is damaged"),
    ],
)
def test_an_authority_that_is_none(tmp_path: Path, content: bytes, why: str):
    path = tmp_path / "authority.pem"
    path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        client_context(authority=str(path))
    assert (caught.value.code, caught.value.field) == (
        ErrorCode.CERTIFICATE_UNREADABLE,
        "authority",
    )
    assert caught.value.facts["why"] == why


def test_an_authority_whose_second_certificate_is_damaged(files: Files):
    path = Path(files.authority)
    path.write_bytes(path.read_bytes() + b"-----BEGIN CERTIFICATE-----\nAA==\n")
    with pytest.raises(SpecError) as caught:
        client_context(authority=files.authority)
    assert caught.value.code is ErrorCode.CERTIFICATE_UNREADABLE
    assert caught.value.facts["why"]


def test_a_path_no_system_could_open():
    with pytest.raises(SpecError) as caught:
        client_context(authority="a\0b")
    assert caught.value.code is ErrorCode.CERTIFICATE_UNREADABLE


def test_what_openssl_alone_objects_to_is_said_in_its_words(tmp_path: Path):
    """A key that is too short is well-formed; only the library that would use it refuses."""
    key = rsa.generate_private_key(65537, 1024)
    now = datetime.now(UTC)
    short = (
        x509.CertificateBuilder()
        .subject_name(common_name("short"))
        .issuer_name(common_name("short"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    certificate, key_path = tmp_path / "short.pem", tmp_path / "short.key"
    certificate.write_bytes(short.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(key_pem(key))
    with pytest.raises(SpecError) as caught:
        server_context(str(certificate), str(key_path))
    assert caught.value.code is ErrorCode.CERTIFICATE_UNREADABLE
    assert caught.value.facts["why"] == "ee key too small"


def test_older_versions_and_other_ciphers_may_be_kept_out():
    context = restrict(client_context(), "1.3", "ECDHE+AESGCM")
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3
    older = [each["name"] for each in context.get_ciphers() if each["protocol"] == "TLSv1.2"]
    assert older
    assert all("GCM" in name for name in older)
    with pytest.raises(SpecError) as caught:
        restrict(client_context(), "1.2", "nonsense")
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_INVALID, "ciphers")
