"""Texts as people paste them, started for real: each carries what its command would carry.

What stands in their place for ports, hosts and paths: ``helpers.pasted``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.foreign.read import read_text
from bascule.spec.relays import RelaySpec
from tests.helpers.certificates import make_files
from tests.helpers.contract import read_count, soon
from tests.helpers.corpus import Pasted, read_corpus
from tests.helpers.pasted import carry
from tests.helpers.ports import free_port
from tests.helpers.processes import listening, start
from tests.helpers.relays import Clients, RelayRig
from tests.helpers.socks_server import LOCAL
from tests.helpers.sshd import sshd
from tests.helpers.staged import LOCAL6, Around

IMPORTED = {each.title: each for each in read_corpus() if each.expected[0].startswith(">")}
CHAT = "programs: ncat -l --chat 5000"
"""Two have to come to it: it has a test of its own."""

STALL = "addresses: STALL"
"""It neither gives nor takes a byte: that is what its own test sees."""

STARTED = [each for title, each in IMPORTED.items() if title not in {CHAT, STALL}]


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Around]:
    """Real socats that give back what they are sent, and a real SSH server."""
    folder = tmp_path_factory.mktemp("around")
    files = make_files(folder)
    ports = {host: free_port(host) for host in (LOCAL, LOCAL6)}
    tls = free_port()
    shown = f"cert={files.certificate},key={files.key},verify=0"
    with contextlib.ExitStack() as stack:
        for address, port, host in (
            (f"TCP-LISTEN:{ports[LOCAL]},bind={LOCAL}", ports[LOCAL], LOCAL),
            (f"TCP6-LISTEN:{ports[LOCAL6]},bind=[{LOCAL6}]", ports[LOCAL6], LOCAL6),
            (f"OPENSSL-LISTEN:{tls},bind={LOCAL},{shown}", tls, LOCAL),
        ):
            ready = listening(port, host)
            stack.enter_context(
                start("socat", "-t60", f"{address},fork,reuseaddr", "PIPE", ready=ready)
            )
        server = stack.enter_context(sshd(folder / "ssh"))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("PATH", server.path)
        yield Around(ports[LOCAL], ports[LOCAL6], tls, files, server.port, server.user)


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the texts name by its name alone is in the test's own folder."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("pasted", STARTED, ids=[each.title for each in STARTED])
async def test_bytes_go_through_what_was_pasted(pasted: Pasted, around: Around) -> None:
    text = pasted.text.replace("10.0.0.0/8", "127.0.0.0/8")
    found = read_text(text, system="linux").found
    assert found
    for each in found:
        await carry(each, around)


async def test_who_comes_to_the_chat_hears_the_others() -> None:
    (found,) = read_text(IMPORTED[CHAT].text).found
    assert found.relay is not None
    assert isinstance(found.relay.source, TcpListen)
    spec: RelaySpec = replace(found.relay, source=replace(found.relay.source, host=LOCAL, port=0))
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()
        one, other = [await clients.connect(rig.port) for _each in range(2)]
        await rig.connected(2)
        await soon(one.send(b"good morning\n"))
        said = b""
        while b"good morning\n" not in said:
            said += await soon(read_count(other, 1))


async def test_silence_neither_gives_nor_takes(
    around: Around,
) -> None:
    (found,) = read_text(IMPORTED[STALL].text).found
    assert found.relay is not None
    assert found.relay.source.kind == "stall"
    async with RelayRig(replace(found.relay, target=TcpConnect(LOCAL, around.tcp))) as rig:
        rig.relay.start()
        await rig.connected()
        (joined,) = rig.relay.connections.values()
        assert (joined.counters.up, joined.counters.down) == (0, 0)
