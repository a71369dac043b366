"""Windows' own calls for named pipes: nothing elsewhere; on Windows, what the streams over them
(tests of ``named_pipe``) do not reach.
"""

from __future__ import annotations

import os
import sys

from bascule.streams import named_pipe_windows

if sys.platform == "win32":
    import _winapi
    import threading

    import pytest

    NAME = f"\\\\.\\pipe\\bascule-calls-{os.getpid()}"

    def test_a_place_is_taken_once():
        place = named_pipe_windows.create_pipe(NAME, first=True)
        other = named_pipe_windows.open_pipe(NAME)
        with pytest.raises(OSError) as caught:  # noqa: PT011
            named_pipe_windows.open_pipe(NAME)
        assert named_pipe_windows.is_busy(caught.value)
        assert place.connect()
        other.write(memoryview(b"hello"))
        assert place.read() == b"hello"
        other.close()
        assert place.read() == b""
        place.close()

    def test_who_came_and_went():
        place = named_pipe_windows.create_pipe(NAME, first=True)
        named_pipe_windows.open_pipe(NAME).close()
        assert not place.connect()
        place.close()

    @pytest.mark.parametrize("call", ["connect", "read", "write"])
    def test_each_call_can_be_cancelled(call: str):
        place = named_pipe_windows.create_pipe(NAME, first=True)
        other = None if call == "connect" else named_pipe_windows.open_pipe(NAME)
        errors = list[OSError]()

        def run() -> None:
            try:
                if call == "connect":
                    place.connect()
                elif call == "read":
                    place.read()
                else:
                    while True:
                        place.write(memoryview(bytes(1_000_000)))
            except OSError as exc:
                errors.append(exc)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        while thread.is_alive():
            place.cancel()
            thread.join(0.05)
        assert errors[0].winerror == _winapi.ERROR_OPERATION_ABORTED
        place.close()
        if other is not None:
            other.close()

else:

    def test_nothing_is_here():
        assert [name for name in vars(named_pipe_windows) if "pipe" in name.lower()] == []
