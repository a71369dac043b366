"""The course's servers in shell: an echo, the same in one line, and one that tells everybody."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import environment, wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find
from tests.helpers.relaying import COMMAND, ask, relaying
from tests.helpers.runbooks import words_of


@contextmanager
def serving(folder: Path, name: str, changes: dict[str, object]) -> Iterator[int]:
    """A server of the course that listens; its port."""
    port = free_port()
    words = words_of(name, {":9090": f":{port}", **changes})
    with relaying(folder, "-t", "60", *words) as relay:  # however busy this computer is
        relay.heard("listening on")
        yield port


class Person:
    """Somebody who types lines and reads them."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self._lines = self.sock.makefile("r", encoding="utf-8")

    def says(self, line: str) -> None:
        self.sock.sendall(f"{line}\n".encode())

    def hears(self) -> str:
        return self._lines.readline().rstrip("\n")

    def leaves(self) -> None:
        self.sock.shutdown(socket.SHUT_WR)
        assert self._lines.readline() == ""

    def close(self) -> None:
        self._lines.close()
        self.sock.close()


# C1, C2 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "greeting"), [("C1", "Le serveur écoute.\n"), ("C2", "")], ids=["script", "one line"]
)
def test_each_line_is_answered_to_whoever_said_it(name: str, greeting: str, tmp_path: Path):
    with serving(tmp_path, name, {}) as port, ExitStack() as stack:
        people = [stack.enter_context(closing(Person(port))) for _ in range(2)]
        for person in people:
            if greeting:
                assert person.hears() == greeting.rstrip()
        for turn in range(3):
            for number, person in enumerate(people):
                person.says(f"à {number} {turn}")
                assert person.hears() == f"le serveur répond : à {number} {turn}"
        for person in people:
            person.leaves()


@pytest.mark.parametrize(
    ("name", "greeting"), [("C1", "Le serveur écoute.\n"), ("C2", "")], ids=["script", "one line"]
)
@pytest.mark.parametrize("client", ["nc", "socat", "ours"])
def test_the_courses_clients_get_every_answer(
    client: str, name: str, greeting: str, tmp_path: Path
):
    with serving(tmp_path, name, {}) as port:
        words = words_of("C4", {":9090": f":{port}"})
        patient = ("-t", str(PATIENCE_SECONDS))
        commands = {
            "nc": [find("nc"), "-N", "localhost", str(port)],
            "socat": [find("socat"), *patient, *words],
            "ours": [*COMMAND, *patient, *words],
        }
        answers = [f"le serveur répond : {number}\n" for number in range(3)]
        process = subprocess.Popen(
            commands[client], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=environment(tmp_path),
        )  # fmt: skip
        try:
            assert process.stdin
            assert process.stdout
            for line in greeting.splitlines(keepends=True):
                assert process.stdout.readline().decode() == line
            for number, answer in enumerate(answers):
                process.stdin.write(b"%d\n" % number)
                process.stdin.flush()
                assert process.stdout.readline().decode() == answer
            process.stdin.close()
            assert process.stdout.read() == b""
            assert process.wait(PATIENCE_SECONDS) == 0
        finally:
            process.kill()
            process.stdin = None
            process.communicate(timeout=PATIENCE_SECONDS)


def test_a_question_that_has_ended_is_answered_whole(tmp_path: Path):
    lines = [f"{number}\n" for number in range(2000)]
    with serving(tmp_path, "C2", {}) as port:
        said = ask(port, "".join(lines).encode()).decode()
    assert said == "".join(f"le serveur répond : {line}" for line in lines)


# C3 ----------------------------------------------------------------------------------------------


def test_everybody_hears_what_one_says(tmp_path: Path):
    pipes = tmp_path / "pns_"
    with serving(tmp_path, "C3", {"/tmp/pns_": pipes}) as port, ExitStack() as stack:
        people: list[Person] = []
        names: list[str] = []
        for _ in range(3):
            person = stack.enter_context(closing(Person(port)))
            greeting, _, name = person.hears().partition(" : ")
            assert greeting == "je suis"
            # The script stops listening where it opens its pipe again before the one who wrote has
            # closed it; a writer that stays keeps it from that.
            stack.callback(os.close, os.open(f"{pipes}{name}", os.O_RDWR))
            for other in people:
                assert other.hears() == f"{name} est connecté"
            people.append(person)
            names.append(name)
        assert len(set(names)) == 3
        for speaker, name in zip(people, names, strict=True):
            speaker.says(f"bonjour de {name}")
            for person in people:
                assert person.hears() == f"Message de {name} : bonjour de {name}"
        for number, person in enumerate(people):
            person.leaves()
            wait_until(lambda left=2 - number: len(list(tmp_path.glob("pns_*"))) == left)
