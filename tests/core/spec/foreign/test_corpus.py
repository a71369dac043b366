"""What people really paste, and what comes of it; and what nobody should paste."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bascule.errors import SpecError
from bascule.spec.foreign.read import read_text
from tests.helpers.corpus import Pasted, come_of, read_corpus
from tests.helpers.seeds import SEEDS

TEXTS = read_corpus()
SIZE = 100_000


@pytest.mark.parametrize("pasted", TEXTS, ids=[each.title for each in TEXTS])
def test_a_pasted_text_becomes_what_it_means(pasted: Pasted) -> None:
    assert come_of(pasted.text) == pasted.expected


def test_the_corpus_is_large_and_no_text_is_in_it_twice() -> None:
    texts = [each.text for each in TEXTS]
    assert len(texts) >= 150
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("pasted", TEXTS, ids=[each.title for each in TEXTS])
def test_every_place_lies_in_the_text(pasted: Pasted) -> None:
    try:
        found = read_text(pasted.text).found
    except SpecError as exc:
        assert 0 <= int(exc.facts["position"]) <= len(pasted.text)
        return
    for each in found:
        assert 0 <= each.begin <= each.end <= len(pasted.text)
        assert (each.relay is None) == (each.problem is not None)
        if each.problem is not None:
            assert 0 <= int(each.problem.facts["position"]) <= len(pasted.text)
            assert each.problem.facts["why"]


@pytest.mark.parametrize("name", SEEDS)
def test_the_commands_of_the_runbooks(name: str) -> None:
    found = [each for each in read_text(SEEDS[name]).found if each.program == "socat"]
    assert found
    assert all(each.problem is None for each in found)


HOSTILE = {
    "a long word": "socat TCP-LISTEN:1,fork TCP:" + "a" * SIZE,
    "many options": "socat TCP-LISTEN:1" + ",fork" * (SIZE // 5) + " TCP:a:1",
    "quotes without end": "socat " + "'\"" * (SIZE // 2),
    "nested brackets": "socat TCP:" + "(" * SIZE,
    "nested groups": "(" * SIZE + "socat a b",
    "nested substitutions": "socat " + "$(" * (SIZE // 2),
    "backslashes": "socat " + "\\" * SIZE,
    "sh in sh": "sh -c '" * 1000 + "socat",
    "pipes": "socat - -" + "|socat - -" * (SIZE // 10),
    "loops": "while true; do " * (SIZE // 15) + "socat a b",
    "prompts": "$ " * (SIZE // 2) + "socat",
    "at signs": "a@" * (SIZE // 2) + " socat",
    "binary": "".join(chr(number % 256) for number in range(SIZE)) + "socat",
    "zero bytes": "socat " + "\0" * SIZE,
    "a unit without end": "ExecStart=" + "\\\n" * (SIZE // 2),
    "units": "ExecStart=/bin/socat - '" * (SIZE // 24),
    "a list without end": '["socat",' + '"a",' * (SIZE // 4),
    "yaml without end": "connection: &a\n" + "  accepter: tcp,\n" * (SIZE // 17),
    "connections": "connection:\n" * (SIZE // 12),
    "sections": "[a]\naccept=1\nconnect=2\n" * (SIZE // 24),
    "old lines": "1:raw:0:/dev/x:" + "9600 " * (SIZE // 5),
    "places": "," * 50 + "1," * (SIZE // 2) + ":raw:0:x",
    "nc": "nc -" + "v" * SIZE,
    "ssh": "ssh -L " + ":" * SIZE + " gw",
    "cmd": 'socat.exe "' + "^" * SIZE,
    "PowerShell": "PS C:\\> socat " + "`" * SIZE,
    "programs": "socat - EXEC:" + "\"'" * (SIZE // 2),
    "commas": "socat - SYSTEM:" + "echo a,b " * (SIZE // 9),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.timeout(20)
def test_a_hostile_text_is_read_or_refused_at_once(text: str) -> None:
    try:
        found = read_text(text).found
    except SpecError as exc:
        assert 0 <= int(exc.facts["position"]) <= len(text)
        assert len(str(exc.facts["token"])) <= 80
        return
    assert found


words = st.sampled_from(
    ["socat", "nc", "ssh", "-L", "TCP-LISTEN:80,fork", "TCP:a:1", "-", "|", "&", ";", "(", ")",
     "'", '"', "\\", "\n", "$X", "`", "while", "do", "done", "EXEC:cat", "[a]", "accept=1",
     "connect=2", "ExecStart=", "connection: &a\n", "  accepter: tcp,1\n", "2:raw:0:x:9", "CMD",
     '["socat",', "docker run", "alpine/socat", "sudo", "sh -c", ">", "<", "netsh", "é", "\0"]
)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(words, max_size=12).map(" ".join)))
def test_nothing_but_a_refusal_ever_comes_of_any_text(text: str) -> None:
    try:
        reading = read_text(text)
    except SpecError as exc:
        assert 0 <= int(exc.facts["position"]) <= len(text)
        return
    for found in reading.found:
        if found.problem is not None:
            assert 0 <= int(found.problem.facts["position"]) <= len(text)
