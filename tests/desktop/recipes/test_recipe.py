"""What a recipe's file may say, and where it is wrong."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import TcpListen
from bascule_desktop.recipes.recipe import Group, System, field_at, owner_at, read_recipe

WHOLE = """
group = "network"
order = 10
systems = ["linux"]

[en]
title = "A port"
when = "A port leads to two."

[fr]
title = "Un port"
when = "Un port mène à deux."

[relay.source]
kind = "tcp-listen"
port = 8080

[relay.target]
kind = "failover"
targets = [{ kind = "tcp-connect", host = "a.example", port = 1 }]

[[asked]]
at = "target.targets.0.host"
label = { en = "Host", fr = "Hôte" }

[[uses]]
label = { en = "Here", fr = "Ici" }
command = "curl http://{here}:{source.port}/"
"""


def test_a_whole_recipe_is_read() -> None:
    recipe = read_recipe(WHOLE, "a-port")
    assert recipe.name == "a-port"
    assert recipe.group is Group.NETWORK
    assert recipe.systems == (System.LINUX,)
    assert recipe.words("fr").title == "Un port"
    assert recipe.asked[0].label.in_language("fr") == "Hôte"
    assert recipe.relay.source == TcpListen(8080)
    assert recipe.uses[0].places == ("here", "source.port")


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        ('group = "network"', 'group = "nets"', "group"),
        ('group = "network"', 'grp = "network"', "group"),
        ("order = 10", 'order = "10"', "order"),
        ('"linux"', '"beos"', "systems.0"),
        ('title = "Un port"\n', "", "fr.title"),
        ("port = 8080", "port = 70000", "relay.source.port"),
        ("port = 8080", "prot = 8080", "relay.source.port"),
        ('en = "Host", ', "", "asked.0.label.en"),
        ("targets.0.host", "targets.1.host", "asked.0.at"),
        ("targets.0.host", "targets.0.hots", "asked.0.at"),
        ('at = "target.targets.0.host"', 'at = "source.port.number"', "asked.0.at"),
        ("{source.port}", "{source.prot}", "uses.0.command"),
        ("curl http://{here}:{source.port}/", " ", "uses.0.command"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(right: str, wrong: str, field: str) -> None:
    assert WHOLE.count(right) >= 1
    with pytest.raises(SpecError) as caught:
        read_recipe(WHOLE.replace(right, wrong), "a-port")
    assert caught.value.field == field


def test_a_file_that_is_no_toml_is_damaged() -> None:
    with pytest.raises(SpecError) as caught:
        read_recipe("group = ", "a-port")
    assert caught.value.code is ErrorCode.PROFILE_DAMAGED
    assert "a-port" in caught.value.message


def test_a_path_leads_to_the_spec_that_holds_the_field() -> None:
    relay = read_recipe(WHOLE, "a-port").relay
    owner = owner_at(relay, "source.host")
    assert owner == (relay.source, "host")
    assert owner_at(relay, "source.tls.key") is None
    assert owner_at(relay, "target.targets.x.host") is None
    assert field_at(relay, "source.port", "at").help == "port to listen on"
