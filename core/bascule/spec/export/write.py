"""Owns the one door for what leaves: a relay becomes a text of another program."""

from __future__ import annotations

from bascule.spec.export.exported import Exported, Form
from bascule.spec.relays import RelaySpec


def write(form: Form, relay: RelaySpec, *, name: str, bascule: str = "bascule") -> Exported:
    """Write a relay for another program, with what is lost on the way. Passwords are never in it.

    ``name`` is what people call the relay, any text. ``bascule`` is the path of Bascule's command,
    for a service that needs it.

    Raises:
        SpecError: NOT_EXPORTABLE: that program cannot do what this relay does. The facts
            ``program``, ``rule`` and ``why`` say what it is.
    """
    # Each form is imported where it is asked for: nobody asks for all of them at once.
    match form:
        case Form.SOCAT:
            from bascule.spec.export.socat import write_socat

            return write_socat(relay, name)
        case Form.SYSTEMD:
            from bascule.spec.export.systemd import write_systemd

            return write_systemd(relay, name, bascule=bascule)
        case Form.HAPROXY:
            from bascule.spec.export.haproxy import write_haproxy

            return write_haproxy(relay, name)
        case Form.NGINX:
            from bascule.spec.export.nginx import write_nginx

            return write_nginx(relay, name)
        case Form.STUNNEL:
            from bascule.spec.export.stunnel import write_stunnel

            return write_stunnel(relay, name)
        case _:
            from bascule.spec.export.ser2net import write_ser2net

            return write_ser2net(relay, name)
