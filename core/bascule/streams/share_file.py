"""Owns the end that hands out one file over HTTP: the secret way to it, how often and how long.

Whoever does not know the way is told that nothing is there. What is handed out is the file as it
was when the relay was started, or nothing: one that has changed since is refused, also half-way.
A download counts when the last byte of the file has been handed over, be it by one request or by
one that resumes. Who breaks off or asks for everything but the end uses up what all downloads may
take together. The way is in no log and no event; ``facts`` says it to whoever may ask.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
import stat
import time
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from bascule.errors import BasculeError, DialError, ErrorCode, StreamError
from bascule.events import Stage
from bascule.facts import ShareFacts
from bascule.protocols.http_file import FileFacts, Part, answer_file, path_of, refusal
from bascule.protocols.http_server import Request, Response, serve
from bascule.protocols.steps import Body
from bascule.streams.answering import AnsweringStream
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.descriptor import close_quietly
from bascule.streams.disk import DiskInlet
from bascule.streams.file import OpenSettings, open_error, open_patiently
from bascule.streams.origin import get_origin
from bascule.streams.stage import staged

_SECRET_BYTES = 16
"""128 bits: nobody finds the way by trying."""

_AGAIN_SECONDS = 5
"""When who comes while somebody else downloads may ask again."""


_TIMES = 3
"""How many times the bytes of all downloads are handed out in all: on bad lines much is fetched
again, and who takes the file in parts shall not have it for ever.
"""


class _Version(NamedTuple):
    """What is the same as long as a file is."""

    device: int
    inode: int
    size: int
    modified_ns: int


class Share:
    """One file that is handed out ``downloads`` times, until ``seconds`` (0: no limit) have passed.

    ``say`` and ``warn`` hear what happens; ``finish`` is called when there is nothing more to hand
    out and nobody is being served. ``clock`` gives the time of day: a computer may sleep.
    """

    def __init__(
        self,
        path: str,
        *,
        downloads: int,
        seconds: float,
        say: Callable[[str], None],
        warn: Callable[[BasculeError], None],
        finish: Callable[[], None],
        field: str = "path",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings = OpenSettings(path, "read", field=field)
        self._name = Path(path).name
        self._downloads = downloads
        self._say = say
        self._warn = warn
        self._finish = finish
        self._clock = clock
        self._secret = secrets.token_urlsafe(_SECRET_BYTES)
        self._ends_at = clock() + seconds if seconds else None
        self._version: _Version | None = None
        self._fetched = 0
        self._handed_bytes = 0
        self._changed = False
        self._end_said = False
        self._under_way: list[_Download] = []
        self._digest = hashlib.sha256()
        self._digested = 0

    @property
    def facts(self) -> ShareFacts:
        """What is known of it now, and the way to it: a secret."""
        return ShareFacts(
            path=f"/{self._secret}",
            name=self._name,
            size=self._version.size if self._version is not None else 0,
            downloads=self._downloads,
            fetched=self._fetched,
            ends_at=self._ends_at,
            changed=self._changed,
        )

    # the file -----------------------------------------------------------------------------------

    async def open(self) -> int:
        """Open the file. Raises: DialError: it cannot be opened, is none, or is another one."""
        try:
            fd = await open_patiently(self.settings)
        except (OSError, ValueError) as exc:
            if await asyncio.to_thread(Path(self.settings.path).is_dir):
                raise self._no_file("a folder; pack it into one file first") from exc
            raise open_error(exc, self.settings) from exc
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise self._no_file("no file")
            if self._version is None:
                self._version = _version(status)
            self._compare(status)
        except BaseException:
            close_quietly(fd)
            raise
        return fd

    def compare(self, fd: int) -> None:
        """Raise DialError where the file is not any more what it was at first."""
        self._compare(os.fstat(fd))

    def _compare(self, status: os.stat_result) -> None:
        if _version(status) != self._version:
            path = self.settings.path
            raise DialError(
                f"{path} has changed since the relay was started; it is not handed out as a "
                "mixture. Start the relay again to hand out what it is now",
                code=ErrorCode.FILE_FAILED,
                path=path,
                why="it has changed since the relay was started; start it again",
            )

    def _no_file(self, what: str) -> DialError:
        path = self.settings.path
        return DialError(
            f"{path} is {what}",
            code=ErrorCode.FILE_FAILED,
            field=self.settings.field,
            path=path,
            why=f"it is {what}",
        )

    # who may have it ----------------------------------------------------------------------------

    def knows(self, path: str) -> bool:
        """Whether somebody knows the way; how long that takes tells nothing."""
        before, _slash, rest = path.partition("/")
        secret, _slash, name = rest.partition("/")
        knows = hmac.compare_digest(secret.encode(errors="replace"), self._secret.encode())
        return knows and not before and name in ("", quote(self._name, safe=""))

    @property
    def over(self) -> bool:
        """Whether nobody gets it any more."""
        expired = self._ends_at is not None and self._clock() >= self._ends_at
        return expired or self._fetched >= self._downloads or self._worn

    @property
    def _worn(self) -> bool:
        """Whether more than all downloads may take was taken in parts."""
        size = self._version.size if self._version is not None else 0
        return self._handed_bytes > _TIMES * self._downloads * size

    def is_free_for(self, host: str) -> bool:
        """Whether a download is left that nobody else is at: one that resumes, or fetches several
        parts at once, takes no other's.
        """
        others = {each.host for each in self._under_way if each.host != host}
        return self._downloads - self._fetched > len(others)

    def answer(self, download: _Download, request: Request) -> Response:
        """Answer a request of whoever came."""
        if not self.knows(path_of(request.target)):
            return refusal(404, "There is nothing here.")
        if self.over:
            return refusal(410, "This file is not handed out any more. Ask for a new link.")
        if not download.is_whole():
            return refusal(410, "This file has changed or is gone. Ask for a new link.")
        if request.method == "GET" and not self.is_free_for(download.host):
            again = ("Retry-After", str(_AGAIN_SECONDS))
            return refusal(503, "Somebody else is fetching this file just now.", again)
        response = answer_file(request, self._file_facts(), download.part)
        if request.method == "GET" and not isinstance(response.body, bytes):
            self._under_way.append(download)
        return response

    def _file_facts(self) -> FileFacts:
        assert self._version is not None
        known = repr((self._secret, *self._version)).encode()
        tag = hashlib.sha256(known).hexdigest()[:32]
        seconds = self._version.modified_ns / 1e9
        return FileFacts(self._name, self._version.size, seconds, tag)

    # what has happened --------------------------------------------------------------------------

    def hand_out(self, start: int, data: bytes) -> None:
        """Account for bytes of the file from ``start`` on before they are handed out, and learn
        its sum, as far as they go on from what was learnt.

        Raises: StreamError: it was fetched in parts too often.
        """
        self._handed_bytes += len(data)
        if self._worn:
            why = f"parts of {self._name} were fetched too often, it is not handed out any more"
            self._say_end(why)
            raise StreamError(why, code=ErrorCode.CONNECTION_BROKEN)
        known = self._digested - start
        if 0 <= known < len(data):
            self._digest.update(data[known:])
            self._digested = start + len(data)

    def delivered(self, download: _Download, part: Part) -> None:
        """Hear that the last byte of a part was handed over."""
        if part.start + part.length == part.total:
            self._fetched += 1
            by = f" by {download.host}" if download.host else ""
            said = f"{self._name} was fetched {self._fetched} of {self._downloads}{by}"
            if part.start:
                said += f" (resumed at byte {part.start})"
            if self._digested == part.total:
                said += f", SHA-256 {self._digest.hexdigest()}"
            self._say(said)
        self.leave(download)

    def broken(self, why: BasculeError) -> None:
        """Hear that the file is not what it was; said once."""
        if not self._changed:
            self._changed = True
            self._warn(why)

    def leave(self, download: _Download) -> None:
        """Hear that somebody is not served any more."""
        if download in self._under_way:
            self._under_way.remove(download)
        if self.over and not self._under_way:
            self._finish()

    async def care(self) -> None:
        """Look whether its time is over; to be called now and then."""
        if not self.over:
            return
        if self._fetched < self._downloads:
            rest = "; who is fetching it gets all" if self._under_way else ""
            self._say_end(f"the time of {self._name} is over", rest)
        if not self._under_way:
            self._finish()

    def _say_end(self, why: str, rest: str = "") -> None:
        """Say once why it ends before all downloads were made."""
        if not self._end_said:
            self._end_said = True
            self._say(f"{why}: fetched {self._fetched} of {self._downloads}{rest}")


def _version(status: os.stat_result) -> _Version:
    return _Version(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class _Download:
    """What one connection may fetch: the open file, and for whom."""

    def __init__(self, share: Share, fd: int | None, host: str) -> None:
        self.host = host
        self._share = share
        self._fd = fd
        self._inlet = DiskInlet(fd, share.settings.path) if fd is not None else None

    def is_whole(self) -> bool:
        """Whether the file is what it was at first; where not, that is told."""
        if self._fd is None:
            return False
        try:
            self._share.compare(self._fd)
        except DialError as exc:
            self._share.broken(exc)
            return False
        return True

    def part(self, part: Part) -> Body:
        """A part of the file."""
        return _PartBody(self, part)

    async def read(self, start: int, at: int, most: int) -> bytes:
        """At most so many bytes of the file from ``at`` on; the part that is read begins at
        ``start``.

        Raises: StreamError: it has changed meanwhile, or was fetched in parts too often.
        """
        assert self._fd is not None
        assert self._inlet is not None
        if at == start:
            os.lseek(self._fd, start, os.SEEK_SET)
        data = (await self._inlet.receive())[:most]
        if not (self.is_whole() and data):
            raise StreamError(
                "the file has changed while it was fetched", code=ErrorCode.CONNECTION_BROKEN
            )
        self._share.hand_out(at, data)
        return data

    def delivered(self, part: Part) -> None:
        """Hear that all of it was handed over."""
        self._share.delivered(self, part)

    async def aclose(self) -> None:
        """Free the file. Calling it again does nothing."""
        self._share.leave(self)
        if self._fd is not None and self._inlet is not None:
            fd, self._fd = self._fd, None
            self._inlet.halt()
            await self._inlet.settle()
            close_quietly(fd)


class _PartBody:
    """A part of a file, piece by piece."""

    def __init__(self, download: _Download, part: Part) -> None:
        self.length = part.length
        self._download = download
        self._part = part
        self._at = part.start

    async def read(self) -> bytes:
        left = self._part.start + self._part.length - self._at
        if not left:
            # Nothing is waited for: the peer may leave as soon as it has the last byte.
            self._download.delivered(self._part)
            return b""
        data = await self._download.read(self._part.start, self._at, left)
        self._at += len(data)
        return data


class _ShareStream(AnsweringStream):
    """Serves one connection."""

    def __init__(self, share: Share, download: _Download) -> None:
        answer = partial(share.answer, download)
        super().__init__("share", serve(answer, partial(formatdate, usegmt=True)))
        self._download = download

    async def aclose(self) -> None:
        self.abort()
        await self._download.aclose()


class ShareDialer(Dialer):
    """Serves each connection with the file of ``share``."""

    def __init__(self, share: Share) -> None:
        self.label = share.settings.path
        self._share = share
        self._looked = False

    async def check(self) -> None:
        """Raise DialError where there is no such file, or it is a folder."""
        if not self._looked:
            close_quietly(await self._share.open())
            self._looked = True

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            await self.check()
            fd: int | None = None
            try:
                fd = await self._share.open()
            except DialError as exc:
                self._share.broken(exc)  # who asks is told so, in words
            return _ShareStream(self._share, _Download(self._share, fd, get_origin().peer.host))
