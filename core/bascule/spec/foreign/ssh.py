"""Owns the forwards of OpenSSH, autossh and plink.

Bascule speaks no SSH itself. A forward from here (``-L``) becomes a relay that runs one
``ssh -W host:port gateway`` for each connection (ssh(1), "-W"), which needs a key: no one can be
asked for a password. What the far computer would have to listen for is explained, not faked.
"""

from __future__ import annotations

import re
import shlex
from typing import LiteralString

from bascule.errors import ErrorCode
from bascule.spec.endpoints import TcpListen, UnixListen
from bascule.spec.foreign.call import WINDOWS_SHELLS, Call, emulated, left_out, native
from bascule.spec.foreign.found import Found, found_relay
from bascule.spec.foreign.names import program_of
from bascule.spec.foreign.pipes import join_pipes
from bascule.spec.foreign.problems import not_here, refuse_word
from bascule.spec.foreign.switches import Switch, host_of, port_of, read_switches, split_place
from bascule.spec.foreign.words import Word
from bascule.spec.local import Program, Standard
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.verdicts import Said, Verdict

_VALUED = "BbcDEeFIiJLlmOopQRSWw"
_PLINK_WORDS = frozenset({"nc", "pw", "pwfile", "P", "hostkey", "load", "proxycmd", "sessionlog"})
_PLINK_SWITCHES = frozenset({"batch", "ssh", "agent", "noagent", "share", "noshare", "sanitise"})
_KEPT = frozenset("lpiFJocmB46CxaAP") | {"hostkey", "load", "proxycmd"}
"""Options that say how the gateway is reached: each ssh that is run has them too."""
_SAID: dict[str, LiteralString] = {
    "N": "nothing is run on the gateway.",
    "f": "a relay does not hold up a terminal.",
    "n": "nothing is read from a terminal.",
    "T": "no terminal is wanted.",
    "t": "no terminal is wanted.",
    "v": "what happens is in the relay's log.",
    "q": "what happens is in the relay's log.",
    "g": "the port is open to the network.",
    "M": "each connection has an ssh of its own.",
    "S": "each connection has an ssh of its own.",
}
_IN_EACH = "Each ssh that is run has it."
_NO_SOCKS = Said("it makes a SOCKS proxy of ssh, which Bascule is not")
_INSTEAD = Said(
    "run this ssh itself, and reach a host through it: a relay with a SOCKS proxy on the way"
)


def is_forward(call: Call) -> bool:
    """Whether a command of ssh forwards something; else it is a session on another computer."""
    return any(
        word.text.startswith(("-L", "-R", "-D", "-W", "-nc")) or word.text[:2] == "-N"
        for word in call.words[1:]
    )


def read_ssh(call: Call, system: str | None) -> list[Found]:
    """Read a command of ssh: one relay for each ``-L``. Raises: SpecError."""
    return _Ssh(call, system or "linux").found()


