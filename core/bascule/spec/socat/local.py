"""Owns Unix sockets, programs, files, terminals and standard input in socat's words."""

from __future__ import annotations

import dataclasses

from bascule.spec.built_in import Discard, Echo, Stall, Text
from bascule.spec.datagrams import UnixReceive, UnixReceiveFrom, UnixSendTo
from bascule.spec.endpoints import SerialPort, UnixConnect, UnixListen
from bascule.spec.local import Descriptor, File, Pipe, Program, Pty, Standard
from bascule.spec.socat.common import (
    common_of,
    mode_of,
    owner_of,
    path_of,
    whole_of,
)
from bascule.spec.socat.given import Given, malformed
from bascule.spec.socat.serial import serial_port


class LocalEnds:
    """Makes the ends within this computer."""

    # Unix sockets -------------------------------------------------------------------------------

    def _unix_listen(self, given: Given, *, abstract: bool = False) -> UnixListen:
        given.flag("fork")
        given.flag("unlink-early")
        return UnixListen(
            path_of(given),
            mode=mode_of(given, "777"),
            backlog=given.integer("backlog", 128) or 128,
            abstract=abstract,
            owner=owner_of(given),
            remove_after=given.flag("unlink-close", default=True),
            accept_timeout_seconds=given.seconds("accept-timeout"),
            **common_of(given),
        )

    def _unix_connect(self, given: Given, *, abstract: bool = False) -> UnixConnect:
        return UnixConnect(
            path_of(given), abstract=abstract, bind=given.text("bind"), **common_of(given)
        )

    _unix_client = _unix_connect

    def _unix_sendto(self, given: Given, *, abstract: bool = False) -> UnixSendTo:
        return UnixSendTo(
            path=path_of(given), bind=given.text("bind"), abstract=abstract, **common_of(given)
        )

    def _unix_recv(self, given: Given, *, abstract: bool = False) -> UnixReceive:
        given.flag("unlink-early")
        return UnixReceive(
            path=path_of(given), mode=mode_of(given, "777"), abstract=abstract, **common_of(given)
        )

    def _unix_recvfrom(self, given: Given, *, abstract: bool = False) -> UnixReceiveFrom:
        given.flag("fork")
        given.flag("unlink-early")
        return UnixReceiveFrom(
            path=path_of(given), mode=mode_of(given, "777"), abstract=abstract, **common_of(given)
        )

    def _abstract_listen(self, given: Given) -> UnixListen:
        return self._unix_listen(given, abstract=True)

    def _abstract_connect(self, given: Given) -> UnixConnect:
        return self._unix_connect(given, abstract=True)

    _abstract_client = _abstract_connect

    def _abstract_sendto(self, given: Given) -> UnixSendTo:
        return self._unix_sendto(given, abstract=True)

    def _abstract_recv(self, given: Given) -> UnixReceive:
        return self._unix_recv(given, abstract=True)

    def _abstract_recvfrom(self, given: Given) -> UnixReceiveFrom:
        return self._unix_recvfrom(given, abstract=True)

    # programs and files -------------------------------------------------------------------------

    def _exec(self, given: Given, interpreter: str = "none") -> Program:
        pty = given.flag("pty") or given.flag("openpty") or given.flag("ptmx")
        pipes = given.flag("pipes")
        given.flag("nofork")
        return Program(
            command=whole_of(given, "a command"),
            interpreter=interpreter,
            joined_by="terminal" if pty else "pipes" if pipes else "socket",
            stderr=given.flag("stderr"),
            new_session=given.flag("setsid"),
            controlling=given.flag("tiocsctty"),
            login=given.flag("dash"),
            search_path=given.text("path"),
            input_descriptor=given.integer("fdin", 0),
            output_descriptor=given.integer("fdout", 1),
            terminal=given.terminal(),
            **common_of(given),
        )

    def _system(self, given: Given) -> Program:
        return self._exec(given, "system")

    def _shell(self, given: Given) -> Program:
        return self._exec(given, "user")

    def _gopen(self, given: Given) -> SerialPort | File:
        serial = serial_port(path_of(given), given)
        if serial is not None:
            return dataclasses.replace(serial, **common_of(given))
        return self._file(given, create=True)

    def _open(self, given: Given) -> SerialPort | File:
        serial = serial_port(path_of(given), given)
        if serial is not None:
            return dataclasses.replace(serial, **common_of(given))
        return self._file(given, create=False)

    def _create(self, given: Given) -> File:
        return self._file(given, create=True, way="write", truncate=True)

    def _file(
        self, given: Given, *, create: bool, way: str = "both", truncate: bool = False
    ) -> File:
        path = path_of(given)
        if given.flag("o-rdonly"):
            way = "read"
        elif given.flag("o-wronly"):
            way = "write"
        given.flag("o-rdwr")
        exclusive = given.flag("o-excl")
        made = given.flag("o-creat", default=create and not path.startswith("/dev/"))
        return File(
            path=path,
            way=way,
            create=made or exclusive,
            exclusive=exclusive,
            append=given.flag("append"),
            truncate=given.flag("o-trunc", default=truncate),
            seek=given.integer("lseek64-set"),
            mode=mode_of(given, "644"),
            lock=given.flag("flock-ex"),
            remove_first=given.flag("unlink-early") or given.flag("unlink"),
            remove_after=given.flag("unlink-close"),
            terminal=given.terminal(),
            **common_of(given),
        )

    def _pty(self, given: Given) -> Pty:
        given.seconds("pty-interval")
        return Pty(
            link=given.text("symbolic-link"),
            mode=mode_of(given, "600"),
            wait=given.flag("pty-wait-slave"),
            terminal=given.terminal(),
            **common_of(given),
        )

    def _pipe(self, given: Given) -> Pipe | Echo:
        path = ":".join(given.address.params)
        if not path:
            return Echo(**common_of(given))
        return Pipe(path=path, mode=mode_of(given, "644"), **common_of(given))

    def _socketpair(self, given: Given) -> Echo:
        return Echo(**common_of(given))

    def _stdio(self, given: Given, use: str = "both") -> Standard:
        return Standard(use=use, terminal=given.terminal(), **common_of(given))

    def _stdin(self, given: Given) -> Standard:
        return self._stdio(given, "input")

    def _stdout(self, given: Given) -> Standard:
        return self._stdio(given, "output")

    def _stderr(self, given: Given) -> Standard:
        return self._stdio(given, "error")

    def _fd(self, given: Given) -> Descriptor:
        number = whole_of(given, "a number")
        if not number.isdigit():
            raise malformed(given.address.text, 0, "a descriptor is a number")
        return Descriptor(number=int(number), terminal=given.terminal(), **common_of(given))

    def _text(self, given: Given) -> Text:
        return Text(text=whole_of(given, "a text"), **common_of(given))

    def _stall(self, given: Given) -> Stall:
        return Stall(**common_of(given))

    def _discard(self, given: Given) -> Discard:
        return Discard(**common_of(given))
