"""Owns what TLS is set up with: certificates, keys, and whom to trust, read from files.

Reading is slow work: call these functions in a thread. Nothing here talks to a peer.
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterable
from pathlib import Path

from bascule.certificates.files import certificate_unreadable
from bascule.errors import ErrorCode, SpecError

_SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora from 43 on, RHEL
    "/var/lib/ca-certificates/ca-bundle.pem",  # openSUSE, where /etc was emptied
    "/etc/ssl/cert.pem",  # Alpine, macOS
)
"""Where systems keep their authorities: an OpenSSL that came with the program looks only where the
computer had them on which it was built. Source: the list in Go's crypto/x509, root_linux.go.
"""

_KEYCHAIN = (
    "/usr/bin/security",
    "find-certificate",
    "-a",
    "-p",
    "/Library/Keychains/System.keychain",
)
"""macOS: what tells the authorities that its administrator, or a company's, has added."""

_KEYCHAIN_SECONDS = 10.0


def server_context(
    certificate: str, key: str, passphrase: str = "", client_authority: str = ""
) -> ssl.SSLContext:
    """Read what a TLS listener needs: PEM files of its certificate (with chain) and its key.

    With ``client_authority`` every client must show a certificate signed by it.

    Raises: SpecError CERTIFICATE_UNREADABLE, KEY_UNREADABLE, KEY_ENCRYPTED, KEY_PASSPHRASE_WRONG
    or KEY_MISMATCH, whose field is "certificate", "key", "key_passphrase" or "client_authority".
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _set_common(context)
    # With which to resume (RFC 8446 §4.6.1). Resuming gives the next one; OpenSSL's two cost every
    # client twice, and few ever use the second.
    context.num_tickets = 1
    _load_pair(context, certificate, key, passphrase)
    if client_authority:
        _trust(context, client_authority, "client_authority")
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client_context(
    *,
    verify: bool = True,
    authority: str = "",
    certificate: str = "",
    key: str = "",
    passphrase: str = "",
) -> ssl.SSLContext:
    """Read what a TLS dialer needs. It trusts ``authority`` only, or else what the system trusts.

    Raises: as ``server_context``; field "authority" where that file is unreadable;
    AUTHORITIES_MISSING where the system trusts nobody.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _set_common(context)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif authority:
        _trust(context, authority, "authority")
    else:
        _trust_system(context)
    if certificate:
        _load_pair(context, certificate, key, passphrase)
    return context


def restrict(context: ssl.SSLContext, minimum_version: str, ciphers: str) -> ssl.SSLContext:
    """Let in no older version than "1.2" or "1.3", and of TLS 1.2 only these ciphers (OpenSSL's
    words; empty: the usual ones). Raises: SpecError VALUE_INVALID, field "ciphers".
    """
    if minimum_version == "1.3":
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    if ciphers:
        try:
            context.set_ciphers(ciphers)
        except ssl.SSLError as exc:
            raise SpecError(
                f"OpenSSL knows no cipher by the name of {ciphers}",
                code=ErrorCode.VALUE_INVALID,
                field="ciphers",
                why="is not a list of ciphers",
            ) from exc
    return context


def _set_common(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996: older ones must not be used
    # A renegotiation (TLS 1.2) would let a send wait for what only a receive can bring.
    context.options |= ssl.OP_NO_RENEGOTIATION
    # What a user names is trusted as it stands, be it an intermediate or the peer's own.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN


def _load_pair(context: ssl.SSLContext, certificate: str, key: str, passphrase: str) -> None:
    try:
        # With a callback OpenSSL never asks on a terminal, not even for an empty passphrase.
        context.load_cert_chain(certificate, key, password=lambda: passphrase)
    except (OSError, ValueError) as exc:  # ssl.SSLError is an OSError
        # Only now, as it is slow to import: it says exactly what is wrong.
        from bascule.certificates.inspect import check_pair

        check_pair(certificate, key, passphrase)
        raise certificate_unreadable(certificate, _words(exc)) from exc


def _trust(context: ssl.SSLContext, path: str, field: str) -> None:
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ValueError) as exc:
        from bascule.certificates.inspect import read_certificate  # as above

        read_certificate(path, field)
        raise certificate_unreadable(path, _words(exc), field) from exc


def _trust_system(context: ssl.SSLContext) -> None:
    """Trust whom the system trusts (decision 17). Raises: SpecError AUTHORITIES_MISSING."""
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    if sys.platform == "win32":
        return  # Python asks the system's own store
    paths = ssl.get_default_verify_paths()
    # Who names a place by a variable wants no other, also where nothing is there.
    named = paths.openssl_cafile_env in os.environ or paths.openssl_capath_env in os.environ
    if not paths.cafile and not named:
        _trust_first(context, _SYSTEM_BUNDLES)
    if sys.platform == "darwin" and not named:
        _trust_keychain(context)
    # Several folders stand in the variable as in PATH (SSL_CTX_set_default_verify_paths(3)).
    listed = os.environ.get(paths.openssl_capath_env, "").split(os.pathsep)
    folders = [folder for folder in (paths.capath, *listed) if folder]
    # What is in a folder is read at need, and not counted.
    if not context.cert_store_stats()["x509"] and not any(map(_holds_files, folders)):
        looked = [os.environ.get(paths.openssl_cafile_env, paths.openssl_cafile)]
        looked += filter(None, listed) if named else _SYSTEM_BUNDLES
        raise SpecError(
            "this computer has no list of the authorities it trusts, so no certificate can be "
            f"verified; looked for in {', '.join(looked)}",
            code=ErrorCode.AUTHORITIES_MISSING,
            field="authority",
            path=looked[0],
        )


def _trust_first(context: ssl.SSLContext, bundles: Iterable[str]) -> None:
    """Trust the first of these files that can be read."""
    for bundle in bundles:
        try:
            context.load_verify_locations(cafile=bundle)
        except OSError:  # it is not there, or is damaged (ssl.SSLError)
            continue
        return


def _holds_files(folder: str) -> bool:
    try:
        return any(Path(folder).iterdir())
    except OSError:
        return False


def _trust_keychain(context: ssl.SSLContext) -> None:
    import subprocess  # slow to import, and no other system needs it

    try:
        done = subprocess.run(
            _KEYCHAIN,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_KEYCHAIN_SECONDS,
            check=True,
        )
        context.load_verify_locations(cadata=done.stdout.decode("ascii"))
    except (OSError, ValueError, subprocess.SubprocessError):
        pass  # nobody has added any, or it cannot be asked: those of the bundle are there


def _words(exc: OSError | ValueError) -> str:
    """What OpenSSL objects to in a file that seems good."""
    return str(getattr(exc, "reason", None) or exc).lower().replace("_", " ")
