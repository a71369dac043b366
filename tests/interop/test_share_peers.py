"""A file that is handed out, fetched by the real curl: all of it, in parts, resumed, over TLS."""

from __future__ import annotations

import asyncio
import hashlib
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bascule.events import RelayState
from bascule.spec.endpoints import ServerTls, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from tests.helpers.certificates import make_files
from tests.helpers.contract import random_bytes, soon
from tests.helpers.processes import find
from tests.helpers.relays import RelayRig

DATA = random_bytes(3_000_000)
LOCAL = "127.0.0.1"


class Sharing:
    """A file that is being handed out, and somebody with curl in ``folder``."""

    def __init__(self, rig: RelayRig, folder: Path, scheme: str) -> None:
        self.rig = rig
        self.folder = folder
        facts = rig.relay.findings.share
        assert facts is not None
        self.link = f"{scheme}://localhost:{rig.port}{facts.path}"

    @property
    def got(self) -> bytes:
        """What is there under the name of the file."""
        return (self.folder / "report.pdf").read_bytes()

    @property
    def fetched(self) -> int:
        """How often it was fetched so far."""
        facts = self.rig.relay.findings.share
        assert facts is not None
        return facts.fetched

    async def curl(self, *words: str) -> tuple[int, str]:
        """Type a command: its exit status, and what it printed."""
        process = await asyncio.create_subprocess_exec(
            find("curl"), "-sS", "--noproxy", "*", "--ipv4", *words,
            cwd=self.folder, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        output, _nothing = await soon(process.communicate())
        assert process.returncode is not None
        return process.returncode, output.decode()


@asynccontextmanager
async def sharing(
    folder: Path, *, downloads: int = 1, data: bytes = DATA, tls: ServerTls | None = None
) -> AsyncIterator[Sharing]:
    """Hand out a file."""
    given, received = folder / "given", folder / "received"
    given.mkdir()
    received.mkdir()
    (given / "report.pdf").write_bytes(data)
    target = ShareFile(path=str(given / "report.pdf"), downloads=downloads)
    async with RelayRig(RelaySpec(TcpListen(0, host=LOCAL, tls=tls), target)) as rig:
        await rig.run()
        yield Sharing(rig, received, "https" if tls is not None else "http")


async def test_curl_fetches_it_under_its_name_and_nobody_does_after(tmp_path: Path):
    async with sharing(tmp_path) as share:
        assert (await share.curl("-f", "-OJ", share.link))[0] == 0
        assert share.got == DATA
        await share.rig.reach(RelayState.STOPPED)
        assert (await share.curl("-f", share.link))[0] == 7  # nobody listens
        digest = hashlib.sha256(DATA).hexdigest()
        said = f"report.pdf was fetched 1 of 1 by 127.0.0.1, SHA-256 {digest}"
        assert said in share.rig.log
        assert share.link.rpartition("/")[2] not in repr(share.rig.events)


async def test_curl_resumes_what_broke_off(tmp_path: Path):
    async with sharing(tmp_path) as share:
        link = f"{share.link}/report.pdf"
        status, _ = await share.curl("-f", "-O", "-r", "0-999999", link)
        assert (status, share.got, share.fetched) == (0, DATA[:1_000_000], 0)
        assert (await share.curl("-f", "-C", "-", "-O", link))[0] == 0
        assert share.got == DATA
        await share.rig.reach(RelayState.STOPPED)
        (said,) = [line for line in share.rig.log if "was fetched" in line]
        assert said.endswith(f"SHA-256 {hashlib.sha256(DATA).hexdigest()}")


async def test_curl_looks_first_and_takes_parts(tmp_path: Path):
    async with sharing(tmp_path, downloads=2) as share:
        status, head = await share.curl("-f", "-I", share.link)
        fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
        assert (status, head.splitlines()[0]) == (0, "HTTP/1.1 200 OK")
        assert fields["Content-Length"] == str(len(DATA))
        assert fields["Accept-Ranges"] == "bytes"
        for words, expected in (
            (("-r", "5-9"), DATA[5:10]),
            (("-r", "0-0,7-8"), DATA),
            (("-r", "-4"), DATA[-4:]),
        ):
            assert (await share.curl("-f", *words, "-o", "report.pdf", share.link))[0] == 0
            assert share.got == expected
        await share.rig.reach(RelayState.STOPPED)


async def test_wrong_ways_lead_nowhere(tmp_path: Path):
    async with sharing(tmp_path) as share:
        for wrong in ("", "/..", "/../given", "/report.pdf", "/%2e%2e/etc/passwd"):
            link = share.link.rpartition("/")[0] + wrong
            status, shown = await share.curl("--path-as-is", "-w", "%{http_code}", link)
            assert (status, shown) == (0, "There is nothing here.\n404")
        assert share.fetched == 0


async def test_over_tls_with_verification(tmp_path: Path):
    files = make_files(tmp_path)
    tls = ServerTls(certificate=files.certificate, key=files.key)
    async with sharing(tmp_path, tls=tls) as share:
        assert (await share.curl("-f", share.link))[0] == 60  # nobody vouches for it
        assert (await share.curl("-f", "--cacert", files.authority, "-OJ", share.link))[0] == 0
        assert share.got == DATA
        await share.rig.reach(RelayState.STOPPED)


@pytest.mark.timeout(180)
async def test_a_large_file_needs_no_more_memory_than_a_small_one(tmp_path: Path):
    size = 100 * 1024 * 1024
    async with sharing(tmp_path, downloads=2) as share:
        assert (await share.curl("-f", "-OJ", share.link))[0] == 0
        large = tmp_path / "large"
        with large.open("wb") as file:
            for number in range(100):
                file.write(random_bytes(1024 * 1024, seed=number))
        with large.open("rb") as file:
            wanted = hashlib.file_digest(file, "sha256").hexdigest()
        target = ShareFile(path=str(large))
        async with RelayRig(RelaySpec(TcpListen(0, host=LOCAL), target)) as rig:
            await rig.run()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            (share.folder / "report.pdf").unlink()
            other = Sharing(rig, share.folder, "http")
            assert (await other.curl("-f", "-o", "report.pdf", other.link))[0] == 0
            await rig.reach(RelayState.STOPPED)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        with (share.folder / "report.pdf").open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == wanted
        assert (share.folder / "report.pdf").stat().st_size == size
        assert grown < 16 * 1024  # KiB
