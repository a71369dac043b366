"""What is said of a file that is handed out: its links, how often and how long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.facts import ShareFacts
from bascule.spec.endpoints import ServerTls, TcpListen, UnixListen
from bascule.spec.ends import Source
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule_desktop import sentences
from bascule_desktop.share_words import Links, account, advice, links

FACTS = ShareFacts("/SECRET", "a b.é", 12, 2, 1, 5000.0)
NAME = "a%20b.%C3%A9"


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch):
    found = ["192.168.1.23", "10.8.0.2"]
    monkeypatch.setattr(sentences, "network_addresses", lambda *, with_ipv6: found)


def found(source: Source, *listening: str) -> Links:
    return links(RelaySpec(source, ShareFile(path="/x")), listening, FACTS)


def test_on_all_addresses_the_links_are_those_that_others_can_use():
    seen = found(TcpListen(0, "0.0.0.0"), "0.0.0.0:8000")
    assert [hint.command for hint in seen.hints] == [
        f"http://192.168.1.23:8000/SECRET/{NAME}",
        f"http://10.8.0.2:8000/SECRET/{NAME}",
    ]
    assert (seen.code, seen.here_only) == ("http://192.168.1.23:8000/SECRET", False)
    assert "phone" in advice(seen)


def test_on_this_computer_alone_that_is_said():
    seen = found(TcpListen(8443, "::1", tls=ServerTls("c", "k")), "[::1]:8443")
    assert [hint.command for hint in seen.hints] == [f"https://[::1]:8443/SECRET/{NAME}"]
    assert seen.here_only
    assert advice(seen).startswith("Only this computer")


def test_without_a_port_there_is_no_link():
    for source in (TcpListen(0), UnixListen("/x")):
        assert found(source) == Links([], "", here_only=True)


def test_how_often_and_how_long():
    assert account(FACTS, 1400.0, running=True) == "Downloads: 1 of 2. The link ends in 1 h."
    never = replace(FACTS, ends_at=None)
    assert account(never, 0.0, running=True) == "Downloads: 1 of 2. The link does not expire."
    changed = replace(FACTS, changed=True)
    assert account(changed, 0.0, running=True).startswith("The file has changed")
    for facts in (FACTS, changed):
        said = account(facts, 0.0, running=False)
        assert said.startswith("Downloads: 1 of 2. The link leads nowhere any more")
