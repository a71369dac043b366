"""socat's words for terminals: all that socat knows, their values, what is said of wrong ones."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.streams.terminal_words import RATES, SYNONYMS, WORDS, Sort, describe, parse

# The names of socat 1.8.1.1's group TERMIOS, and their other names.
_NAMES = """
brkint bs0 bs1 bsdly clocal cr0 cr1 cr2 cr3 crdly cread crtscts cs5 cs6 cs7 cs8 csize cstopb echo
echoctl ctlecho echoe crterase echok echoke crtkill echonl echoprt prterase ff0 ff1 ffdly flusho
hupcl hup icanon icrnl iexten ignbrk igncr ignpar imaxbel inlcr inpck isig ispeed istrip iuclc
ixany ixoff tandem ixon nl0 nl1 nldly noflsh ocrnl ofdel ofill olcuc onlcr onlret onocr opost
ospeed parenb parmrk parodd pendin raw sane tab0 tab1 tab2 tab3 tabdly termios-cfmakeraw cfmakeraw
termios-rawer rawer termios-setflags setflags tiocsctty ctty tiocswinsz winsz tostop vdiscard
discard vdsusp dsusp veof eof veol eol veol2 eol2 verase erase vintr intr vkill kill vlnext lnext
vmin min vquit quit vreprint reprint rprnt vstart start vstop stop vsusp susp vswtc swtc swtch vt0
vt1 vtdly vtime time vwerase werase xcase xtabs
"""
SOCAT = _NAMES.split()
NEED_A_VALUE = {Sort.NUMBER, Sort.CHARACTER}


def entry_for(name: str) -> str:
    """A word with a value that it takes."""
    name = SYNONYMS.get(name, name)
    if name in ("setflags", "tiocswinsz"):
        return f"{name}=3:0x20"
    word = WORDS[name]
    needs = word.sort in NEED_A_VALUE or name in ("ispeed", "ospeed")
    return f"{name}=3" if needs else name


@pytest.mark.parametrize("name", [*SOCAT, *(f"b{rate}" for rate in RATES)])
def test_every_word_of_socat_is_known_and_explained(name: str):
    (setting,) = parse((entry_for(name),))
    assert setting.word is WORDS[SYNONYMS.get(name, name)]
    (said,) = describe((entry_for(name),))
    assert said.strip()


def test_no_word_is_known_that_socat_does_not_know():
    assert {*WORDS, *SYNONYMS} == {*SOCAT, *(f"b{rate}" for rate in RATES)}


@pytest.mark.parametrize(
    ("entry", "name", "value"),
    [
        ("echo", "echo", 1),
        ("echo=1", "echo", 1),
        ("echo=0", "echo", 0),
        ("ECHO=0", "echo", 0),
        ("hup=0", "hupcl", 0),
        ("b115200", "b115200", 115200),
        ("ispeed=12345", "ispeed", 12345),
        ("min=0x10", "vmin", 16),
        ("vtime=010", "vtime", 8),
        ("csize=3", "csize", 3),
        ("csize=8", "csize", 3),
        ("csize=5", "csize", 0),
        ("ctty", "tiocsctty", 1),
        ("ctty=0", "tiocsctty", 0),
        ("cs7", "cs7", 1),
    ],
)
def test_values(entry: str, name: str, value: int):
    (setting,) = parse((entry,))
    assert (setting.name, setting.value) == (name, value)


def test_two_numbers():
    (size,) = parse(("winsz=24:80",))
    assert (size.value, size.second) == (24, 80)
    (flags,) = parse(("setflags=3:0x80000000",))
    assert (flags.value, flags.second) == (3, 0x8000_0000)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("ech", "did you mean echo?"),
        ("rawr", "did you mean raw"),
        ("zzzzzz", "zzzzzz is not a setting of a terminal"),
        ("b12345", "ispeed=12345"),
        ("echo=2", "from 0 to 1"),
        ("echo=", "from 0 to 1"),
        ("echo=-1", "from 0 to 1"),
        ("raw=1", "takes no value"),
        ("cs8=1", "takes no value"),
        ("b9600=1", "takes no value"),
        ("vmin", "from 0 to 255"),
        ("vmin=256", "from 0 to 255"),
        ("vmin=x", "from 0 to 255"),
        ("csize=4", "5 to 8"),
        ("csize=9", "from 0 to 8"),
        ("winsz=24", "from 0 to 65535"),
        ("setflags=4:1", "from 0 to 3"),
        ("ispeed=fast", "from 0 to"),
    ],
)
def test_what_is_wrong_is_said(entry: str, words: str):
    with pytest.raises(SpecError) as caught:
        parse(("raw", entry), "target.terminal")
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert caught.value.field == "target.terminal"
    assert caught.value.facts["entry"] == entry
    assert words in caught.value.message


def test_settings_in_words():
    assert describe(("raw", "echo=0", "b9600", "min=1", "winsz=24:80", "icanon")) == (
        "bytes pass unchanged; echo stays as it is",
        "not: what is received is echoed",
        "9600 bits per second",
        "least bytes of a read: 1",
        "its size: rows:columns: 24:80",
        "input comes line by line",
    )
