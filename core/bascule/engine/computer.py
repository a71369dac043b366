"""Owns what the engine is asked about the computer it runs on, beside its relays."""

from __future__ import annotations

import asyncio

from bascule.errors import ErrorCode, ListenError
from bascule.facts import CertificateFacts, CertificateMade, PortInfo
from bascule.places import Places


class Computer:
    """The computer: its ports, and the certificates that lie on it."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def serial_ports(self) -> tuple[PortInfo, ...]:
        """The serial ports of this computer."""
        from bascule.streams.serial_ports import list_ports

        return await list_ports()

    async def free_port(self, host: str, port: int) -> int:
        """A free TCP port, ``port`` or the next above. Raises: ListenError."""
        from bascule.streams.ports import find_free_port

        found = await asyncio.to_thread(find_free_port, host, port)
        if found is None:
            raise ListenError(
                f"no port of {host} from {port} on is free",
                code=ErrorCode.LISTEN_FAILED,
                subject=f"{host}:{port}",
            )
        return found

    async def create_certificate(
        self, names: tuple[str, ...], days: int, own_authority: bool
    ) -> CertificateMade:
        """Make a certificate in the certificates folder. Raises: SpecError."""
        from bascule.certificates.make import make_certificate

        folder = self._places.certificates
        return await asyncio.to_thread(
            make_certificate, folder, names, days, own_authority=own_authority
        )

    async def certificate_facts(self, certificate: str, key: str) -> CertificateFacts:
        """What a certificate file says, and what others are to trust. Raises: SpecError."""
        from bascule.certificates.make import look_at

        return await asyncio.to_thread(look_at, self._places.certificates, certificate, key)
