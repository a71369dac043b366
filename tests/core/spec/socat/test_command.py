"""Whole command lines of socat: what they say beside their ends, and what is wrong with some."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.spec.endpoints import TcpConnect
from bascule.spec.ends import Dual
from bascule.spec.local import File, Pipe, Program, Standard
from bascule.spec.socat.command import (
    Command,
    RunOptions,
    gives,
    parse_command,
    parse_target,
    takes,
)
from bascule.spec.socat.names import ADDRESSES, OPTIONS
from tests.helpers.socat_reading import PRINTF, listen, relay


def read(text: str, *, strict: bool = False, system: str | None = None) -> Command:
    """Read a command whose words have no spaces in them."""
    return parse_command(text.split(), strict=strict, system=system)


def test_passwords_are_beside_the_relay():
    command = read("TCP-L:1 SOCKS5:p:h:2,socksuser=me,sockspass=secret")
    target = command.relay.target
    assert isinstance(target, TcpConnect)
    assert command.secrets == {target.via[0].password: "secret"}
    assert "secret" not in repr(command)
    assert "secret" not in repr(command.verdicts)


def test_where_the_second_address_listens_for_several_it_is_the_source():
    command = read("-u -r one -R two EXEC:cat TCP-L:1,fork,bind=127.0.0.1,range=10.0.0.0/8")
    assert command.relay == relay(
        listen(1, "127.0.0.1"), Program(command="cat"), direction="down", allow=("10.0.0.0/8",)
    )
    assert (command.run.record_up, command.run.record_down) == ("two", "one")
    assert ("EXEC", "emulated") in {(each.token, each.kind) for each in command.verdicts}


def test_fork_of_the_second_means_nothing_where_the_first_listens():
    command = read("TCP-L:1,fork TCP-L:2,fork")
    assert [each.kind for each in command.verdicts if each.token == "fork"] == ["native", "ignored"]
    with pytest.raises(SpecError, match="only the first address says who may come"):
        read("TCP-L:1,fork TCP-L:2,range=10.0.0.0/8")


def test_max_children_without_fork():
    kinds = {each.token: each.kind for each in read("TCP-L:1,max-children=3 PIPE").verdicts}
    assert kinds["max-children=3"] == "ignored"


def test_an_ip_version_where_nothing_is_said():
    assert read("-6 TCP-L:1 PIPE").relay.source == listen(1, "::")
    assert read("-4 TCP-L:1 PIPE").relay.source == listen(1)


@pytest.mark.parametrize(
    ("text", "way", "direction"),
    [
        ("- PIPE:/x", "both", "both"),
        ("-u - PIPE:/x", "write", "up"),
        ("-U - PIPE:/x", "read", "down"),
        ("-u - PIPE:/x,rdwr", "both", "up"),
        ("STDIN PIPE:/x", "write", "up"),
    ],
)
def test_a_fifo_is_opened_for_the_way_that_bytes_go(text: str, way: str, direction: str):
    command = read(text)
    assert isinstance(command.relay.target, Pipe)
    assert (command.relay.target.way, command.relay.direction) == (way, direction)


@pytest.mark.parametrize(
    ("text", "gives_bytes", "takes_bytes"),
    [
        ("-", True, True), ("STDIN", True, False), ("STDOUT", False, True),
        ("STDERR", False, True), ("UDP-RECV:1", True, False), ("UNIX-RECV:/x", True, False),
        ("OPEN:/x,rdonly", True, False), ("CREATE:/x", False, True), ("DISCARD", False, True),
        ("LOG-COLLECTOR:/x", False, True),
        ("STDIN!!STDOUT", True, True), ("TCP:h:1", True, True),
    ],
)  # fmt: skip
def test_which_way_an_end_goes(text: str, gives_bytes: bool, takes_bytes: bool):
    end = parse_command([text, "TCP:h:1"]).relay.source
    assert (gives(end), takes(end)) == (gives_bytes, takes_bytes)


def test_a_dual_address():
    assert read("STDIN!!OPEN:out.txt,creat PIPE").relay == relay(
        Dual(reading=Standard(use="input"), writing=File(path="out.txt", create=True)),
        Pipe(),
        once=True,
    )


def test_strictly():
    command = parse_command(["SYSTEM:" + PRINTF, "PIPE"], strict=True)
    assert isinstance(command.relay.source, Program)
    assert command.relay.source.command == "printf Service=demo\nDate=%s\nBye.\n $(date -Is)"
    with pytest.raises(SpecError, match="wrong number of parameters"):
        read("EXEC:a:b PIPE", strict=True)


def test_a_relay_starts_without_what_explains_or_writes():
    code = (
        "import sys\n"
        "from bascule.spec.socat.command import parse_command\n"
        "words = ['TCP-LISTEN:80,fork,reuseaddr,range=10.0.0.0/8', 'TCP:h:1,connect-timeout=5']\n"
        "read = parse_command(words, system='linux')\n"
        "assert not any(each.matters for each in read.verdicts)\n"
        "print(*(name for name in sys.modules if name.startswith('bascule.spec.socat.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name.rpartition(".")[2] for name in done.stdout.split()} == {
        "command", "common", "ends", "given", "lexer", "meant", "names", "network", "reader",
        "refusals", "run_options", "shelltext", "verdicts",
    }  # fmt: skip


# what is wrong -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word", "token", "said"),
    [
        ("TCP-LISTEN:80", 0, "TCP-LISTEN:80", "two addresses are wanted, and one is there"),
        ("-v", 0, "", "two addresses are wanted, and none is there"),
        ("PIPE PIPE PIPE", 2, "PIPE", "exactly two addresses are wanted, and there are 3"),
        ("PIPE PIPE -v", 2, "-v", "options stand before the addresses"),
        ("-v TCP-LSTEN:80 PIPE", 1, "TCP-LSTEN", "did you mean TCP-LISTEN?"),
        ("PIPE TCP-LISTEN:80,frok", 1, "frok", "did you mean fork?"),
        ("TCP-LISTEN:80,cert=x PIPE", 0, "cert=x", "is not for TCP-LISTEN"),
        ("PIPE TCP:h:1,su=nobody", 1, "su=nobody", "as that user"),
        ("STDIN STDIN", 0, "STDIN", "both only give, or both only take"),
        ("-u PIPE STDIN", 1, "PIPE", "nothing can go from PIPE to STDIN"),
        ("-U PIPE CREATE:x", 1, "PIPE", "nothing can go from CREATE to PIPE"),
        ("FAILOVER:PIPE PIPE", 0, "FAILOVER", "cannot be where connections come from"),
        ("-T 1e9 PIPE PIPE", 0, "-T", "must be from 0 to"),
        ("TCP-L:80,bind=127.0.0.1 TCP:127.0.0.1:80", 0, "TCP-L", "would connect to itself"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(text: str, word: int, token: str, said: str):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert said in caught.value.message
    assert caught.value.facts["word"] == word
    assert caught.value.facts["token"] == token


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TCP-LSTEN:80 PIPE", ErrorCode.KIND_UNKNOWN),
        ("OPENSSL-LISTEN:80 PIPE", ErrorCode.VALUE_MISSING),
        ("TCP-LISTEN:x PIPE", ErrorCode.VALUE_INVALID),
        ("SCTP-LISTEN:80 PIPE", ErrorCode.NOT_ON_THIS_SYSTEM),
    ],
)
def test_errors_have_their_codes(text: str, code: ErrorCode):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert caught.value.code is code


NAMES = st.one_of(
    st.sampled_from(sorted(ADDRESSES)), st.sampled_from(["-", "/x", "C:\\x", "3", "COM5", ""])
)
PARAMS = st.one_of(st.sampled_from(["", ":1", ":h:1", ":/x", ":p:h:1"]), st.text(max_size=12))
OPTION = st.tuples(st.sampled_from(sorted(OPTIONS)), st.sampled_from(["", "=0", "=7", "=x:1"]))
OPTION_TEXT = OPTION.map(lambda option: f",{option[0]}{option[1]}")
ADDRESS = st.tuples(NAMES, PARAMS, st.lists(OPTION_TEXT, max_size=3).map("".join)).map("".join)
WORDS = st.one_of(
    st.sampled_from(["-d", "-u", "-U", "-T", "-g", "--again", "1", "-lf"]),
    ADDRESS,
    st.tuples(ADDRESS, ADDRESS).map("!!".join),
    st.text(max_size=30),
    st.text(st.characters(categories=["Cs"]), max_size=2),  # what a shell hands over of raw bytes
)


@given(
    st.lists(WORDS, max_size=5), st.booleans(), st.sampled_from([None, "linux", "macos", "windows"])
)
def test_any_words_raise_nothing_but_ours(words: list[str], strict: bool, system: str | None):
    try:
        command = parse_command(words, strict=strict, system=system)
    except BasculeError as exc:
        assert exc.message
        assert 0 <= int(exc.facts["word"]) <= len(words)
    else:
        assert isinstance(command.run, RunOptions)
        assert all(each.text.endswith((".", "…")) for each in command.verdicts)


def test_one_address_is_a_target() -> None:
    assert parse_target("db.example:5432") == (TcpConnect("db.example", 5432), {})
    assert parse_target("[::1]:80") == (TcpConnect("::1", 80), {})
    target, secrets = parse_target(
        "SOCKS5:proxy.example:host.example:22,socksuser=me,sockspass=geheim"
    )
    assert isinstance(target, TcpConnect)
    assert target.via[0].host == "proxy.example"
    assert list(secrets.values()) == ["geheim"]


@pytest.mark.parametrize("text", ["", "TCPP:host:1", "TCP:host", "host:99999", "TCP:h:1,frok"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(SpecError):
        parse_target(text)
