"""`bascule update`: the real program asks a real web server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bascule import __version__
from bascule.managed import ADDRESS_VARIABLE
from tests.core.spec.test_releases import SAID
from tests.helpers.certificates import make_files
from tests.helpers.engines import run_bascule
from tests.helpers.ports import free_port
from tests.helpers.processes import listening
from tests.helpers.web import nginx


class Site:
    """A web site with a ``release.json``, and the program that looks there."""

    def __init__(self, folder: Path, authority: str, port: int) -> None:
        self._folder = folder
        self._variables = {
            "SSL_CERT_FILE": authority,
            ADDRESS_VARIABLE: f"https://127.0.0.1:{port}/release.json",
        }

    def say(self, text: str) -> None:
        (self._folder / "release.json").write_text(text, "utf-8")

    def look(self, *words: str, **variables: str) -> tuple[int, str, str]:
        done = run_bascule(self._folder, "update", *words, **{**self._variables, **variables})
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    files = make_files(tmp_path)
    port = free_port()
    listens = f"listen 127.0.0.1:{port} ssl;"
    tls = f"ssl_certificate {files.certificate}; ssl_certificate_key {files.key};"
    with nginx(tmp_path / "web", f"{listens} {tls}", listening(port)) as web:
        yield Site(web.pages, files.authority, port)


def release(**changed: Any) -> str:
    return json.dumps({**SAID, "version": "999.0.0", **changed})


def test_a_newer_one_is_told_with_what_is_new_and_the_sums(site: Site) -> None:
    site.say(release())
    status, said, complaint = site.look()
    assert (status, complaint) == (0, "")
    assert said == (
        f"Bascule 999.0.0 of 2026-11-20 is there; this is {__version__}.\n\nNew.\n\n"
        f"https://downloads.example/bascule\n{'0' * 64}  bascule_1.2.3_amd64.deb\n"
    )
    status, said, _ = site.look("--json")
    told = json.loads(said)
    assert (status, told["newer"], told["release"]["version"]) == (0, True, "999.0.0")


def test_no_terminal_obeys_what_is_told(site: Site) -> None:
    steering = "\x1b]0;a title\x07\x1b[2J"
    shown = "\\x1b]0;a title\\x07\\x1b[2J"
    files = [{"name": f"a{steering}.deb", "size": 1, "sha256": "0" * 64}]
    page = f"https://downloads.example/{steering}"
    site.say(release(notes={"en": f"One.\r\nTwo{steering}.\u202e"}, page=page, files=files))
    status, said, complaint = site.look()
    assert (status, complaint) == (0, "")
    assert said.partition("\n\n")[2] == (
        f"One.\nTwo{shown}.\\x202e\n\nhttps://downloads.example/{shown}\n{'0' * 64}  a{shown}.deb\n"
    )
    site.say(release(format=steering))
    status, said, complaint = site.look()
    assert (status, said) == (1, "")
    assert complaint.endswith(f"its format is {shown}, not 1\n")


@pytest.mark.parametrize("version", [__version__, "0.0.1"])
def test_there_is_nothing_newer(site: Site, version: str) -> None:
    site.say(release(version=version, notes={}))
    assert site.look() == (0, f"This is Bascule {__version__}; there is nothing newer.\n", "")


def test_what_is_wrong_is_said(site: Site) -> None:
    site.say("<html>")
    status, said, complaint = site.look()
    assert (status, said) == (1, "")
    assert complaint.startswith("bascule: what is said of the newest release cannot be read: ")
    status, said, complaint = site.look("--json")
    assert (status, complaint) == (1, "")
    assert json.loads(said)["problem"]["code"] == "release_unreadable"


def test_a_copy_that_names_no_place_asks_nobody(site: Site) -> None:
    status, said, complaint = site.look(**{ADDRESS_VARIABLE: ""})
    assert (status, said) == (1, "")
    assert complaint == "bascule: this copy names no place where to look for updates\n"
