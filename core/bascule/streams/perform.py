"""Owns how a handshake's steps meet a stream."""

from __future__ import annotations

from bascule.protocols.steps import EndOfStream, Read, Steps
from bascule.streams.buffered import BufferedStream


async def perform[T](steps: Steps[T], stream: BufferedStream) -> T:
    """Run a handshake over a stream and return its result.

    Raises:
        HandshakeError: as the steps do. StreamError: as the stream does.
    """
    try:
        request = next(steps)
        while True:
            if isinstance(request, Read):
                data = await stream.read_exactly(request.count)
                if len(data) < request.count:
                    request = steps.throw(EndOfStream(data))
                else:
                    request = steps.send(data)
            else:
                await stream.send(request.data)
                request = steps.send(b"")
    except StopIteration as done:
        return done.value
    finally:
        steps.close()
