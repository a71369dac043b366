"""Whose rights the scripts of the packages act with when a new version takes an engine's place:
real processes of root and of somebody else, who tries to be taken for root.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.linux.tree import FILES
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import wait_until
from tests.packaging.linux.conftest import NOBODY, Person

ENGINE = """
trap 'exec "$OTHER" engine -f' USR1
: >"$BASCULE_HOME/ready"
while :; do sleep 1 & wait $!; done
"""
"""What the program, which is a shell, runs when it is called ``bascule engine``; it may become
another program. Its sleep is not one of anybody's.
"""

NEW = """#!/bin/sh
{ id -u; id -G; echo "home $HOME"; echo "said $*"; env; } >>"$(dirname "$0")/$(id -u).said"
case $* in
*--stop*) [ "${BASCULE_HOME:-}" != "" ] && touch "$BASCULE_HOME/stopped" || exit 3 ;;
esac
"""
"""The new program: it notes who it is, and ends an engine that has a folder."""


class Stage:
    """The old program and the new one, and where they note what happens."""

    def __init__(self, folder: Path, person: Person) -> None:
        self.person = person
        self.old, self.new = folder / "old" / "bascule", folder / "new" / "bascule"
        self.other = folder / "other"
        self.home = person.home
        self.old.parent.mkdir()
        self.new.parent.mkdir()
        self.new.parent.chmod(0o777)
        shutil.copy(shutil.which("dash") or "/bin/sh", self.old)
        self.new.write_text(NEW, "utf-8")
        self.new.chmod(0o755)
        shutil.copy(shutil.which("tail") or "tail", self.other)
        self.other.chmod(0o4755)
        (self.home / "engine").write_text(ENGINE, "utf-8")

    def said(self, user: int) -> list[str]:
        """What the new program was told as that user."""
        file = self.new.with_name(f"{user}.said")
        return file.read_text("utf-8").splitlines() if file.is_file() else []

    @contextmanager
    def engine(self, user: int, called: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """An engine of a user's, with an environment that they choose. ``called`` is the name of
        its program when it was started, before that was moved.
        """
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "OTHER": str(self.other)}
        (self.home / "ready").unlink(missing_ok=True)  # of the one before
        environment |= {"BASCULE_HOME": str(self.home), "LD_PRELOAD": "evil.so", "MINE": "a b"}
        process = subprocess.Popen(
            [called or self.old, "engine"],
            executable=self.old,
            cwd=self.home,
            env=environment,
            user=user,
            group=user,
            extra_groups=[],
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until((self.home / "ready").exists)
            yield process
        finally:
            process.kill()
            process.wait()

    def script(self, body: str) -> subprocess.CompletedProcess[str]:
        """Run lines with the scripts' functions, as root; $1 is the old program, $2 the new one."""
        text = (FILES / "engines.sh").read_text("utf-8")
        done = subprocess.run(
            ["sh", "-euc", f"{text}\n{body}", "sh", self.old, self.new],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done


pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root acts for somebody else"
)


@pytest.fixture
def stage(person: Person) -> Stage:
    return Stage(person.home.parent, person)


def test_an_engine_is_renewed_by_its_owner_with_what_is_the_owner_s(stage: Stage):
    with stage.engine(NOBODY) as process:
        stage.script('renew_engines "$1" "$2"')
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGTERM
    said = stage.said(NOBODY)
    assert said[0] == str(NOBODY)
    assert said[1] == str(NOBODY)  # no group of root's either
    assert "said engine --stop --resume" in said
    wait_until(lambda: "said engine" in stage.said(NOBODY))  # and it is started again
    assert "MINE=a b" in said
    assert f"BASCULE_HOME={stage.home}" in said
    assert not any(line.startswith("LD_") for line in stage.said(NOBODY))
    assert (stage.home / "stopped").stat().st_uid == NOBODY
    assert stage.said(0) == []


