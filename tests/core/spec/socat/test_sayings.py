"""What an option does, in a sentence."""

from __future__ import annotations

import pytest

from bascule.spec.socat.names import OPTIONS
from bascule.spec.socat.sayings import saying


def said(text: str) -> str:
    name, equals, value = text.partition("=")
    said = saying(OPTIONS[name].name, value if equals else None)
    return " ".join(each.text for each in said)


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("fork", "It serves any number of connections, several at the same time."),
        ("fork=0", "Switched off. It serves any number of connections, several at the same time."),
        ("max-children=3", "It serves 3 connections at the same time; the next one waits."),
        ("keepalive", "The system notices by itself when the peer is gone."),
        ("b9600", "The line runs at 9600 bits per second."),
        ("ispeed=300", "The line runs at 300 bits per second."),
        ("cs7", "A character has 7 bits."),
        ("echo=0", "The setting echo of the terminal is off."),
        ("raw", "The terminal is set to raw."),
        ("vmin=3", "The setting vmin of the terminal is 3."),
        ("lock", "Others are kept from writing the file at the same time."),
        ("tls", "It is encrypted with TLS. Only Bascule knows this option."),
    ],
)
def test_a_sentence(option: str, sentence: str):
    assert said(option) == sentence


def test_every_option_has_one():
    for name in sorted({known.name for known in OPTIONS.values()}):
        for value in ("", "=0", "=7"):
            sentence = said(f"{name}{value}")
            assert sentence.endswith(".")
            assert "{" not in sentence
