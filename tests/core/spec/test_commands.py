"""Which commands a relay would run."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode
from bascule.spec.built_in import Echo
from bascule.spec.commands import commands_of, unconfirmed, without_words
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


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/usr/bin/mysql -pSECRET", "mysql"),
        ('"C:\\Program Files\\PuTTY\\plink.exe" -pw SECRET', "plink.exe"),
        ("'/opt/a b/tool' SECRET", "tool"),
        ("date", "date"),
        ("PASSWORD=SECRET psql", "…"),
        ("P='SECRET one' psql", "…"),
        ("curl|SECRET", "…"),
        ('"unfinished SECRET', "…"),
    ],
)
def test_for_a_name_only_the_program_is_left_of_a_command(command: str, name: str) -> None:
    program = Program(command=command)
    dual = Dual(reading=program, writing=Echo())
    relay = RelaySpec(dual, Failover(targets=(FanOut(targets=(program, Echo())), Echo())))
    named = without_words(relay)
    assert commands_of(named) == (name, name)
    assert commands_of(relay) == (command, command)
