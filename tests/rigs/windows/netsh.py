"""Owns a Windows whose netsh notes what it is called with, and what the rules of its firewall would be after that.

wine has no firewall: its netsh does nothing, and says that it did. The stand-in is ``netsh.c``.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "Bascule"
Rule = tuple[str, str, str]
"""Name, program and protocol."""

_HERE = Path(__file__).resolve().parent
_LETS_IN = {"dir": "in", "action": "allow", "profile": "private,domain"}
_REFUSED = "refused"


def compiled(source: Path, made: Path) -> Path:
    """A program for Windows of 64 bits."""
    subprocess.run(["x86_64-w64-mingw32-gcc", "-Wall", "-Os", "-s", "-o", made, source, "-lshell32"], check=True)
    return made


def rules_of(program: str) -> set[Rule]:
    """What lets others reach a program."""
    return {(NAME, program, "TCP"), (NAME, program, "UDP")}


class Netsh:
    """What the netsh of a Windows was called with."""

    def __init__(self, windows: Path) -> None:
        self._places = [windows / folder / "netsh.exe" for folder in ("system32", "syswow64")]
        self._log, self._refuses = windows / "netsh.txt", windows / "netsh.refuses"
        self._read = 0

    @contextmanager
    def stands_in(self, folder: Path) -> Iterator[None]:
        """In the place of wine's, for programs of 64 bits and of 32."""
        made = compiled(_HERE / "netsh.c", folder / "netsh.exe")
        kept = {place: place.with_suffix(".wine") for place in self._places}
        for place, original in kept.items():
            if not original.exists():  # else a trial that was ended has left it
                place.rename(original)
            shutil.copyfile(made, place)
        try:
            yield
        finally:
            for place, original in kept.items():
                original.replace(place)
            self.forget()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """As where the firewall's service is off."""
        self._refuses.touch()
        try:
            yield
        finally:
            self._refuses.unlink()

    def forget(self) -> None:
        """As if it had not been called."""
        for file in (self._log, self._refuses):
            file.unlink(missing_ok=True)
        self._read = 0

    def _calls(self) -> list[list[str]]:
        lines = self._log.read_text("utf-8").splitlines() if self._log.exists() else []
        return [line.split("\t") for line in lines]

    def verbs(self) -> list[str]:
        """What was asked of it since this was asked last: show, delete, add; with a mark where it refused."""
        calls = self._calls()
        new, self._read = calls[self._read :], len(calls)
        said: list[str] = []
        for words in new:
            mark, words = (words[0] + " ", words[1:]) if words[0] == _REFUSED else ("", words)
            assert words[:2] == ["advfirewall", "firewall"] and words[3] == "rule", words
            said.append(mark + words[2])
        return said

    def rules(self) -> set[Rule]:
        """The rules that Windows would have after all of it. None may be there twice, as netsh replaces none."""
        rules: list[Rule] = []
        for words in self._calls():
            if words[0] == _REFUSED:
                continue
            verb, said = words[2], dict(word.split("=", 1) for word in words[4:])
            if verb == "add":
                assert said == {**_LETS_IN, **{key: said[key] for key in ("name", "program", "protocol")}}, words
                rules.append((said["name"], said["program"], said["protocol"]))
            elif verb == "delete":
                assert said["dir"] == "in" and said["program"], words  # else it would be somebody else's as well
                rules = [rule for rule in rules if said["name"] not in ("all", rule[0]) or rule[1] != said["program"]]
        assert len(rules) == len(set(rules)), rules
        return set(rules)
