"""A recipe with values in it: the relay they make, and the commands that carry them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Failover
from bascule_desktop.recipes import filled as module
from bascule_desktop.recipes.filled import Filled
from bascule_desktop.recipes.recipe import System
from bascule_desktop.recipes.shelf import load_recipes

RECIPES = {recipe.name: recipe for recipe in load_recipes()}


def filled(name: str) -> Filled:
    return Filled(RECIPES[name])


def first_command(made: Filled) -> str:
    return made.command(made.recipe.uses[0])


def test_values_go_where_they_were_asked_for() -> None:
    made = filled("failover")
    made.put("source.port", 9001)
    made.put("target.targets.1.host", "spare.example")
    relay = made.relay()
    assert relay.source == TcpListen(9001)
    assert isinstance(relay.target, Failover)
    first, second = relay.target.targets
    assert isinstance(first, TcpConnect)
    assert isinstance(second, TcpConnect)
    assert (first.host, second.host) == ("10.0.0.11", "spare.example")
    assert RECIPES["failover"].relay != relay, "the recipe itself is not changed"


def test_a_wrong_value_is_named_by_its_path() -> None:
    made = filled("failover")
    made.put("target.targets.0.host", "not a host")
    with pytest.raises(SpecError) as caught:
        made.relay()
    assert caught.value.field == "target.targets.0.host"


def test_a_command_carries_the_values_as_a_shell_wants_them() -> None:
    made = filled("forward-port")
    made.put("source.port", 8099)
    assert first_command(made) == "curl -v http://127.0.0.1:8099/"
    made.put("source.host", "::1")
    assert first_command(made) == "curl -v http://[::1]:8099/"
    made = filled("onion")
    made.put("target.host", "a b; rm c")
    assert "Host:'a b; rm c'" in first_command(made)


@pytest.mark.parametrize(
    ("found", "here"), [(["10.0.0.3", "10.9.9.9"], "10.0.0.3"), ([], "127.0.0.1")]
)
def test_others_are_told_an_address_of_this_computer(
    found: list[str], here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "network_addresses", lambda *, with_ipv6: found)
    assert first_command(filled("allow-list")) == f"curl -v http://{here}:8080/"


def test_proposals_are_of_this_person_and_this_system(monkeypatch: pytest.MonkeyPatch) -> None:
    assert filled("receive-folder").value("target.folder") == str(Path.home() / "received")
    here = "COM3" if sys.platform == "win32" else "/dev/ttyUSB0"
    assert filled("serial-share").value("target.device") == here
    monkeypatch.setattr(module, "this_system", lambda: System.WINDOWS)
    assert filled("serial-share").value("target.device") == "COM3"


def test_the_programs_it_would_run_are_told_word_for_word() -> None:
    made = filled("ssh-two-hops")
    made.put("target.command", "ssh -J a b -W c:1")
    assert made.programs() == ["ssh -J a b -W c:1"]
    assert filled("failover").programs() == []


def test_a_program_among_several_targets_is_told_as_well() -> None:
    made = filled("failover")
    targets = made.value("target.targets")
    targets[0] = {"kind": "program", "command": "date"}
    made.put("target.targets", targets)
    assert made.programs() == ["date"]


def test_a_certificate_that_is_yet_to_be_made_is_left_to_the_wizard() -> None:
    made = filled("https-front")
    shown, draft = made.relay(), made.draft("Page")
    assert isinstance(shown.source, TcpListen)
    assert isinstance(draft.relay.source, TcpListen)
    assert shown.source.tls is not None
    assert draft.relay.source.tls is None
    assert draft.page == "tls"
    assert filled("forward-port").draft("x").page == ""
