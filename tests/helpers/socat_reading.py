"""What commands of socat mean, in tests: with what socat does where nothing is said."""

from __future__ import annotations

from typing import Any

from bascule.spec.endpoints import TcpListen
from bascule.spec.relays import RelaySpec


def listen(port: int, host: str = "0.0.0.0", **more: Any) -> TcpListen:
    return TcpListen(port, host, keepalive=False, **more)


def relay(source: Any, target: Any, **more: Any) -> RelaySpec:
    return RelaySpec(source, target, **{"half_close_seconds": 0.5, "linger_seconds": 0.5, **more})


PRINTF = r'printf "Service=demo\nDate=%s\nBye.\n" "$(date -Is)"'
