"""From a relay to the words of a command, and back to the same relay."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Room, Stall
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command, parse_command
from bascule.spec.socat.run_options import RunOptions
from bascule.spec.socat.write import address_text, write_command
from tests.helpers.commands import commands, many_parts
from tests.helpers.seeds import ESCAPED, SEEDS, shell_words

LISTEN = TcpListen(80, "0.0.0.0", keepalive=False)
TARGET = TcpConnect("h", 1, connect_timeout_seconds=120.0, keepalive=False)


def of(source: Any, target: Any, run: RunOptions | None = None, **more: Any) -> Command:
    fields = {"half_close_seconds": 0.5, "linger_seconds": 0.5, **more}
    return Command(RelaySpec(source, target, **fields), run or RunOptions())


@many_parts
@given(commands())
def test_what_is_written_is_read_again(command: Command):
    read = parse_command(write_command(command))
    assert read == command
    assert write_command(read) == write_command(command)


@pytest.mark.parametrize("name", SEEDS)
def test_a_command_of_a_runbook_stays_what_it_is(name: str):
    texts = [SEEDS[name], *([ESCAPED[name]] if name in ESCAPED else [])]
    for text in texts:
        command = parse_command(shell_words(text))
        assert parse_command(write_command(command)) == command


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (of(LISTEN, TARGET), "TCP-LISTEN:80,nodelay,fork TCP:h:1,nodelay"),
        (of(LISTEN, TARGET, once=True), "TCP-LISTEN:80,nodelay TCP:h:1,nodelay"),
        (
            of(LISTEN, TARGET, allow=("10.0.0.0/8",), max_connections=3, overflow="queue"),
            "TCP-LISTEN:80,nodelay,fork,max-children=3,range=10.0.0.0/8 TCP:h:1,nodelay",
        ),
        (
            of(LISTEN, TARGET, max_connections=3, overflow="refuse"),
            "--overflow=refuse TCP-LISTEN:80,nodelay,fork,max-children=3 TCP:h:1,nodelay",
        ),
        (
            of(Stall(), TARGET, allow=("::1",), max_connections=3),
            "--again --max-connections=3 --allow=::1 STALL TCP:h:1,nodelay",
        ),
        (
            of(LISTEN, TARGET, once=True, half_close_seconds=0.0, idle_seconds=5.0, chunk_bytes=9),
            "-t 1000000 --linger=0.5 -T 5 -b 9 TCP-LISTEN:80,nodelay TCP:h:1,nodelay",
        ),
        (
            of(LISTEN, TARGET, once=True, direction="down", up_bytes_per_second=9),
            "-U --up-limit=9 TCP-LISTEN:80,nodelay TCP:h:1,nodelay",
        ),
        (
            of(
                LISTEN,
                TARGET,
                RunOptions(
                    2, "log", "local0", True, True, "name", True, True, True, True, "up", "down",
                    "lock", True, True,
                ),
                once=True,
            ),
            ("-d2 -lf log -lmlocal0 -lp name -ls -lu -lh -v -x --statistics -r up -R down -W lock "
            "TCP-LISTEN:80,nodelay TCP:h:1,nodelay"),
        ),
    ],
)  # fmt: skip
def test_a_command_in_words(command: Command, words: str):
    assert write_command(command) == words.split()


def test_what_socat_knows_is_written_for_socat():
    command = parse_command(["-d", "TCP-L:80,fork,range=10.0.0.0/8", 'SYSTEM:echo "a:b"'])
    words = write_command(command, for_socat=True)
    assert parse_command(words, strict=True) == command


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (of(LISTEN, Room(), once=True), 'unknown address "ROOM"'),
        (of(Stall(), TARGET), 'unknown option "--again"'),
        (of(LISTEN, TARGET, once=True, up_bytes_per_second=9), "--up-limit=9"),
        (of(LISTEN, TARGET, once=True, linger_seconds=3.0), "--linger=3"),
    ],
)
def test_what_socat_has_no_words_for_is_refused_where_it_is_written_for_socat(
    command: Command, said: str
):
    assert parse_command(write_command(command)) == command
    with pytest.raises(SpecError) as caught:
        write_command(command, for_socat=True)
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert caught.value.message.startswith("socat 1.8 cannot be told all of this relay: ")
    assert said in caught.value.message
    assert "run it with `bascule relay`" in caught.value.message


def test_what_socat_would_read_differently_is_refused_too():
    command = parse_command(["PIPE", "EXEC:'ls a[b c]',shell-words"])
    with pytest.raises(SpecError, match="unknown option"):
        write_command(command, for_socat=True)
    command = parse_command(["PIPE", 'EXEC:ls "x" a[b c]'])  # a bracket would keep b and c together
    with pytest.raises(SpecError, match="would read the words differently"):
        write_command(command, for_socat=True)
    late = parse_command(["-T", "0", "PIPE", "PIPE"], strict=True)
    assert parse_command(write_command(late, for_socat=True), strict=True) == late


def test_one_end_alone():
    assert address_text(LISTEN) == "TCP-LISTEN:80,nodelay"
    end = TcpConnect("h", 1, via=(ProxyHop("5", "p", 1080, "me", "ref"),))
    assert "sockspass" not in address_text(end)
    assert "sockspass=pw" in address_text(end, secrets={"ref": "pw"})
    with pytest.raises(SpecError) as caught:
        address_text(end, secrets={})
    assert caught.value.code is ErrorCode.SECRET_MISSING
