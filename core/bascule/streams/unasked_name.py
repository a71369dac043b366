"""Owns verifying a server's name without asking for it: TLS without SNI (RFC 6066 §3).

OpenSSL, as Python offers it, checks only the name that it also sends. So it checks the chain alone,
and the name is compared here by RFC 6125: with the names of the certificate only (never its
subject), ``*`` standing for the whole first label and nothing else.
"""

from __future__ import annotations

import ipaddress
import ssl

from cryptography import x509

from bascule.certificates.inspect import facts_of
from bascule.errors import ErrorCode, HandshakeError, SpecError
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.tls import TlsDialer, tls_name
from bascule.streams.tls_stream import TlsStream


def without_name(context: ssl.SSLContext) -> ssl.SSLContext:
    """Let the context verify the chain of a certificate, but no name."""
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class NamedTlsDialer(Dialer):
    """Compares ``name`` with the certificate that the server of ``inner`` has shown, before any
    byte goes either way.
    """

    def __init__(self, inner: TlsDialer, name: str, *, field: str = "tls") -> None:
        self._inner = inner
        self._name = name
        self._field = field
        self.label = inner.label
        self.exclusive = inner.exclusive

    async def check(self) -> None:
        await self._inner.check()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        try:
            name = tls_name(self._name)  # before anybody is reached
        except SpecError as exc:
            field = f"{self._field}.{exc.field}"
            raise SpecError(exc.message, code=exc.code, field=field, **exc.facts) from exc
        stream = await self._inner.dial(progress)
        assert isinstance(stream, TlsStream)
        shown = stream.peer_certificate
        assert shown is not None  # the handshake demanded it
        certificate = x509.load_der_x509_certificate(shown)
        if is_for(certificate, name):
            return stream
        stream.abort()
        await stream.aclose()
        facts = facts_of(certificate)
        names = ", ".join(facts.names) or facts.subject
        raise HandshakeError(
            f"the certificate of {self.label} is for {names}, not for {name}",
            code=ErrorCode.TLS_NAME_MISMATCH,
            field=self._field,
            whose="peer",
            peer=self.label,
            asked=name,
            names=names,
            subject=facts.subject,
            issuer=facts.issuer,
            not_before=facts.not_before,
            not_after=facts.not_after,
            fingerprint_sha256=facts.fingerprint_sha256,
            self_signed=facts.self_signed,
            why="the name does not match",
        )


def is_for(certificate: x509.Certificate, name: str) -> bool:
    """Whether a certificate is for a host (RFC 6125 §6.4), named as ``tls_name`` gives it."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return any(_same(each, name) for each in names.get_values_for_type(x509.DNSName))
    return address in names.get_values_for_type(x509.IPAddress)


def _same(pattern: str, name: str) -> bool:
    pattern = pattern.lower()
    first, _dot, rest = pattern.partition(".")
    if first != "*":
        return pattern == name
    return "." in rest and rest == name.partition(".")[2]
