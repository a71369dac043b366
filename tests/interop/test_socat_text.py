"""What `--strict` reads, compared with what the real socat makes of the same text."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bascule.errors import BasculeError
from bascule.spec.socat.lexer import VALUE_ENDS, lex, words
from bascule.spec.socat.reader import Single, read_word
from tests.helpers.processes import find

ARGV = "#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done\n"
TEXTS = st.text("ab0nt\\'\"()[]{},:!= $", min_size=1, max_size=10)
"""Everything that socat's lexer looks at, and letters that a backslash makes something of."""


def is_closed(text: str) -> bool:
    """Whether every quote and bracket ends: behind one that does not, socat reads on in foreign
    memory, and there is nothing to compare.
    """
    try:
        lex(text, 0, ())
    except BasculeError:
        return False
    return True


def is_single(text: str) -> bool:
    """Whether no second address and no option without a name can begin in it: of an empty name,
    socat reads on with the next word.
    """
    return "!!" not in text and not re.search(r",+(''|\"\"|=|\\0)", text)


def strictly(word: str) -> Single | None:
    """The only address in a word, if it has one parameter and no options."""
    try:
        found = read_word(word, strict=True, windows=False)
    except BasculeError:
        return None
    plain = len(found) == 1 and len(found[0].params) == 1 and not found[0].options
    return found[0] if plain else None


@settings(max_examples=60)
@given(TEXTS.filter(is_closed).filter(is_single))
@example(r"a\:b\,c\"d\'e\\f\ng\th\0i")
@example("'a:b'\"c,d\"[e:f](g,h){i!!j}")
@example("a'b\"c'\"d'e\"")
def test_a_path(text: str):
    read = strictly(f"CREATE:{text}")
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [find("socat"), "-u", "OPEN:/dev/null", f"CREATE:{text}"],
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
        made = [path.name for path in Path(folder).iterdir()]
    if read is None or not read.params[0].text:
        assert done.returncode != 0
    else:
        assert made == [read.params[0].text]


def splits(text: str) -> bool:
    """Whether the words of a command are closed as well, once socat has undone the first layer."""
    read = strictly(f"EXEC:./argv {text}")
    return read is not None and is_closed(lex(f"./argv {text}", 0, VALUE_ENDS)[0])


@settings(max_examples=60)
@given(TEXTS.filter(is_closed).filter(is_single).filter(splits))
@example("a  b 'c d' \"e f\" ")
@example("\"a 'b c' d\" '\"e f\"'")
@example("(a b)[c d]{e f}")
@example(r"\"a b\" \\t \'c\' d\ e")
def test_the_words_of_exec(text: str):
    read = strictly(f"EXEC:./argv {text}")
    assert read is not None
    with TemporaryDirectory() as folder:
        program = Path(folder, "argv")
        program.write_text(ARGV)
        program.chmod(0o700)
        done = subprocess.run(
            [find("socat"), "-u", f"EXEC:./argv {text}", "-"],
            cwd=folder, capture_output=True, check=True,
        )  # fmt: skip
    assert [word.decode() for word in done.stdout.split(b"\0")[:-1]] == [
        word.partition("\0")[0] for word in shlex.split(read.params[0].text)[1:]
    ]


@pytest.mark.parametrize(
    "command",
    [
        r'printf "a=%s\n" b; true',
        r"printf \"a=%s\\n\" b",
        r"printf \'%s\,%s\\n\' 1 2",
        "echo 'a  b'",
        "echo a\\:b",
        'echo "$((1+2))"; echo (d) || echo e',
    ],
)
def test_what_reaches_the_shell(command: str):
    read = strictly(f"SYSTEM:{command}")
    assert read is not None
    ran = subprocess.run(["/bin/sh", "-c", read.params[0].text], capture_output=True, check=False)
    done = subprocess.run(
        [find("socat"), "-u", f"SYSTEM:{command}", "-"], capture_output=True, check=False
    )
    assert done.stdout == ran.stdout


def test_words_are_what_socat_splits():
    assert words("./argv a 'b c' ") == ["./argv", "a", "b c", ""]
