"""socat's own options, before the addresses."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.socat.run_options import Globals, RunOptions


def read(text: str, *, strict: bool = False, system: str = "linux") -> Globals:
    return Globals(text.split(" "), strict=strict, system=system)


def test_how_it_is_run():
    globals_ = read(
        "-d -d -lf wire.log -ly -v -x -r up.raw -R down.raw -L lock -lp name -lu -lh -ls"
        " --statistics TCP-L:1 -v"
    )
    assert RunOptions(**globals_.run) == RunOptions(
        verbosity=2, log_file="wire.log", syslog="daemon", log_stderr=True, log_name="name",
        log_microseconds=True, log_host=True, dump_text=True, dump_hex=True,
        record_up="up.raw", record_down="down.raw", lock_file="lock", statistics=True,
    )  # fmt: skip
    assert globals_.used == 19
    assert RunOptions() == RunOptions(verbosity=1, log_name="socat")


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("-d", {"verbosity": 1}),
        ("-dd -d", {"verbosity": 3}),
        ("-dddd -d", {"verbosity": 4}),
        ("-d0", {"verbosity": 0}),
        ("-d3", {"verbosity": 3}),
        ("-lmlocal0", {"syslog": "local0", "log_mixed": True}),
        ("-lyuser", {"syslog": "user", "log_mixed": False}),
        ("-lfx", {"log_file": "x"}),
        ("-W x", {"lock_file": "x", "lock_wait": True}),
        ("-Lx", {"lock_file": "x", "lock_wait": False}),
    ],
)
def test_forms_of_options(text: str, run: dict[str, Any]):
    assert read(text).run == run


@pytest.mark.parametrize(
    ("text", "relay"),
    [
        ("-t 3", {"half_close_seconds": 3.0}),
        ("-t0", {"half_close_seconds": 0.001}),
        ("-t 1000000", {"half_close_seconds": 0.0}),
        ("-T 1.5", {"idle_seconds": 1.5}),
        ("-T -1", {"idle_seconds": 0.0}),
        ("-T 0", {"idle_seconds": 0.0}),
        ("-b 0x200", {"chunk_bytes": 512}),
        ("--allow=10.0.0.0/8 --allow=::1", {"allow": ("10.0.0.0/8", "::1")}),
        ("--max-connections=3 --overflow=queue", {"max_connections": 3, "overflow": "queue"}),
        ("--per-client=2", {"connections_per_client": 2}),
        ("--up-limit=9 --down-limit=8", {"up_bytes_per_second": 9, "down_bytes_per_second": 8}),
        ("--retry-first=2 --linger=1", {"retry_first_seconds": 2.0, "linger_seconds": 1.0}),
        ("--retry-longest=9", {"retry_longest_seconds": 9.0}),
        ("--direction=both", {"direction": "both"}),
    ],
)
def test_what_the_relay_is_told(text: str, relay: dict[str, Any]):
    assert read(text).relay == {"half_close_seconds": 0.5, **relay}


def test_each_field_knows_its_word():
    globals_ = read("-v -T 5 --linger=3")
    assert globals_.places == {"idle_seconds": (1, "-T"), "linger_seconds": (3, "--linger=3")}


def test_switches_of_the_reading():
    globals_ = read("-u -g -6 --again")
    found = (globals_.direction, globals_.any_group, globals_.prefer, globals_.again)
    assert found == ("up", True, "6", True)
    assert read("-U -4").direction == "down"
    assert (read("-4").prefer, read("-6 -0").prefer) == ("4", "")


def test_strictly_no_silence_is_allowed_where_0_says_so():
    assert read("-T 0", strict=True).relay["idle_seconds"] == 0.001


@pytest.mark.parametrize(
    ("text", "number", "position", "said"),
    [
        ("-u -U", 1, 0, "-u and -U exclude each other"),
        ("-v -vx", 1, 2, "letters cannot be merged; write -v -x"),
        ("-t", 0, 2, "its value is missing"),
        ("-t soon", 1, 3, "it wants seconds"),
        ("-b many", 1, 3, "it wants a whole number"),
        ("-b 0", 1, 3, "from 1 to 16777216"),
        ("-d9", 0, 2, "a level from 0 to 4"),
        ("-lyx", 0, 3, "x is not a facility of syslog"),
        ("-lymial", 0, 3, "did you mean mail?"),
        ("-lz", 0, 2, "unknown log option"),
        ("-L a -W b", 3, 0, "only one -L or -W is allowed"),
        ("-V", 0, 0, "it prints something and exits"),
        ("-hh", 0, 0, "it prints something and exits"),
        ("-z", 0, 0, 'unknown option "-z"'),
        ("--statistic", 0, 0, 'unknown option "--statistic"; did you mean --statistics?'),
        ("--again=1", 0, 7, "it wants no value"),
        ("--allow", 0, 7, "it wants a value"),
        ("--allow=all", 0, 8, "it wants a network"),
        ("--up-limit=-1", 0, 11, "it wants a whole number"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, number: int, position: int, said: str):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert said in caught.value.message
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert (caught.value.facts["word"], caught.value.facts["position"]) == (number, position)


def test_strictly_our_own_are_unknown():
    with pytest.raises(SpecError, match="unknown option"):
        read("--again", strict=True)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("-d -d", "native", "Errors, warnings and what matters are logged."),
        ("-T 5", "native", "A connection without a byte for 5 s is ended."),
        ("-T 0", "native", "from socat 1.8.0.1 on, 0 means at once"),
        ("-s", "ignored", "the others go on in any case"),
        ("-S0x3", "ignored", "no signals are logged"),
        ("-D", "ignored", "no descriptors of its own"),
        ("--experimental", "ignored", "nothing here is experimental"),
        ("-lm", "native", "Until it runs, it goes to standard error."),
        ("--allow=::1", "native", "Only Bascule knows this option"),
    ],
)
def test_what_is_said_of_it(text: str, kind: str, said: str):
    verdict = read(text).verdicts[-1]
    assert verdict.kind == kind
    assert said in verdict.text


def test_a_dump_goes_to_the_log_as_well_but_not_strictly():
    def told(text: str, *, strict: bool = False) -> bool:
        return "as meant" in {each.kind for each in read(text, strict=strict).verdicts}

    assert told("-v -lf x")
    assert told("-lf x -x")
    assert not told("-lf x")
    assert not told("-v -lf x", strict=True)


def test_windows_has_no_syslog():
    (verdict,) = read("-ly", system="windows").verdicts
    assert (verdict.kind, verdict.matters) == ("not on this system", True)
