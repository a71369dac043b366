# ruff: noqa: E501 - a sentence stands as it is shown
"""What a command does, in words."""

from __future__ import annotations

import pytest
from hypothesis import given

from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command, parse_command
from bascule.spec.socat.explain import explain, sentence
from tests.helpers.commands import commands, many_parts
from tests.helpers.seeds import SEEDS, shell_words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "TCP-LISTEN:80,fork,range=10.0.0.0/8,max-children=3 TCP:h:1",
            "Listens on TCP port 80 of the whole network, from 10.0.0.0/8 only, joins each connection, 3 at the same time to h:1 and carries bytes both ways.",
        ),
        (
            "-u UDP-RECVFROM:5,bind=127.0.0.1 OPEN:/x",
            "Listens on UDP port 5 of this computer, joins the first connection to the file /x and carries bytes there only.",
        ),
        (
            "-U UNIX-LISTEN:/x,fork EXEC:cat",
            "Listens on the Unix socket /x, joins each connection to the program `cat` and carries bytes from there only.",
        ),
        (
            "--again - SOCKS5:p:[::1]:80",
            "Joins standard input and output to [::1]:80 through the SOCKS 5 proxy p:1080, again and again, and carries bytes both ways.",
        ),
        (
            "PIPE OPENSSL:h:443",
            "Joins a pipe that gives back what it is sent to h:443 in TLS, and carries bytes both ways.",
        ),
        (
            "OPENSSL-LISTEN:443,bind=10.0.0.1,cert=c,verify=0 PROXY:p:h:1,tls",
            "Listens on TCP port 443 with TLS of 10.0.0.1, joins the first connection to h:1 in TLS through the HTTP proxy p:8080 and carries bytes both ways.",
        ),
    ],
)
def test_a_command_in_a_sentence(text: str, said: str):
    assert sentence(parse_command(text.split()).relay) == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("STDIN", "standard input"),
        ("STDERR", "standard error"),
        ("3", "the descriptor 3"),
        ("PTY,link=/x", "a pseudo terminal called /x"),
        ("PTY", "a pseudo terminal"),
        ("PIPE:/x", "the pipe /x"),
        ("/dev/ttyS0,raw,b9600", "the serial port /dev/ttyS0 (9600 8N1)"),
        ("UDP:h:5", "h:5 by UDP"),
        ("ABSTRACT-CONNECT:x", "the Unix socket @x"),
        ("NAMED-PIPE:x", "the named pipe x"),
        ("FAILOVER:'TCP:a:1':'TCP:b:1'", "the first that can be reached of a:1, b:1"),
        ("FAN-OUT:STALL:DISCARD", "all of silence, nothing: all is taken and nothing kept"),
        ("STDIN!!STDOUT", "standard input for reading and standard output for writing"),
        ("SOCKETPAIR", "an echo"),
        ("TEXT:x", "a fixed text"),
        ("HTTP-ANSWER,status=503", "an answer over HTTP, always the same (status 503)"),
        ("HEALTH-ANSWER", "an answer that says how this computer is"),
        ("RECEIVE-FILES:/x", "the folder /x, where a tar archive becomes files"),
        ("SHARE-FILE:/x", "the file /x, over HTTP, under a secret link"),
        ("RECEIVE-FILES:/x,file-name=a", "the file a in the folder /x"),
        ("SEND-FILES:/x", "/x as a tar archive"),
        ("SEND-FILES:/x,plain", "the file /x as it is"),
        ("LOG-COLLECTOR:/x", "the log /x, line by line"),
        ("ROOM", "a room where all hear what one says"),
        ("SYSTEM:a\nb", "the program `a…`"),
    ],
)
def test_an_end_in_words(word: str, said: str):
    relay = parse_command(["STALL", word], system="linux").relay
    assert f"Joins silence to {said}, and" in sentence(relay)


def test_a_verdict_for_each_word():
    command = parse_command(["-T", "5", "TCP-L:80,fork,quickack", "SYSTEM:echo a:b"])
    lines = [line.strip() for line in explain(command).splitlines()]
    assert lines[0].startswith("Listens on TCP port 80")
    assert lines[1:] == [
        "",
        "-T 5      native: A connection without a byte for 5 s is ended.",
        "TCP-L     native: It listens on the whole network: any computer that reaches this one may connect. bind=127.0.0.1 keeps it to this computer, range= says who may.",
        "fork      native: It serves any number of connections, several at the same time.",
        "quickack  ignored: Left out: TCP-LISTEN has no use for it, and nothing that is carried changes by it.",
        "SYSTEM    as meant: The command is taken as it was meant. Socat 1.8 would take a colon in it for the end of a parameter and refuse it.",
    ]


@pytest.mark.parametrize(
    ("system", "kinds"),
    [
        ("linux", ["native", "native", "native"]),
        ("macos", ["native", "native", "not on this system"]),
        ("windows", ["not on this system", "native", "not on this system"]),
    ],
)
def test_each_system_has_its_verdicts(system: str, kinds: list[str]):
    words = ["UNIX-LISTEN:/x,fork", "TCP:h:1,if=eth0"]
    command = parse_command(words, system=system)
    found = {each.token: each.kind for each in command.verdicts}
    tokens = ("UNIX-LISTEN", "fork", "if=eth0")
    assert [found.get(token, "native") for token in tokens] == kinds
    assert ("not on this system" in explain(command)) is (system != "linux")


def test_every_command_of_the_runbooks_is_explained():
    for name, text in SEEDS.items():
        lines = explain(parse_command(shell_words(text))).splitlines()
        assert lines[0].startswith(("Listens on", "Joins")), name
        assert all(line.endswith(".") for line in lines if line), name


@many_parts
@given(commands())
def test_every_relay_is_explained(command: Command):
    relay: RelaySpec = command.relay
    assert sentence(relay).endswith(".")
    assert explain(command) == f"{sentence(relay)}\n"
