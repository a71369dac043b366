"""Owns how each kind of end is said in socat's words; the opposite of the modules that read them.

What socat has no word for is said in Bascule's own, so that nothing is lost on the way.
"""

from __future__ import annotations

from bascule.spec import built_in, datagrams, local
from bascule.spec.endpoints import SerialPort, TcpConnect, TcpListen, UnixConnect, UnixListen
from bascule.spec.ends import BuiltIn, Dual, Failover, FanOut
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.log_collector import LogCollector
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.options import Retry, Shape
from bascule.spec.share_file import ShareFile
from bascule.spec.socat.ends import End
from bascule.spec.socat.lexer import quote
from bascule.spec.socat.names import OPTIONS
from bascule.spec.socat.quoting import Words, number
from bascule.spec.socat.serial import is_serial, speed_words
from bascule.spec.socat.write_network import NetworkWriter
from bascule.spec.socat.write_program import command_words
from bascule.spec.transfer import ReceiveFiles, SendFiles

_USES = {"both": "STDIO", "input": "STDIN", "output": "STDOUT", "error": "STDERR"}
_INTERPRETERS = {"none": "EXEC", "system": "SYSTEM", "user": "SHELL"}
_FINISHES = {
    "none": "shut-none", "shutdown": "shut-down", "close": "shut-close", "empty": "shut-null",
}  # fmt: skip


