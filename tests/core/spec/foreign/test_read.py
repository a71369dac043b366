"""What people paste, as relays."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.foreign.read import read_text


def test_a_command_of_socat_becomes_a_relay() -> None:
    (found,) = read_text("socat TCP-LISTEN:8080,fork TCP:intranet.example:80").found
    assert found.program == "socat"
    assert found.problem is None
    assert found.relay is not None
    assert isinstance(found.relay.source, TcpListen)
    assert found.relay.source.port == 8080
    assert isinstance(found.relay.target, TcpConnect)
    assert (found.relay.target.host, found.relay.target.port) == ("intranet.example", 80)
    assert found.runs == ()


def test_what_would_run_is_said_word_for_word() -> None:
    (found,) = read_text("socat TCP-LISTEN:7,fork EXEC:'/bin/cat -u'").found
    assert found.runs == ("/bin/cat -u",)


def test_where_reading_stopped_is_a_place_in_the_text() -> None:
    text = "socat TCP-LISTEN:7,fork TCPP:host:80"
    (found,) = read_text(text).found
    assert found.relay is None
    assert found.problem is not None
    assert found.problem.facts["position"] == text.index("TCPP")


@pytest.mark.parametrize("text", ["", "  \n", "hello", "\x00\x01\xff" * 9, "x" * 2_000_000])
def test_what_is_no_command_is_refused_in_words(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_text(text)
    assert "Bascule can read" in caught.value.message


def test_a_quote_without_its_partner_is_refused_where_it_stands() -> None:
    with pytest.raises(SpecError, match="does not end") as caught:
        read_text("socat 'TCP")
    assert caught.value.facts["position"] == 6


def test_the_commands_of_a_whole_document_are_found() -> None:
    text = """It's a *runbook*.

```bash
socat TCP-LISTEN:8080,fork \\
  TCP:web:80
```

| don't | read this |

~~~
$ socat - UDP:log:514
~~~

```
┌── it's a picture ──┐ socat
```
"""
    one, two = read_text(text).found
    assert text[one.begin : one.end].startswith("socat TCP-LISTEN")
    assert text[two.begin : two.end] == "socat - UDP:log:514"


def test_a_comment_is_not_taken_for_roots_prompt_where_there_is_a_command() -> None:
    (found,) = read_text("# socat - TCP:old:1\nsocat - TCP:new:1").found
    assert "new" in found.name
    (found,) = read_text("# socat - TCP:old:1").found
    assert "old" in found.name


def test_what_comes_behind_many_commands_is_left_out_and_said() -> None:
    reading = read_text("socat - TCP:a:1\n" * 300)
    assert len(reading.found) == 200
    assert "200" in reading.notes[0].text