def hide(stage: Stage) -> None:
    """Give the old program a right of its own, which hides it from its owner."""
    subprocess.run(["setcap", "cap_net_bind_service=+ep", stage.old], check=True)


def test_an_engine_with_a_right_of_its_own_gives_its_owner_none_of_root_s(stage: Stage):
    """Its owner may not read what its environment is, and so nothing of it is taken."""
    hide(stage)
    with stage.engine(NOBODY) as process:
        hidden = stage.person.run("cat", f"/proc/{process.pid}/environ")
        assert "Permission denied" in hidden.stderr
        stage.script('renew_engines "$1" "$2"')
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGTERM
    assert "said engine --stop --resume" in stage.said(NOBODY)
    assert not any(line.startswith(("LD_", "MINE")) for line in stage.said(NOBODY))
    assert stage.said(0) == []


def becomes_another(stage: Stage, process: subprocess.Popen[bytes]) -> Callable[[], bool]:
    """Let the engine become a program of root's; whether it has."""
    process.send_signal(signal.SIGUSR1)
    return lambda: Path(f"/proc/{process.pid}/exe").readlink() == stage.other


def test_an_engine_that_becomes_a_program_of_root_s_gets_nothing_done_by_root(stage: Stage):
    """It is found as an engine; before its turn comes, it is a program with root's rights."""
    with stage.engine(NOBODY) as process:
        [found] = stage.script('processes_of "$1"').stdout.split()
        wait_until(becomes_another(stage, process))
        assert Path(f"/proc/{process.pid}").stat().st_uid == 0
        stage.script(f'renew_found "$1" "$2" {found}')
        assert stage.script('processes_of "$1"').stdout == ""
    assert stage.said(0) == []
    assert not any(line.startswith(("LD_", "MINE")) for line in stage.said(NOBODY))


def test_of_root_s_own_engine_only_the_usual_place_is_looked_at(stage: Stage):
    """Whose environment it is cannot be known, as nothing is kept from root."""
    with stage.engine(0) as process:
        stage.script('renew_engines "$1" "$2"')
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGTERM
    said = stage.said(0)
    assert "home /root" in said
    assert not any(line.startswith(("BASCULE_HOME", "LD_", "MINE")) for line in said)
    assert "said engine" not in said  # there was none in that place, so none is started


def test_another_process_of_the_same_number_is_left_alone(stage: Stage):
    with stage.engine(NOBODY) as process:
        [found] = stage.script('processes_of "$1"').stdout.split()
        number, begun, owner = found.split(":")
        stage.script(f'renew_found "$1" "$2" {number}:{int(begun) - 1}:{owner}')
        assert process.poll() is None
    assert stage.said(NOBODY) == []


def test_its_owner_finds_an_engine_with_a_right_of_its_own(stage: Stage):
    """Its owner may read neither its program nor its environment: its name is enough."""
    hide(stage)
    text = (FILES / "engines.sh").read_text("utf-8")
    command = ["sh", "-euc", f'{text}\nrenew_engines "$1" "$2"', "sh", stage.old, stage.new]
    with stage.engine(NOBODY, called=stage.new) as process:
        done = stage.person.run("env", f"BASCULE_HOME={stage.home}", *map(str, command))
        assert (done.returncode, done.stderr) == (0, "")
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGTERM
    assert "said engine --stop --resume" in stage.said(NOBODY)
    assert (stage.home / "stopped").exists()


def test_its_owner_ends_such_an_engine_before_the_program_goes(stage: Stage):
    hide(stage)
    text = (FILES / "engines.sh").read_text("utf-8")
    with stage.engine(NOBODY) as process, stage.engine(0) as of_root:
        # Whom it waits for is to be gone, also where nobody asks for its status.
        body = f'{text}\nend_all "$1"; processes_of "$1/bascule"'
        done = stage.person.run("sh", "-euc", body, "sh", str(stage.old.parent))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGTERM
        assert of_root.poll() is None