class _Ssh:
    def __init__(self, call: Call, system: str) -> None:
        self._call = call
        self._program = program_of(call.words[0].text).lower()
        self._windows = call.shell in WINDOWS_SHELLS or system == "windows"
        self._verdicts: list[Verdict] = []
        plink = self._program == "plink"
        valued = "DLRlmiP" if plink else _VALUED
        if self._program == "autossh":
            valued += "M"
        whole = _PLINK_WORDS if plink else frozenset[str]()
        words = list(call.words[1:])
        own = [word for word in words if plink and word.text.removeprefix("-") in _PLINK_SWITCHES]
        words = [word for word in words if word not in own]
        self._verdicts += [native(word.text, _IN_EACH) for word in own]
        self._own = [word.text for word in own if word.text != "-batch"]
        self._switches, rest = read_switches(words, valued, whole=whole, stop=not plink)
        if not rest:
            why = Said("the computer to log in to is missing")
            raise refuse_word(why, call.words[0], code=ErrorCode.VALUE_MISSING)
        self._gateway, self._remote = rest[0], rest[1:]
        if self._gateway.text.startswith("-"):
            raise refuse_word("no computer has such a name", self._gateway)
        if self._remote and self._remote[0].text.startswith("-"):  # ssh host -L …
            more, rest = read_switches(self._remote, valued, whole=whole)
            self._switches += more
            self._remote = rest
        self._say()

    def _named(self, *names: str) -> list[Switch]:
        return [switch for switch in self._switches if switch.name in names]

    def _say(self) -> None:
        for switch in self._switches:
            if switch.name in _SAID:
                self._verdicts.append(left_out(switch.token, _SAID[switch.name]))
            elif switch.name in ("pw", "pwfile"):
                why = "a password on a command line is seen by all; use a key (-i, or Pageant)."
                self._verdicts.append(left_out(f"-{switch.name}", why, warns=True))
            elif switch.name in _KEPT:
                token = switch.token.removeprefix("-" * (len(switch.name) > 1))
                self._verdicts.append(native(token, _IN_EACH))
            elif switch.name not in ("L", "R", "D", "W", "nc"):
                why = "nothing depends on it here."
                self._verdicts.append(left_out(switch.token, why))
        if self._remote:
            why = "nothing is run on the gateway."
            self._verdicts.append(left_out(self._remote[0].text, why))

    def found(self) -> list[Found]:
        for switch in self._named("D"):
            raise not_here(_NO_SOCKS, _INSTEAD, switch.given)
        for switch in self._named("R"):
            what = Said("the far computer would listen, which only its SSH server can do")
            raise not_here(what, "run this ssh itself, or Bascule over there", switch.given)
        through = self._named("W", "nc")
        if through:
            parts = split_place(through[0].given)
            if len(parts) != 2:
                raise refuse_word("host:port is wanted", through[0].given)
            return [self._relay(Standard(), parts[0], parts[1])]
        forwards = self._named("L")
        if not forwards:
            what = Said("it opens a session on another computer and forwards nothing")
            raise not_here(what, "name what to forward: -L port:host:port", self._call.words[0])
        return [self._forward(switch.given) for switch in forwards]

    def _forward(self, word: Word) -> Found:
        """``[bind:]port:host:hostport`` or ``/socket:host:hostport``."""
        parts = split_place(word)
        if len(parts) not in (3, 4) or parts[-1].text.startswith("/"):
            if any(part.text.startswith("/") for part in parts[1:]):
                raise not_here(
                    "it leads to a Unix socket of the far computer, which `ssh -W` cannot reach",
                    "use a port there",
                    word,
                )
            raise refuse_word("port:host:hostport is wanted", word)
        if parts[0].text.startswith("/"):
            return self._relay(UnixListen(path=parts[0].text), parts[1], parts[2])
        host = "0.0.0.0" if self._named("g") else "127.0.0.1"
        if len(parts) == 4:
            bind = parts[0].text
            host = "0.0.0.0" if bind in ("", "*") else host_of(parts[0])
            host = "127.0.0.1" if host == "localhost" else host
        source = TcpListen(port=port_of(parts[-3]), host=host)
        return self._relay(source, parts[-2], parts[-1])

    def _relay(self, source: TcpListen | UnixListen | Standard, host: Word, port: Word) -> Found:
        place = f"{_bracketed(host_of(host))}:{port_of(port)}"
        argv = self._argv(place)
        command = " ".join(map(_quoted, argv)) if self._windows else shlex.join(argv)
        target = Program(command=command, joined_by="pipes")
        relay = RelaySpec(source=source, target=target, once=isinstance(source, Standard))
        runs = Said("Each connection runs `{}`.", (command,))
        what = (runs, Said("It needs a key: no one can be asked."))
        verdicts = [
            *self._verdicts,
            emulated(self._program, what)._replace(warns=True),
            *self._call.verdicts,
        ]
        relay = join_pipes(relay, self._call, verdicts)
        return found_relay(self._program, self._call, relay, verdicts)

    def _argv(self, place: str) -> list[str]:
        """The words of the ssh that carries one connection."""
        plink = self._program == "plink"
        argv = ["plink", "-batch", "-nc", place] if plink else ["ssh", "-o", "BatchMode=yes"]
        argv += self._own
        for switch in self._switches:
            if switch.name in _KEPT:
                argv.append(f"-{switch.name}")
                if switch.value is not None:
                    argv.append(switch.value.text)
        if not plink:
            argv += ["-W", place]
        return [*argv, self._gateway.text]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _quoted(word: str) -> str:
    """A word so that a program of Windows reads it again (``CommandLineToArgvW``)."""
    if word and not set(' \t"').intersection(word):
        return word
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', word)
    return f'"{re.sub(r"(\\+)$", r"\1\1", escaped)}"'
