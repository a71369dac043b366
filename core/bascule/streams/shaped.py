"""Owns what happens to the bytes at one end: line endings, and what counts or is told as the end.

What is read passes, in this order: what finishes this end (an empty datagram, a byte, a count of
bytes), then the translation of line endings.
"""

from __future__ import annotations

import asyncio

from bascule.errors import StreamError
from bascule.streams.base import EMPTY_DATAGRAM, Stream
from bascule.streams.buffered import broken
from bascule.streams.layer import Layer

_NONE = -1


class ShapedStream(Layer):
    """Shapes what is received from ``inner`` and what is sent to it.

    - ``line_ending``: "keep", or how lines end at this end ("crlf", "cr"): received, such an end
      becomes a line feed; sent, a line feed becomes such an end. What ends so already is left.
    - ``ignore_eof``: take no end for an end, and ask again after ``ask_again_seconds``.
    - ``null_eof``: an empty datagram is the end.
    - ``end_close``: where this end has finished, it is not told that we have; closing says enough.
    - ``finish``: how it is told that nothing more will be sent: "usual" or "shutdown" (as its kind
      does), "none" (not at all), "close" (it is closed, nothing more is received), "empty" (by an
      empty datagram).
    - ``read_bytes``: take it for finished after so many bytes; 0: do not count.
    - ``escape``: a byte that finishes it; it and what follows is dropped; -1: none.
    """

    def __init__(
        self,
        inner: Stream,
        *,
        line_ending: str = "keep",
        ignore_eof: bool = False,
        null_eof: bool = False,
        end_close: bool = False,
        finish: str = "usual",
        read_bytes: int = 0,
        escape: int = _NONE,
        ask_again_seconds: float = 1.0,
    ) -> None:
        super().__init__(inner)
        self._line_ending = line_ending
        self._ignore_eof = ignore_eof
        self._null_eof = null_eof
        self._end_close = end_close
        self._finish = finish
        self._to_read = read_bytes or None
        self._escape = escape
        self._ask_again_seconds = ask_again_seconds
        self._carriage = b""  # a CR received last: the next chunk says whether it belongs to an end
        self._sent_cr = False
        self._ended = False
        self._finished = False
        self._closed = False
        if finish == "none" or (finish == "empty" and not inner.datagrams):
            self.can_half_close = False

    # receiving ----------------------------------------------------------------------------------

    async def receive(self) -> bytes:
        while not self._ended:
            data = self._cut(await self._asked())
            if len(data) and (data := self._translated(data)):
                return data
            if data is EMPTY_DATAGRAM:
                return data
        return self._rest()

    async def _asked(self) -> bytes:
        """What comes next; ``b""`` is the end."""
        while True:
            try:
                data = await self._inner.receive()
            except StreamError:
                if self._finished and self._finish == "close" and not self._closed:
                    return b""  # it was closed to tell it the end, and this is ours
                raise
            if data or not self._ignore_eof:
                return data
            await asyncio.sleep(self._ask_again_seconds)

    def _cut(self, data: bytes) -> bytes:
        """Drop what comes after the end, and note the end."""
        if not data or (data is EMPTY_DATAGRAM and self._null_eof):
            self._ended = True
            return b""
        if self._escape != _NONE and (at := data.find(self._escape)) >= 0:
            self._ended = True
            data = data[:at]
        if self._to_read is not None and len(data) >= self._to_read:
            self._ended = True
            data = data[: self._to_read]
        elif self._to_read is not None:
            self._to_read -= len(data)
        return data

    def _translated(self, data: bytes) -> bytes:
        if self._line_ending == "cr":
            return data.replace(b"\r", b"\n")
        if self._line_ending == "crlf":
            data, self._carriage = self._carriage + data, b""
            # Which bytes a datagram has is its own affair; it is not continued by the next one.
            if data.endswith(b"\r") and not self.datagrams:
                data, self._carriage = data[:-1], b"\r"
            data = data.replace(b"\r\n", b"\n")
        return data

    def _rest(self) -> bytes:
        if self._closed:
            raise broken("the stream is closed")
        data, self._carriage = self._carriage, b""
        return data

    # sending ------------------------------------------------------------------------------------

    async def send(self, data: bytes) -> None:
        if self._finished:
            raise broken("sending has been finished")
        if len(data) and self._line_ending == "cr":
            data = data.replace(b"\n", b"\r")
        elif len(data) and self._line_ending == "crlf":
            data = self._with_crlf(data)
        await self._inner.send(data)

    def _with_crlf(self, data: bytes) -> bytes:
        begins_within = self._sent_cr and data.startswith(b"\n")
        self._sent_cr = data.endswith(b"\r") and not self.datagrams
        written = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return written[1:] if begins_within else written

    async def send_eof(self) -> None:
        if self._finished:
            return
        match self._finish:
            case "none":
                pass
            case "close":
                self._finished = True  # closing wakes who receives, and it is to know why
                await self._inner.aclose()
            case "empty":
                await self._inner.send(EMPTY_DATAGRAM)
            case _:
                if not (self._end_close and self._ended):
                    await self._inner.send_eof()
        self._finished = True

    async def aclose(self) -> None:
        self._closed = True
        await self._inner.aclose()

    def abort(self) -> None:
        self._closed = True
        self._inner.abort()
