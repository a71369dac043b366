"""Which commands a relay would run."""

from __future__ import annotations

from bascule.errors import ErrorCode
from bascule.spec.built_in import Echo
from bascule.spec.commands import commands_of, unconfirmed
from bascule.spec.endpoints import TcpListen
from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec


def test_commands_are_found_wherever_they_stand() -> None:
    one, two, three = (Program(command=name) for name in ("one", "two", "three"))
    dual = Dual(reading=one, writing=Echo())
    target = Failover(targets=(FanOut(targets=(two, Echo())), three))
    assert commands_of(RelaySpec(source=dual, target=target)) == ("one", "two", "three")
    assert commands_of(RelaySpec(source=TcpListen(port=1), target=Echo())) == ()


def test_what_nobody_has_confirmed_is_refused_word_for_word() -> None:
    problem = unconfirmed(("rm -r x", "date"))
    assert problem.code is ErrorCode.COMMAND_UNCONFIRMED
    assert problem.facts["command"] == "rm -r x\ndate"
    assert "rm -r x" in problem.message
