"""What is there on which system."""

from __future__ import annotations

import pytest

from bascule.spec.fields import left_out
from bascule.spec.socat.command import parse_command
from bascule.spec.socat.names import OPTIONS
from bascule.spec.socat.systems import absent
from bascule.spec.socat.verdicts import VerdictKind


@pytest.mark.parametrize(
    ("name", "systems"),
    [
        ("so-bindtodevice", {"windows", "macos"}),
        ("setsid", {"windows"}),
        ("perm", {"windows"}),
        ("xcase", {"macos"}),
        ("fork", set[str]()),
    ],
)
def test_where_an_option_means_nothing(name: str, systems: set[str]):
    assert name in {known.name for known in OPTIONS.values()}
    where = {system for system in ("linux", "macos", "windows") if absent(name, system)}
    assert where == systems


NETWORK = ("TCP-LISTEN:5", "UDP-LISTEN:5", "UDP-RECVFROM:5", "UDP-RECV:5", "UDP:h:5")


@pytest.mark.parametrize("system", ["windows", "macos", "linux"])
@pytest.mark.parametrize(
    ("address", "path"),
    [
        *((f"{each},so-reuseport", "source.socket.reuse_port") for each in NETWORK),
        *((f"{each},so-bindtodevice=eth0", "source.socket.interface") for each in NETWORK),
        ("EXEC:a,setsid", "source.new_session"),
        ("EXEC:a,pty,ctty", "source.controlling"),
        ("EXEC:a,dash", "source.login"),
        ("EXEC:a,fdin=3", "source.input_descriptor"),
        ("EXEC:a,fdout=4", "source.output_descriptor"),
        ("OPEN:a,creat,perm=600", "source.mode"),
    ],
)
def test_an_option_that_means_nothing_is_known_to_be_left_out_by_the_spec_as_well(
    address: str, path: str, system: str
):
    command = parse_command([address, "PIPE"], system=system)
    said = {
        verdict.token
        for verdict in command.verdicts
        if verdict.kind == VerdictKind.NOT_ON_THIS_SYSTEM
    }
    assert (address.rpartition(",")[2] in said) == (path in left_out(command.relay, system))
    assert path in left_out(command.relay, "windows")
