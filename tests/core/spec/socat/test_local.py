"""Programs, files, terminals, pipes and Bascule's own ends in socat's words."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Discard, Echo, Room, Stall, Text
from bascule.spec.endpoints import SerialPort
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.local import (
    Descriptor,
    File,
    NamedPipeConnect,
    NamedPipeListen,
    Pipe,
    Program,
    Pty,
    Standard,
)
from bascule.spec.log_collector import LogCollector
from bascule.spec.transfer import ReceiveFiles, SendFiles
from tests.core.spec.socat.test_ends import read, read_whole, verdicts


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (
            "EXEC:ls,pty,stderr,setsid,ctty,login,path=/bin,fdin=3,fdout=4,raw",
            Program(
                command="ls", joined_by="terminal", stderr=True, new_session=True,
                controlling=True, login=True, search_path="/bin", input_descriptor=3,
                output_descriptor=4, terminal=("raw",),
            ),
        ),
        ("EXEC:ls,openpty", Program(command="ls", joined_by="terminal")),
        ("SYSTEM:ls -l", Program(command="ls -l", interpreter="system")),
        ("SHELL:ls,pipes", Program(command="ls", interpreter="user", joined_by="pipes")),
        ("SHELL:'a b',shell=/bin/ksh", Program(command="/bin/ksh -c 'a b'")),
        ("SHELL,shell=/bin/ksh", Program(command="/bin/ksh")),
        ("SHELL", Program(command='exec "${SHELL:-/bin/sh}"', interpreter="system")),
        ("GOPEN:/tmp/x", File(path="/tmp/x", create=True, append=True)),
        ("./x,rdonly", File(path="./x", way="read", create=True, append=True)),
        ("CREATE:/tmp/x", File(path="/tmp/x", way="write", create=True, truncate=True)),
        ("OPEN:/x,rdonly,seek=9", File(path="/x", way="read", seek=9)),
        ("OPEN:/x,seek-end=-9", File(path="/x", seek=-9)),
        ("OPEN:/x,rdonly,wronly", File(path="/x", way="write")),
        ("OPEN:/x,excl", File(path="/x")),
        ("OPEN:/x,truncate=0", File(path="/x", truncate=True)),
        ("OPEN:/x,umask=077", File(path="/x", mode="600")),
        ("OPEN:x,cd=/tmp", File(path="/tmp/x")),
        (
            "OPEN:/x,wronly,creat,excl,lock,unlink-early,unlink-close,mode=600",
            File(
                path="/x", way="write", create=True, exclusive=True, lock=True,
                remove_first=True, remove_after=True, mode="600",
            ),
        ),
        ("OPEN:/dev/ttyUSB0,raw,b9600", SerialPort("/dev/ttyUSB0", 9600)),
        ("OPEN:/dev/ttyUSB0,b9600,plain-file", File(path="/dev/ttyUSB0", terminal=("b9600",))),
        (
            "PTY,link=/x,wait-slave,pty-interval=2,echo=0",
            Pty(link="/x", wait=True, terminal=("echo=0",)),
        ),
        ("PIPE", Pipe()),
        ("PIPE:/x,rdonly,mode=666", Pipe(path="/x", way="read", mode="666")),
        ("SOCKETPAIR", Echo()),
        ("STDIO,raw,echo=0", Standard(terminal=("raw", "echo=0"))),
        ("STDIN", Standard(use="input")),
        ("STDOUT", Standard(use="output")),
        ("STDERR", Standard(use="error")),
        ("3", Descriptor(number=3)),
        ("FD:33", Descriptor(number=33)),
        ("TEXT:a:b", Text(text="a:b")),
        (r"TEXT:a\nb,after-request", Text(text="a\nb", after_request=True)),
        ("STALL", Stall()),
        ("DISCARD", Discard()),
        ("ROOM,announce=0,include-self=0", Room(announce=False, include_self=False)),
        ("HTTP-ANSWER", HttpAnswer()),
        (
            "HTTP-ANSWER:Closed,status=503,content-type=text/html,header='A: 1, 2',header=B:3",
            HttpAnswer(
                body="Closed",
                status=503,
                content_type="text/html",
                headers=("A: 1, 2", "B:3"),
            ),
        ),
        ("HEALTH-ANSWER,form=text", HealthAnswer(form="text")),
        ("RECEIVE-FILES:/x", ReceiveFiles(folder="/x")),
        ("RECEIVE-FILES:x,existing=replace", ReceiveFiles(folder="x", existing="replace")),
        ("RECEIVE-FILES:x,file-name=big.log", ReceiveFiles(folder="x", file_name="big.log")),
        ("RECEIVE-FILES:x,megabytes=20", ReceiveFiles(folder="x", limit_megabytes=20)),
        ("SEND-FILES:/x", SendFiles(path="/x")),
        ("SEND-FILES:x,chdir=/srv,plain", SendFiles(path="/srv/x", plain=True)),
        ("LOG-COLLECTOR:/x", LogCollector(path="/x")),
        (
            "LOG-COLLECTOR:x,chdir=/logs,sender=address-port,rotate-size=5,keep-files=2",
            LogCollector(
                path="/logs/x", sender="address-port", rotate_megabytes=5, keep_files=2
            ),
        ),
        ("NAMED-PIPE-LISTEN:x", NamedPipeListen(name="x")),
        (r"NAMED-PIPE:\\.\pipe\x", NamedPipeConnect(name=r"\\.\pipe\x")),
    ],
)  # fmt: skip
def test_an_address_is_an_end(text: str, end: object):
    assert read(text) == end


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("EXEC", ErrorCode.VALUE_INVALID, "EXEC:<command-line>"),
        ("EXEC:' '", ErrorCode.VALUE_MISSING, "the command is missing"),
        ("SYSTEM:ls,umask=077", ErrorCode.NOT_ON_THIS_SYSTEM, "write `umask … && …`"),
        ("OPEN:", ErrorCode.VALUE_MISSING, "the path is missing"),
        ("CREATE:''", ErrorCode.VALUE_MISSING, "the path is missing"),
        ("OPEN:/x,truncate=9", ErrorCode.NOT_ON_THIS_SYSTEM, "not cut to a length"),
        ("OPEN:/x,seek-end=9", ErrorCode.NOT_ON_THIS_SYSTEM, "so many bytes before its end"),
        ("OPEN:/x,directory", ErrorCode.NOT_ON_THIS_SYSTEM, "files, not folders"),
        ("FD:x", ErrorCode.VALUE_INVALID, '"x" is not the number of a descriptor'),
        ("FD:65536", ErrorCode.VALUE_INVALID, "is not the number"),
        ("PTY:x", ErrorCode.VALUE_INVALID, "wrong number of parameters"),
        ("STDIO:x", ErrorCode.VALUE_INVALID, "wrong number of parameters"),
        ("NAMED-PIPE:", ErrorCode.VALUE_MISSING, "the name is missing"),
        ("HTTP-ANSWER:x,status=199", ErrorCode.VALUE_INVALID, "from 200 to 599"),
        ("HTTP-ANSWER:x,header=none", ErrorCode.VALUE_INVALID, "none is not Name: value"),
        ("HEALTH-ANSWER,form=xml", ErrorCode.VALUE_INVALID, "one of json, text, plain"),
        ("RECEIVE-FILES:", ErrorCode.VALUE_MISSING, "the folder is missing"),
        ("RECEIVE-FILES:x,file-name=a/b", ErrorCode.VALUE_INVALID, "a name without a folder"),
        ("SEND-FILES:", ErrorCode.VALUE_MISSING, "the path is missing"),
        ("LOG-COLLECTOR:", ErrorCode.VALUE_MISSING, "the path is missing"),
        ("LOG-COLLECTOR:/x,stamp=x", ErrorCode.VALUE_INVALID, "one of local, utc, none"),
        ("TEXT", ErrorCode.VALUE_INVALID, "TEXT:<string>"),
        ("EXEC:ls,fdin=1024", ErrorCode.VALUE_INVALID, "from 0 to 1023"),
    ],
)
def test_what_cannot_be(text: str, code: ErrorCode, said: str):
    with pytest.raises(SpecError) as caught:
        read_whole(text).finish()
    assert said in caught.value.message
    assert caught.value.code is code


def test_strictly_a_text_has_no_colons():
    with pytest.raises(SpecError, match="wrong number"):
        read("TEXT:a:b", strict=True)


@pytest.mark.parametrize(
    ("text", "token", "kind"),
    [
        ("OPEN:/x,excl", "excl", "ignored"),
        ("OPEN:/x,flock-nb", "flock-nb", "emulated"),
        ("OPEN:/x,unlink-late", "unlink-late", "emulated"),
        ("EXEC:ls,echo=0", "echo=0", "ignored"),
        ("EXEC:ls,nofork", "nofork", "ignored"),
        ("EXEC:ls,pty,echo=0", "echo=0", "native"),
        ("OPEN:/a:b", "OPEN", "as meant"),
        ("TEXT:a:b", "TEXT", "as meant"),
    ],
)
def test_what_is_said_of_it(text: str, token: str, kind: str):
    assert verdicts(text)[token][0] == kind


@pytest.mark.parametrize(
    ("text", "token", "systems"),
    [
        ("EXEC:ls,pty", "pty", {"windows"}),
        ("EXEC:ls,setsid", "setsid", {"windows"}),
        ("PTY", "PTY", {"windows"}),
        ("PIPE:/x", "PIPE", {"windows"}),
        ("-,raw", "raw", {"windows"}),
        ("-,xcase=0", "xcase=0", {"windows", "macos"}),
        ("NAMED-PIPE-LISTEN:x", "NAMED-PIPE-LISTEN", {"linux", "macos"}),
        ("OPEN:/x,mode=600", "mode=600", {"windows"}),
        ("OPEN:COM5,raw", "raw", set[str]()),
        ("PIPE", "PIPE", set[str]()),
    ],
)
def test_what_a_system_does_not_have(text: str, token: str, systems: set[str]):
    found = {
        system
        for system in ("linux", "macos", "windows")
        if verdicts(text, system=system).get(token, ("",))[0] == "not on this system"
    }
    assert found == systems