class EndWriter(NetworkWriter):
    """Writes ends of every kind; ``foreign`` says whether one has an option that socat does not
    have for that kind of address, so that -g is needed.
    """

    foreign = False

    def write(
        self, end: End, *, more: tuple[tuple[str, object], ...] = (), way: bool = False
    ) -> str:
        """Write one end, with further options. ``way``: say of a FIFO that both ways are meant."""
        if isinstance(end, Dual) and _is_plain(end) and not more:
            return f"{self.write(end.reading)}!!{self.write(end.writing)}"
        words = self._words(end)
        if way and isinstance(end, local.Pipe) and end.path and end.way == "both":
            words.option("rdwr")
        self._shape(words, end.shape)
        self._retry(words, end.retry)
        for name, value in more:
            words.option(name, value)
        self.foreign = self.foreign or words.foreign
        return "-" + words.text[5:] if words.keyword == "STDIO" else words.text

    def _words(self, end: End) -> Words:
        match end:
            case TcpListen():
                return self.tcp_listen(end)
            case TcpConnect():
                return self.tcp_connect(end)
            case UnixListen() | UnixConnect():
                return self.unix(end)
            case SerialPort():
                return self._serial(end)
            case local.Program():
                return self._program(end)
            case local.File() | local.Pty() | local.Pipe() | local.Standard() | local.Descriptor():
                return self._opened(end)
            case Failover() | FanOut() | Dual():
                return self._several(end)
            case local.NamedPipeListen() | local.NamedPipeConnect():
                words = Words(end.kind.upper())
                words.param(end.name)
                return words
            case built_in.Echo():
                return Words("SOCKETPAIR")
            case (
                built_in.Discard()
                | built_in.Stall()
                | built_in.Text()
                | built_in.Room()
                | LogCollector()
                | ReceiveFiles()
                | ShareFile()
                | SendFiles()
                | HttpAnswer()
                | HealthAnswer()
                | Throughput()
            ):
                return self._own(end)
            case Schedule():
                return self._schedule(end)
            case datagrams.UnixReceive() | datagrams.UnixReceiveFrom() | datagrams.UnixSendTo():
                return self.unix_datagram(end)
            case _:
                return self.udp(end)

    # this computer ------------------------------------------------------------------------------

    def _serial(self, end: SerialPort) -> Words:
        words = Words("OPEN")
        words.param(end.device)
        words.option("raw")
        words.option("echo", False)
        rate = f"b{end.baud}"
        if rate in OPTIONS:
            words.option(rate)
        else:
            words.option("ispeed", end.baud)
            words.option("ospeed", end.baud)
        words.option(f"cs{end.data_bits}")
        if end.parity in ("even", "odd"):
            words.option("parenb")
            words.option("parodd", end.parity == "odd")
        else:
            words.option_unless("parity", end.parity, "none")
        if end.stop_bits == "2":
            words.option("cstopb")
        else:
            words.option_unless("stop-bits", end.stop_bits, "1")
        if end.flow_control == "rts-cts":
            words.option("crtscts")
        elif end.flow_control == "xon-xoff":
            words.option("ixon")
            words.option("ixoff")
        else:
            words.option_unless("flow", end.flow_control, "none")
        words.option_unless("dtr", end.dtr, "on")
        words.option_unless("rts", end.rts, "on")
        return words

    def _program(self, end: local.Program) -> Words:
        words = command_words(_INTERPRETERS[end.interpreter], end.command)
        if end.joined_by != "socket":
            words.option("pty" if end.joined_by == "terminal" else "pipes")
        words.option_unless("stderr", end.stderr, False)
        words.option_unless("setsid", end.new_session, False)
        words.option_unless("ctty", end.controlling, False)
        words.option_unless("login", end.login, False)
        words.option_unless("path", end.search_path, "")
        words.option_unless("fdin", end.input_descriptor, 0)
        words.option_unless("fdout", end.output_descriptor, 1)
        _terminal(words, end.terminal)
        return words

    def _opened(
        self, end: local.File | local.Pty | local.Pipe | local.Standard | local.Descriptor
    ) -> Words:
        match end:
            case local.File():
                words = self._file(end)
            case local.Pty():
                words = Words("PTY")
                words.option_unless("link", end.link, "")
                words.option_unless("mode", end.mode, "600")
                words.option_unless("wait-slave", end.wait, False)
            case local.Pipe():
                words = Words("PIPE")
                if end.path:
                    words.param(end.path)
                _way(words, end.way)
                words.option_unless("mode", end.mode, "600")
                words.option_unless("unlink-close", end.remove_after, True)
                return words
            case local.Standard():
                words = Words(_USES[end.use])
            case _:
                words = Words("FD")
                words.param(str(end.number))
                _way(words, end.way)
        _terminal(words, end.terminal)
        return words

    def _file(self, end: local.File) -> Words:
        words = Words("OPEN")
        words.param(end.path)
        _way(words, end.way)
        for name, asked in (
            ("creat", end.create),
            ("excl", end.exclusive),
            ("append", end.append),
            ("trunc", end.truncate),
            ("lock", end.lock),
            ("unlink-early", end.remove_first),
            ("unlink-close", end.remove_after),
        ):
            words.option_unless(name, asked, False)
        if end.seek:
            words.option("seek-end" if end.seek < 0 else "seek", end.seek)
        words.option_unless("mode", end.mode, "644")
        names = [OPTIONS[entry.partition("=")[0]].name for entry in end.terminal]
        if is_serial(end.path) or speed_words(names):
            words.option("plain-file")
        return words

    # Bascule's own ------------------------------------------------------------------------------

    def _several(self, end: Failover | FanOut | Dual) -> Words:
        words = Words(end.kind.upper())
        targets = (end.reading, end.writing) if isinstance(end, Dual) else end.targets
        for target in targets:
            words.raw(quote(self.write(target)))
        if isinstance(end, Failover):
            words.option_unless("check", end.check_seconds, 5)
        elif isinstance(end, FanOut):
            words.option_unless("answering", end.answering, 1)
        return words

    def _own(self, end: BuiltIn) -> Words:
        words = Words(end.kind.upper())
        match end:
            case built_in.Text():
                words.param(end.text)
                words.option_unless("after-request", end.after_request, False)
            case built_in.Room():
                words.option_unless("announce", end.announce, True)
                words.option_unless("include-self", end.include_self, True)
            case LogCollector():
                words.param(end.path)
                words.option_unless("stamp", end.stamp, "local")
                words.option_unless("sender", end.sender, "address")
                words.option_unless("rotate-size", end.rotate_megabytes, 100)
                words.option_unless("rotate-daily", end.rotate_daily, False)
                words.option_unless("keep-files", end.keep_files, 10)
            case HttpAnswer():
                if end.body:
                    words.param(end.body)
                words.option_unless("status", end.status, 200)
                words.option_unless("content-type", end.content_type, "text/plain; charset=utf-8")
                for entry in end.headers:
                    words.option("header", entry)
            case ReceiveFiles():
                words.param(end.folder)
                words.option_unless("existing", end.existing, "rename")
                words.option_unless("file-name", end.file_name, "")
                words.option_unless("megabytes", end.limit_megabytes, 0)
            case ShareFile():
                words.param(end.path)
                words.option_unless("downloads", end.downloads, 1)
                words.option_unless("expires-minutes", end.expires_minutes, 24 * 60)
            case SendFiles():
                words.param(end.path)
                words.option_unless("plain", end.plain, False)
            case Throughput():
                words.param(number(end.seconds))
                words.option_unless("megabytes", end.megabytes, 0)
                words.option_unless("answer", end.answer_seconds, 30.0)
            case HealthAnswer():
                words.option_unless("form", end.form, "json")
            case _:
                pass  # the word says it all
        return words

    def _schedule(self, end: Schedule) -> Words:
        words = Words("CHECK-EVERY")
        words.param(number(end.every_seconds))
        words.option_unless("within", end.within_seconds, 5.0)
        words.option_unless("first-byte", end.first_byte, False)
        return words

    # what any end can carry ---------------------------------------------------------------------

    def _shape(self, words: Words, shape: Shape | None) -> None:
        if shape is None:
            return
        if shape.line_ending != "keep":
            words.option("crnl" if shape.line_ending == "crlf" else "cr")
        words.option_unless("ignoreeof", shape.ignore_eof, False)
        words.option_unless("null-eof", shape.null_eof, False)
        words.option_unless("end-close", shape.end_close, False)
        if shape.finish in _FINISHES:
            words.option(_FINISHES[shape.finish])
        words.option_unless("readbytes", shape.read_bytes, 0)
        words.option_unless("escape", shape.escape, -1)

    def _retry(self, words: Words, retry: Retry | None) -> None:
        if retry is None:
            return
        if retry.times < 0:
            words.option("forever")
        else:
            words.option("retry", retry.times)
        words.option("interval", retry.interval_seconds)


def _is_plain(end: Dual) -> bool:
    """Whether the two halves can stand on both sides of ``!!``."""
    halves = (end.reading, end.writing)
    return end.shape is None and end.retry is None and not any(isinstance(h, Dual) for h in halves)


def _way(words: Words, way: str) -> None:
    if way != "both":
        words.option("rdonly" if way == "read" else "wronly")


def _terminal(words: Words, entries: tuple[str, ...]) -> None:
    for entry in entries:
        name, equals, value = entry.partition("=")
        words.option(name, value if equals else None)
