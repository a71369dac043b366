"""The recipes that go through a proxy or another computer, each with the command it offers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bascule.streams.unix import UnixListener
from tests.helpers.certificates import make_files
from tests.helpers.contract import digest
from tests.helpers.recipes import cooked
from tests.helpers.relays import echo
from tests.helpers.socks_server import SocksServer
from tests.helpers.sshd import sshd
from tests.interop.test_recipes import WANTED, is_answered, page

HOST = "target.example.com"
TOR = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"


async def test_socks5(tmp_path: Path):
    files = make_files(tmp_path / "certificates", [HOST])
    settings = (f"ssl_certificate {files.certificate}", f"ssl_certificate_key {files.key}")
    with page(tmp_path / "web", *settings, tls=" ssl") as port:
        async with (
            SocksServer(names={HOST: "127.0.0.1"}) as proxy,
            cooked(
                "socks5",
                tmp_path,
                target__port=port,
                target__via__0__host="127.0.0.1",
                target__via__0__port=proxy.port,
            ) as made,
        ):
            made.variables["CURL_CA_BUNDLE"] = files.authority
            assert digest((await made.type()).output) == WANTED
            assert [(seen.version, seen.host) for seen in proxy.seen] == [("5", HOST)]


@pytest.mark.parametrize(
    ("name", "version", "host"),
    [("socks4a", "4a", HOST), ("onion", "5", TOR), ("i2p", "5", "i2p-projekt.i2p")],
)
async def test_socks4a_and_onion_and_i2p(name: str, version: str, host: str, tmp_path: Path):
    with page(tmp_path / "web") as port:
        async with (
            SocksServer(names={host: "127.0.0.1"}) as proxy,
            cooked(
                name,
                tmp_path,
                target__port=port,
                target__via__0__host="127.0.0.1",
                target__via__0__port=proxy.port,
            ) as made,
        ):
            assert digest((await made.type()).output) == WANTED
            # The proxy was given the name: nobody looked it up here.
            assert [(seen.version, seen.host) for seen in proxy.seen] == [(version, host)]


# ssh --------------------------------------------------------------------------------------------


async def test_ssh_local_service(tmp_path: Path):
    with sshd(tmp_path / "ssh") as server:
        async with echo() as port:
            command = f"ssh -o ExitOnForwardFailure=yes {server.user}@server -W 127.0.0.1:{port}"
            async with (
                cooked(
                    "ssh-local-service",
                    tmp_path,
                    target__command=command,
                    target__search_path=server.path,
                ) as made,
                made.typing(1) as person,
            ):
                await is_answered(person)


async def test_ssh_two_hops(tmp_path: Path):
    with sshd(tmp_path / "ssh") as server:
        async with echo() as port:
            user = server.user
            command = f"ssh -J {user}@gateway {user}@computer -W localhost:{port}"
            async with (
                cooked(
                    "ssh-two-hops",
                    tmp_path,
                    target__command=command,
                    target__search_path=server.path,
                ) as made,
                made.typing() as person,
            ):
                await is_answered(person)


async def test_ssh_unix_socket(tmp_path: Path):
    path = tmp_path / "service.sock"
    with sshd(tmp_path / "ssh") as server:
        command = f"ssh {server.user}@server socat - UNIX-CONNECT:{path}"
        async with (
            echo(UnixListener(str(path))),
            cooked(
                "ssh-unix-socket",
                tmp_path,
                target__command=command,
                target__search_path=server.path,
            ) as made,
            made.typing(1) as person,
        ):
            await is_answered(person)
