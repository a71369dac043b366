"""How the ends of this computer, and those made of several, are said in socat's words."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.spec.built_in import Discard, Echo, Room, Stall, Text
from bascule.spec.datagrams import UdpConnect, UnixReceive
from bascule.spec.endpoints import SerialPort, TcpConnect, TcpListen, UnixConnect
from bascule.spec.ends import Dual, Failover, FanOut
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
from bascule.spec.options import Retry, Shape
from bascule.spec.share_file import ShareFile
from bascule.spec.socat.write_ends import EndWriter
from bascule.spec.transfer import ReceiveFiles, SendFiles
from tests.core.spec.socat.test_ends import read

TCP = TcpConnect("h", 1, connect_timeout_seconds=120.0, keepalive=False)


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (Standard(), "-"),
        (Standard(terminal=("raw", "echo=0")), "-,raw,echo=0"),
        (Standard(use="error"), "STDERR"),
        (Descriptor(number=7), "FD:7"),
        (Pty(link="/x", wait=True, mode="666"), "PTY,link=/x,mode=666,wait-slave"),
        (Pipe(), "PIPE"),
        (Pipe(path="/x", way="read", remove_after=False), "PIPE:/x,rdonly,unlink-close=0"),
        (File(path="/x"), "OPEN:/x"),
        (File(path="/x", way="write", create=True, exclusive=True, append=True, truncate=True,
         lock=True, remove_first=True, remove_after=True, mode="600", seek=-3),
         ("OPEN:/x,wronly,creat,excl,append,trunc,lock,unlink-early,unlink-close,seek-end=-3,"
         "mode=600")),
        (File(path="/dev/ttyS0"), "OPEN:/dev/ttyS0,plain-file"),
        (File(path="/x", terminal=("b9600",)), "OPEN:/x,plain-file,b9600"),
        (SerialPort("COM5", 9600, 7, "odd", "2", "rts-cts"),
         "OPEN:COM5,raw,echo=0,b9600,cs7,parenb,parodd,cstopb,crtscts"),
        (SerialPort("/dev/ttyS0", 12345, 8, "mark", "1.5", "dsr-dtr", "off", "unchanged"),
         ("OPEN:/dev/ttyS0,raw,echo=0,ispeed=12345,ospeed=12345,cs8,parity=mark,stop-bits=1.5,"
         "flow=dsr-dtr,dtr=off,rts=unchanged")),
        (SerialPort("/dev/ttyS0", flow_control="xon-xoff"),
         "OPEN:/dev/ttyS0,raw,echo=0,b9600,cs8,ixon,ixoff"),
        (Program(command="ls"), "EXEC:ls"),
        (Program(command="ls", interpreter="system", joined_by="pipes"), "SYSTEM:ls,pipes"),
        (TcpListen(80, "0.0.0.0", keepalive=False), "TCP-LISTEN:80,nodelay"),
        (UnixConnect("/x"), "UNIX-CONNECT:/x"),
        (UdpConnect(host="h", port=5), "UDP-CONNECT:h:5"),
        (UnixReceive(path="/x"), "UNIX-RECV:/x"),
        (Program(command="ls", interpreter="user", joined_by="terminal", stderr=True,
         new_session=True, controlling=True, login=True, search_path="/bin", input_descriptor=3,
         output_descriptor=4, terminal=("raw",)),
         "SHELL:ls,pty,stderr,setsid,ctty,login,path=/bin,fdin=3,fdout=4,raw"),
        (Text(text="a:b", after_request=True), "TEXT:'a:b',after-request"),
        (Room(announce=False), "ROOM,announce=0"),
        (HttpAnswer(), "HTTP-ANSWER"),
        (HttpAnswer(status=503, body="a:b", content_type="", headers=("A: 1, 2", "B: 3")),
         "HTTP-ANSWER:'a:b',status=503,content-type=,header='A: 1, 2',header=B: 3"),
        (HealthAnswer(form="plain"), "HEALTH-ANSWER,form=plain"),
        (ReceiveFiles(folder="/x"), "RECEIVE-FILES:/x"),
        (ReceiveFiles(folder="/x", existing="refuse"), "RECEIVE-FILES:/x,existing=refuse"),
        (ShareFile(path="/x"), "SHARE-FILE:/x"),
        (ShareFile(path="/x", downloads=3, expires_minutes=0),
         "SHARE-FILE:/x,downloads=3,expires-minutes=0"),
        (ReceiveFiles(folder="/x", file_name="a"), "RECEIVE-FILES:/x,file-name=a"),
        (ReceiveFiles(folder="/x", limit_megabytes=5), "RECEIVE-FILES:/x,megabytes=5"),
        (SendFiles(path="/x"), "SEND-FILES:/x"),
        (SendFiles(path="/x", plain=True), "SEND-FILES:/x,plain"),
        (LogCollector(path="/x"), "LOG-COLLECTOR:/x"),
        (LogCollector(path="/x", stamp="utc", sender="none", rotate_megabytes=0, rotate_daily=True,
         keep_files=3),
         "LOG-COLLECTOR:/x,stamp=utc,sender=none,rotate-size=0,rotate-daily,keep-files=3"),
        (Echo(), "SOCKETPAIR"),
        (Stall(), "STALL"),
        (Discard(), "DISCARD"),
        (NamedPipeListen(name=r"\\.\pipe\x"), r"NAMED-PIPE-LISTEN:'\\\\.\\pipe\\x'"),
        (NamedPipeConnect(name="x"), "NAMED-PIPE-CONNECT:x"),
        (Dual(reading=Standard(use="input"), writing=Echo()), "STDIN!!SOCKETPAIR"),
        (Dual(reading=Echo(), writing=Stall(), retry=Retry(-1, 2.0)),
         "DUAL:SOCKETPAIR:STALL,forever,interval=2"),
        (Failover(targets=(TCP, Echo()), check_seconds=2),
         "FAILOVER:'TCP:h:1,nodelay':SOCKETPAIR,check=2"),
        (FanOut(targets=(TCP,), answering=0), "FAN-OUT:'TCP:h:1,nodelay',answering=0"),
        (Stall(shape=Shape("crlf", True, True, True, "empty", 9, 29), retry=Retry(3, 0.5)),
         ("STALL,crnl,ignoreeof,null-eof,end-close,shut-null,readbytes=9,escape=29,retry=3,"
         "interval=0.5")),
        (Echo(shape=Shape(ignore_eof=True)), "SOCKETPAIR,ignoreeof"),
        (Echo(shape=Shape("cr", finish="none")), "SOCKETPAIR,cr,shut-none"),
    ],
)  # fmt: skip
def test_an_end_in_words(end: Any, text: str):
    assert EndWriter({}).write(end) == text


def test_further_options_and_what_they_need():
    writer = EndWriter({})
    assert writer.write(TCP, more=(("retry", 3),)) == "TCP:h:1,nodelay,retry=3"
    assert not writer.foreign
    assert writer.write(Standard(), more=(("fork", None),)) == "-,fork"
    assert writer.foreign  # -g is needed


def test_a_fifo_for_both_ways_says_so_where_bytes_go_one_way():
    assert EndWriter({}).write(Pipe(path="/x"), way=True) == "PIPE:/x,rdwr"


def test_an_end_of_two_within_another():
    inner = Dual(reading=Echo(), writing=Stall())
    end = Dual(reading=inner, writing=Echo())
    assert read(EndWriter({}).write(end)) == end
