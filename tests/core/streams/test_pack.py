"""Files and folders as archives: what the real tar makes of them, and what is said of the rest."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams import pack as module
from bascule.streams.pack import LeftOut, Packed, pack, plain
from bascule.streams.transfer import Transfer
from bascule.streams.unpack import unpack
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.descriptors import descriptors
from tests.helpers.processes import find

LARGE = random_bytes(700_001)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "photos"
    (made / "sub" / "empty").mkdir(parents=True)
    (made / "large").write_bytes(LARGE)
    (made / "sub" / "né.txt").write_bytes(b"text\n")
    (made / "sub" / "nothing").touch()
    deep = made / ("d" * 200) / ("e" * 200)
    deep.mkdir(parents=True)
    (deep / "deep").write_bytes(b"x" * 512)
    (made / "link").symlink_to("sub/né.txt")
    (made / "away").symlink_to("/nowhere/./at//all")
    (made / "large").chmod(0o640)
    os.utime(made / "large", (1_000_000_000, 1_000_000_000))
    return made


class Packing:
    """What has been packed: the bytes, what was told, the account."""

    def __init__(self, make: Callable[..., Iterator[bytes]], path: Path) -> None:
        self.told: list[Packed | LeftOut] = []
        self.transfer = Transfer(sending=True)
        self.pieces = make(path, tell=self.told.append, transfer=self.transfer)

    def data(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def status(self):
        return self.transfer.status(1, 0)


def extracted(data: bytes, folder: Path) -> str:
    """Let the real tar extract it; what it complains about."""
    folder.mkdir()
    done = subprocess.run(
        [find("tar"), "-xpf", "-", "-C", str(folder)],
        input=data,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    return done.stderr.decode()


def tree(folder: Path) -> dict[str, str]:
    """All that is in a folder: what it is, or the SHA-256 of a file."""
    found: dict[str, str] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_dir():
            found[name] = "folder"
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def test_the_real_tar_makes_the_same_of_it(folder: Path, tmp_path: Path):
    before = descriptors()
    packing = Packing(pack, folder)
    out = tmp_path / "out"
    assert extracted(packing.data(), out) == ""
    assert tree(out / "photos") == tree(folder)
    assert (out / "photos" / "large").stat().st_mode & 0o7777 == 0o640
    assert (out / "photos" / "large").stat().st_mtime == 1_000_000_000
    sums = {what.path: what.sha256 for what in packing.told if isinstance(what, Packed)}
    assert sums["photos/large"] == hashlib.sha256(LARGE).hexdigest()
    assert len(sums) == len(packing.told) == 4
    status = packing.status
    size = len(LARGE) + len(b"text\n") + 512
    assert (status.files_done, status.total_files) == (4, 4)
    assert (status.bytes_done, status.total_bytes) == (size, size)
    assert descriptors() == before


def test_ours_makes_the_same_of_it_and_knows_ahead_how_much_comes(folder: Path, tmp_path: Path):
    data = b"".join(Packing(pack, folder).pieces)
    file = tmp_path / "archive"
    file.write_bytes(data)
    transfer = Transfer(sending=False)
    out = tmp_path / "out"
    with file.open("rb") as source:
        unpack(source, out, existing="refuse", tell=lambda _what: None, transfer=transfer)
    links = {name: what for name, what in tree(folder).items() if what.startswith("->")}
    assert tree(out / "photos") == {
        name: what for name, what in tree(folder).items() if name not in links
    }
    status = transfer.status(1, 0)
    assert (status.total_files, status.total_bytes) == (4, status.bytes_done)
    assert status.passed_over == len(links) == 2


def test_one_file_is_an_archive_of_one(folder: Path, tmp_path: Path):
    packing = Packing(pack, folder / "large")
    out = tmp_path / "out"
    extracted(packing.data(), out)
    assert tree(out) == {"large": hashlib.sha256(LARGE).hexdigest()}
    assert packing.status.total_bytes == len(LARGE)


def test_a_link_that_was_chosen_leads_to_what_is_sent(folder: Path, tmp_path: Path):
    chosen = tmp_path / "chosen"
    chosen.symlink_to(folder)
    out = tmp_path / "out"
    extracted(Packing(pack, chosen).data(), out)
    assert tree(out / "photos") == tree(folder)


def test_what_is_no_file_is_left_out_and_said(folder: Path, tmp_path: Path):
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "sub" / "socket"))
        packing = Packing(pack, folder)
        extracted(packing.data(), tmp_path / "out")
    left = {what.path for what in packing.told if isinstance(what, LeftOut)}
    assert left == {"photos/fifo", "photos/sub/socket"}
    assert packing.status.passed_over == 2
    assert not (tmp_path / "out" / "photos" / "fifo").exists()
    assert packing.status.files_done == 4


def test_what_cannot_be_read_is_left_out_and_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whoever runs this may be root, to whom all is open: the system's refusal is played."""
    open_, scandir = os.open, os.scandir

    def refuse(path: str, *rest: int) -> int:
        if str(path).endswith("né.txt"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return open_(path, *rest)

    def refuse_folder(path: str) -> object:
        if str(path).endswith("empty"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_folder)
    packing = Packing(pack, folder)
    data = packing.data()
    monkeypatch.undo()
    extracted(data, tmp_path / "out")
    left = [what for what in packing.told if isinstance(what, LeftOut)]
    assert sorted(left, key=lambda what: what.path) == [
        LeftOut("photos/sub/empty", "Permission denied"),
        LeftOut("photos/sub/né.txt", "Permission denied"),
    ]
    assert packing.status.files_done == 3


def test_a_file_that_grows_is_sent_as_long_as_it_was(folder: Path, tmp_path: Path):
    packing = Packing(pack, folder / "large")
    pieces = [next(packing.pieces), next(packing.pieces)]  # its header is made
    with (folder / "large").open("ab") as file:
        file.write(b"more")
    pieces += packing.pieces
    extracted(b"".join(pieces), tmp_path / "out")
    digest = hashlib.sha256(LARGE).hexdigest()
    assert tree(tmp_path / "out") == {"large": digest}
    assert packing.told == [Packed("large", len(LARGE), digest, grew=True)]


@pytest.mark.parametrize("make", [pack, plain])
def test_a_file_that_becomes_shorter_ends_it_in_words(
    make: Callable[..., Iterator[bytes]], folder: Path
):
    before = descriptors()
    packing = Packing(make, folder / "large")
    next(packing.pieces)
    if make is pack:
        next(packing.pieces)
    os.truncate(folder / "large", 10)
    with pytest.raises(StreamError, match="became shorter") as caught:
        packing.data()
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert packing.told == []
    assert descriptors() == before


def test_a_file_as_it_is(folder: Path):
    packing = Packing(plain, folder / "large")
    assert packing.data() == LARGE
    assert packing.told == [Packed("large", len(LARGE), hashlib.sha256(LARGE).hexdigest())]
    assert (packing.status.total_files, packing.status.total_bytes) == (1, len(LARGE))


@pytest.mark.parametrize("make", [pack, plain])
def test_what_is_gone_before_it_begins_is_said(
    make: Callable[..., Iterator[bytes]], tmp_path: Path
):
    with pytest.raises(StreamError, match="cannot read"):
        Packing(make, tmp_path / "gone").data()


def test_a_file_that_cannot_be_read_to_its_end_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_fd: int, _size: int) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    packing = Packing(plain, folder / "large")
    monkeypatch.setattr(os, "read", refuse)
    with pytest.raises(StreamError, match="Input/output error"):
        packing.data()


