"""Whole command lines of socat: those of the runbooks, and what is wrong with others."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.spec.datagrams import UdpConnect, UdpListen, UdpReceive, UdpReceiveFrom, UdpSendTo
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
)
from bascule.spec.ends import Dual
from bascule.spec.local import File, Pipe, Program, Standard
from bascule.spec.options import Shape
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import (
    Command,
    RunOptions,
    gives,
    parse_command,
    parse_target,
    takes,
)
from bascule.spec.socat.names import ADDRESSES, OPTIONS
from tests.helpers.seeds import ESCAPED, SEEDS, shell_words


def read(text: str, *, strict: bool = False, system: str | None = None) -> Command:
    """Read a command whose words have no spaces in them."""
    return parse_command(text.split(), strict=strict, system=system)


def seed(name: str) -> RelaySpec:
    return parse_command(shell_words(SEEDS[name])).relay


def listen(port: int, host: str = "0.0.0.0", **more: Any) -> TcpListen:
    return TcpListen(port, host, keepalive=False, **more)


def listen4(port: int, host: str = "0.0.0.0", **more: Any) -> TcpListen:
    return listen(port, host, family="ipv4", **more)


def to(host: str, port: int, **more: Any) -> TcpConnect:
    return TcpConnect(host, port, **{"connect_timeout_seconds": 120.0, "keepalive": False, **more})


def to4(host: str, port: int, **more: Any) -> TcpConnect:
    return to(host, port, family="ipv4", **more)


def relay(source: Any, target: Any, **more: Any) -> RelaySpec:
    return RelaySpec(source, target, **{"half_close_seconds": 0.5, "linger_seconds": 0.5, **more})


def shell(command: str) -> Program:
    return Program(command=command, interpreter="system")


PRINTF = r'printf "Service=demo\nDate=%s\nBye.\n" "$(date -Is)"'
LOGGED = (
    r'while IFS= read -r line; do printf "%s %s\n" "$(date -Is)" "$line"; done >> ./udp_events.log'
)
SLOW = {"connect_timeout_seconds": 5.0}

RUNBOOKS = {
    "A1": relay(listen(8080), to("backend.local", 80, **SLOW), allow=("192.168.1.0/24",)),
    "A2": relay(listen(2323), shell(PRINTF), idle_seconds=5.0),
    "A2b": relay(Standard(), to("localhost", 2323), once=True),
    "A4": relay(
        listen(15432, "127.0.0.1"),
        Program(
            command="ssh user@serveur_distant socat - "
            "UNIX-CONNECT:/var/run/postgresql/.s.PGSQL.5432"
        ),
    ),
    "A5": relay(
        UdpReceiveFrom(port=5514, host="0.0.0.0"),
        to("collector.local", 5515, connect_timeout_seconds=3.0),
    ),
    "A7": relay(
        listen(6000, shape=Shape(line_ending="crlf")),
        File(path="events.txt", create=True, append=True),
    ),
    "A8": relay(
        listen(9090), to("backend.local", 9091, **SLOW), max_connections=30, overflow="queue"
    ),
    "A9": relay(
        listen(8443, "127.0.0.1"),
        to("target.example.com", 443, via=(ProxyHop("5", "proxy.corp.local", 1080),)),
    ),
    "A10": relay(listen(8080, "::"), to4("127.0.0.1", 8081, **SLOW)),
    "A15": relay(
        UdpReceive(port=5514, host="0.0.0.0"), shell(LOGGED), direction="up", once=True
    ),
    "A17": relay(listen(7000, "127.0.0.1"), UnixConnect("/tmp/mon_service.sock")),
    "A18": relay(listen(8443, tls=ServerTls("server.crt", "server.key")), to("127.0.0.1", 8080)),
    "A19": relay(listen(2001), SerialPort("/dev/ttyUSB0", 115200), overflow="queue"),
    "A19b": relay(
        Standard(terminal=("raw", "echo=0")), to("IP-SERVEUR", 2001), once=True
    ),
    "A20": relay(listen(9000), File(path="/dev/null")),
    "A21": relay(
        File(path="/dev/null", create=True, append=True),
        to("localhost", 8080, connect_timeout_seconds=2.0),
        once=True,
    ),
    "B1": relay(
        TcpListen(8080, "127.0.0.1", family="ipv4"),
        to4("example.com", 80, **SLOW),
        allow=("127.0.0.1/32",),
    ),
    "B3": relay(listen4(8888), Standard(), once=True),
    "B9": relay(
        listen4(9443, "127.0.0.1"),
        to(
            "api.exemple-interne.local",
            443,
            tls=ClientTls(
                authority="ca.crt", server_name="api.exemple-interne.local",
                certificate="client.crt", key="client.key",
            ),
        ),
    ),
    "B10": relay(
        listen4(2001),
        SerialPort("/dev/ttyUSB0", 115200, flow_control="rts-cts"),
        overflow="queue",
    ),
    "B13b": relay(
        listen4(7000), UdpSendTo(host="127.0.0.1", port=6000, family="ipv4"), direction="up"
    ),
    "B14": relay(
        UdpListen(port=5353, host="0.0.0.0", family="ipv4"),
        UdpConnect(host="9.9.9.9", port=53, family="ipv4"),
    ),
    "B15": relay(
        listen4(9000), File(path="/dev/null", create=True, append=True), direction="up"
    ),
    "B16": relay(
        to4("serveur.exemple.local", 443), Standard(), idle_seconds=2.0, once=True
    ),
    "B18": relay(
        Standard(),
        shell("tee ./local.log | socat -u - TCP4:logserver.exemple.local:5000"),
        direction="up",
        once=True,
    ),
    "B20": relay(
        listen4(8080, "127.0.0.1"),
        to(
            "target.exemple.local", 80, via=(ProxyHop("4a", "proxy.exemple.local", 1080),)
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_command_of_a_runbook_is_a_relay(name: str):
    words = [word.replace("IP_SERVEUR", "IP-SERVEUR") for word in shell_words(SEEDS[name])]
    assert parse_command(words).relay == RUNBOOKS[name]


def test_every_command_of_the_runbooks_is_read():
    for name in SEEDS:
        verdicts = parse_command(shell_words(SEEDS[name])).verdicts
        assert all(each.text.endswith(".") for each in verdicts), name


@pytest.mark.parametrize("name", ESCAPED)
def test_written_for_socats_lexer_a_command_is_the_same(name: str):
    """And socat 1.8 would run what we run, so that nothing is said of it."""
    escaped = parse_command(shell_words(ESCAPED[name]))
    assert escaped.relay == seed(name)
    assert parse_command(shell_words(ESCAPED[name]), strict=True).relay == seed(name)
    assert "as meant" not in {each.kind for each in escaped.verdicts}


def reads_alike(words: list[str]) -> bool:
    """Whether socat 1.8 would run the same."""
    meant = parse_command(words)
    try:
        return parse_command(words, strict=True) == meant
    except SpecError:
        return False


@pytest.mark.parametrize("name", SEEDS)
def test_where_socat_differs_one_line_says_so_and_nowhere_else(name: str):
    words = shell_words(SEEDS[name])
    noted = [each for each in parse_command(words).verdicts if each.kind == "as meant"]
    unknown = name == "B9"  # servername=: another verdict says so
    dumped = name in ("A16", "B6")  # into the log as well
    assert len(noted) == int((not reads_alike(words) and not unknown) or dumped)
    assert all(each.matters and "ocat 1.8 would" in each.text for each in noted)


def test_what_of_the_runbooks_socat_mangles():
    different = {name for name in SEEDS if not reads_alike(shell_words(SEEDS[name]))}
    assert different == {
        "A2", "A4", "A6", "A12", "A14", "A15", "B2", "B4", "B5", "B9", "B11", "B12", "B17", "B18",
        "B18b", "C1", "C2", "C3",
        "A3", "A13",  # only quotes are lost there, which changes nothing
    }  # fmt: skip


# what else a command says ------------------------------------------------------------------------


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
