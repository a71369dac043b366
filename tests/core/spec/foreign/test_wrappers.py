"""Commands that stand before another one are taken away and said."""

from __future__ import annotations

import pytest

from bascule.spec.foreign.posix import split_words
from bascule.spec.foreign.words import whole
from bascule.spec.foreign.wrappers import unwrap


@pytest.mark.parametrize(
    "before",
    [
        "sudo", "sudo -u nobody", "sudo -E -n --user=joe --", "doas -u x", "nohup", "exec",
        "exec -a name", "env A=b C=d", "env -i", "A=b", "setsid -f", "timeout 5", "timeout -k 1 5m",
        "stdbuf -oL -eL", "time", "nice -n 19", "ionice -c 3", "command", "unbuffer", "call",
        "sudo nohup setsid timeout 9 env A=b", "systemd-run --unit=x -p A=b", "screen -dmS name",
        "tmux new-session -d -s x", "wsl -d Ubuntu", "cmd /c", "start /b", "start 'a title' /min",
    ],
)  # fmt: skip
def test_what_is_left_is_the_command(before: str) -> None:
    left = unwrap(split_words(whole(f"{before} socat - TCP:a:1")))
    assert [word.text for word in left.words] == ["socat", "-", "TCP:a:1"]


def test_another_user_is_a_warning() -> None:
    left = unwrap(split_words(whole("sudo -u nobody socat - -")))
    (verdict,) = left.verdicts
    assert verdict.matters
    assert "nobody" in verdict.text


@pytest.mark.parametrize(
    "text",
    ["sh -c 'socat - -'", "bash -lc 'socat - -'", "tmux new 'socat - -'", "su -c 'socat - -'"],
)
def test_a_command_in_quotes_is_a_text_of_its_own(text: str) -> None:
    inner = unwrap(split_words(whole(text))).inner
    assert inner is not None
    assert inner.text == "socat - -"
    assert text[inner.places[0] : inner.places[-1]] == "socat - -"


@pytest.mark.parametrize(
    "text",
    [
        "Start-Process socat -ArgumentList 'TCP-LISTEN:80,fork,reuseaddr','TCP:web:80'",
        "Start-Process -FilePath socat -ArgumentList 'TCP-LISTEN:80,fork,reuseaddr TCP:web:80'",
        "Start-Process socat 'TCP-LISTEN:80,fork,reuseaddr TCP:web:80' -WindowStyle Hidden",
    ],
)
def test_start_process_has_its_words_in_a_list(text: str) -> None:
    left = unwrap(split_words(whole(text)))
    assert [w.text for w in left.words] == ["socat", "TCP-LISTEN:80,fork,reuseaddr", "TCP:web:80"]


def test_a_wrapper_around_nothing_leaves_nothing() -> None:
    assert unwrap(split_words(whole("sudo timeout"))).words == []