def test_who_stops_in_between_leaves_nothing_open(folder: Path):
    before = descriptors()
    packing = Packing(pack, folder / "large")
    next(packing.pieces)
    next(packing.pieces)
    assert descriptors() != before
    packing.pieces.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert descriptors() == before


class TestWhatChangesWhileItIsLookedAt:
    """A folder that others use is not as it was a moment ago."""

    def test_a_file_that_became_something_else_is_left_out(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        real = os.fstat

        def other(fd: int) -> object:
            status = real(fd)
            return SimpleNamespace(st_mode=0o010644, st_size=status.st_size)

        packing = Packing(pack, folder / "large")
        next(packing.pieces)
        monkeypatch.setattr(os, "fstat", other)
        data = packing.data()
        monkeypatch.undo()
        extracted(data, tmp_path / "out")
        assert packing.told == [LeftOut("large", "it is neither a file nor a folder")]

    def test_a_link_and_an_entry_that_are_gone_are_left_out(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ):
        def gone(path: str) -> str:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")

        monkeypatch.setattr(os, "readlink", gone)
        packing = Packing(pack, folder)
        packing.data()
        left = {what.path for what in packing.told if isinstance(what, LeftOut)}
        assert left == {"photos/link", "photos/away"}

    @pytest.mark.parametrize("how", ["gone", "junction"])
    def test_an_entry_that_cannot_be_looked_at_or_leads_elsewhere(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
    ):
        def stat_of(*, follow_symlinks: bool) -> os.stat_result:
            assert not follow_symlinks
            if how == "gone":
                raise FileNotFoundError(errno.ENOENT, "gone")
            return folder.stat()

        entry = SimpleNamespace(
            name="odd", path=str(folder / "odd"), stat=stat_of, is_junction=lambda: True
        )

        class Entries:
            def __enter__(self) -> list[object]:
                return [entry]

            def __exit__(self, *_exc: object) -> None:
                pass

        monkeypatch.setattr(module.os, "scandir", lambda _path: Entries())
        packing = Packing(pack, folder)
        packing.data()
        why = "gone" if how == "gone" else "it leads elsewhere"
        assert packing.told == [LeftOut("photos/odd", why)]
