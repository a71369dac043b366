"""Unix sockets, programs and files in socat's words: what the runbooks do not show."""

from __future__ import annotations

import pytest

from bascule.spec.built_in import Echo, Stall, Text
from bascule.spec.datagrams import UnixReceive, UnixReceiveFrom, UnixSendTo
from bascule.spec.endpoints import UnixConnect, UnixListen
from bascule.spec.local import File, Pipe, Program, Pty, Standard
from tests.core.spec.socat.test_ends import read


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (
            "UNIX-LISTEN:/x,fork,mode=0660,user=u,group=g,unlink-early,unlink-close=0",
            UnixListen("/x", "660", owner="u:g", remove_after=False),
        ),
        ("ABSTRACT-LISTEN:x", UnixListen("x", "777", abstract=True)),
        ("ABSTRACT-CONNECT:x", UnixConnect("x", abstract=True)),
        ("UNIX-CLIENT:/a:b", UnixConnect("/a:b")),
        ("UNIX-SENDTO:/x,bind=/y", UnixSendTo(path="/x", bind="/y")),
        ("UNIX-RECV:/x", UnixReceive(path="/x", mode="777")),
        ("UNIX-RECVFROM:/x,fork", UnixReceiveFrom(path="/x", mode="777")),
        ("ABSTRACT-SENDTO:x", UnixSendTo(path="x", abstract=True)),
        ("ABSTRACT-RECV:x", UnixReceive(path="x", mode="777", abstract=True)),
        ("ABSTRACT-RECVFROM:x", UnixReceiveFrom(path="x", mode="777", abstract=True)),
        (
            "EXEC:ls,pty,stderr,setsid,ctty,login,path=/bin,fdin=3,fdout=4,raw",
            Program(
                command="ls", joined_by="terminal", stderr=True, new_session=True,
                controlling=True, login=True, search_path="/bin", input_descriptor=3,
                output_descriptor=4, terminal=("raw",),
            ),
        ),
        ("SHELL:ls,pipes", Program(command="ls", interpreter="user", joined_by="pipes")),
        ("GOPEN:/tmp/x", File(path="/tmp/x", create=True)),
        ("CREATE:/tmp/x", File(path="/tmp/x", way="write", create=True, truncate=True)),
        ("OPEN:/x,rdonly,seek=9", File(path="/x", way="read", seek=9)),
        (
            "OPEN:/x,wronly,excl,lock,unlink-early,unlink-close,mode=600",
            File(
                path="/x", way="write", create=True, exclusive=True, lock=True,
                remove_first=True, remove_after=True, mode="600",
            ),
        ),
        ("PTY,link=/x,wait-slave,pty-interval=2", Pty(link="/x", wait=True)),
        ("PIPE:/x", Pipe(path="/x", mode="644")),
        ("SOCKETPAIR:x", Echo()),
        ("STDOUT", Standard(use="output")),
        ("STDERR", Standard(use="error")),
        ("STDIO,raw,echo=0", Standard(terminal=("raw", "echo=0"))),
        ("TEXT:hello", Text(text="hello")),
        ("STALL", Stall()),
    ],
)  # fmt: skip
def test_an_address_is_an_end(text: str, end: object):
    assert read(text) == end
