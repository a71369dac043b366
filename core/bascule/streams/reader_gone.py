"""Owns the question whether anybody still reads the pipe that we write into.

Without it that would show at the next write only, which may be long in coming.
"""

from __future__ import annotations

import asyncio
import os
import stat
import sys

_LOOK_SECONDS = 0.5


async def reader_gone(fd: int) -> None:
    """Return when nobody reads any more what is written to ``fd``; where it is no pipe, never."""
    if sys.platform == "win32":  # pragma: no cover - that system only
        while not _is_closing(fd):  # noqa: ASYNC110 - nothing there tells us of it
            await asyncio.sleep(_LOOK_SECONDS)
        return
    gone = asyncio.Event()
    if not stat.S_ISFIFO(os.fstat(fd).st_mode):
        await gone.wait()
    loop = asyncio.get_running_loop()
    loop.add_reader(fd, gone.set)  # of the writing end the system has nothing else to tell
    try:
        await gone.wait()
    finally:
        loop.remove_reader(fd)


def _is_closing(fd: int) -> bool:  # pragma: no cover - Windows only
    """Whether ``fd`` is an end of a pipe of which the other end is closed.

    Source: FILE_PIPE_LOCAL_INFORMATION of Windows' driver reference; asked of the writing end, as
    CreatePipe lets whoever writes read attributes.
    """
    if sys.platform != "win32":
        return False
    import ctypes
    import msvcrt

    which, closing = 24, 4  # FilePipeLocalInformation, FILE_PIPE_CLOSING_STATE
    outcome = (ctypes.c_void_p * 2)()  # IO_STATUS_BLOCK
    facts = (ctypes.c_ulong * 10)()  # NamedPipeState is the ninth
    query = ctypes.WinDLL("ntdll").NtQueryInformationFile
    pointer, number = ctypes.c_void_p, ctypes.c_ulong
    query.argtypes = (pointer, pointer, pointer, number, number)
    handle = msvcrt.get_osfhandle(fd)
    status = query(handle, outcome, facts, ctypes.sizeof(facts), which)
    return status == 0 and facts[8] == closing
