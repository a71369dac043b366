"""What a command does, in words."""

from __future__ import annotations

from bascule.spec.socat.command import parse_command
from bascule.spec.socat.explain import explain


def test_a_command_in_words():
    said = explain(
        parse_command(
            ["-T", "5", "TCP-LISTEN:80,fork,range=10.0.0.0/8,max-children=3", "TCP:h:1,quickack"]
        )
    )
    for part in (
        "tcp-listen (port 80, host 0.0.0.0",
        "⇄ tcp-connect (host h, port 1",
        "each arrival is a connection of its own",
        "only 10.0.0.0/8 may connect",
        "at most 3 connections",
        "silent for 5 s",
        "after 0.5 s of silence",
        "quickack: ignored: the system decides",
    ):
        assert part in said


def test_one_way_and_once():
    said = explain(parse_command(["-u", "-t", "0", "PIPE", "PIPE"]))
    assert said.splitlines()[:2] == ["echo → echo", "  one connection, then it ends"]
