"""Commands in descriptions of containers."""

from __future__ import annotations

import pytest

from bascule.spec.foreign.containers import read_containers
from bascule.spec.foreign.words import whole

KUBERNETES = """\
apiVersion: v1
kind: Pod
spec:
  containers:
  - name: relay
    image: debian
    command:
      - socat
    args:
      - "TCP-LISTEN:80,fork"
      - TCP:web:80
"""
COMPOSE = """\
services:
  one:
    image: alpine/socat
    command: TCP-LISTEN:80,fork TCP:web:80
    ports:
      - "8080:80"
  two:
    image: alpine/socat
    command: ["TCP-LISTEN:81,fork", "TCP:web:81"]
"""


@pytest.mark.parametrize(
    "text",
    [
        '["socat", "TCP-LISTEN:80,fork", "TCP:web:80"]',
        'FROM alpine\nCMD ["socat", "TCP-LISTEN:80,fork", "TCP:web:80"]',
        'FROM alpine\nENTRYPOINT ["socat"]\nCMD ["TCP-LISTEN:80,fork", "TCP:web:80"]',
        'FROM alpine/socat\nCMD ["TCP-LISTEN:80,fork", "TCP:web:80"]',
        "FROM alpine\nENTRYPOINT socat TCP-LISTEN:80,fork TCP:web:80",
        'CMD ["sh", "-c", "socat TCP-LISTEN:80,fork TCP:web:80"]',
        KUBERNETES,
    ],
)
def test_the_words_are_found(text: str) -> None:
    (call,) = read_containers(whole(text))
    assert [word.text for word in call.words] == ["socat", "TCP-LISTEN:80,fork", "TCP:web:80"]
    assert text.startswith("TCP:web:80", call.words[2].place(0))


def test_each_service_is_one_relay() -> None:
    one, two = read_containers(whole(COMPOSE))
    assert one.ports == {80: ("0.0.0.0", 8080)}
    assert two.ports == {}
    assert two.words[2].text == "TCP:web:81"
    assert one.verdicts[0].matters


@pytest.mark.parametrize("text", ["socat a b", "[1, 2]", "image: nginx\nports:\n - x", "args:\n"])
def test_other_texts(text: str) -> None:
    assert read_containers(whole(text)) == []
