"""Archives of the real tar, and such as nobody should send: what is in the folder afterwards."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.pack import pack
from bascule.streams.packed import totals_header
from bascule.streams.transfer import Transfer
from bascule.streams.unpack import PassedOver, Unpacked, keep, unpack
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.processes import find


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "received"
    made.mkdir()
    return made


def files(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file in a folder, temporary ones too."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def archive(*members: tuple[str, bytes | None], **more: object) -> bytes:
    """An archive; a member without content is made of ``more``."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            for key, value in (more if data is None else {"size": len(data)}).items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(data or b""))
    return made.getvalue()


def unpacked(data: bytes, folder: Path, existing: str = "refuse") -> list[Unpacked | PassedOver]:
    told: list[Unpacked | PassedOver] = []
    transfer = Transfer(sending=False)
    unpack(io.BytesIO(data), folder, existing=existing, tell=told.append, transfer=transfer)
    return told


@pytest.mark.parametrize("words", ["-cpf", "-czf", "-cjf", "-cJf"])
def test_what_tar_packs_is_there_with_its_sums(tmp_path: Path, folder: Path, words: str):
    sent = tmp_path / "sent"
    (sent / "sub" / "empty").mkdir(parents=True)
    (sent / "large").write_bytes(random_bytes(2_000_000))
    (sent / "sub" / "né.txt").write_bytes(b"text\n")
    (sent / "nothing").touch()
    (sent / "large").chmod(0o750)
    os.utime(sent / "large", (1_000_000_000, 1_000_000_000))
    command = [find("tar"), words, "-", "-C", str(sent), "."]
    made = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE_SECONDS)
    told = unpacked(made.stdout, folder)
    assert files(folder) == files(sent)
    assert {each.path: each.sha256 for each in told if isinstance(each, Unpacked)} == files(sent)
    assert sum(each.size for each in told if isinstance(each, Unpacked)) == 2_000_005
    assert (folder / "sub" / "empty").is_dir()
    status = (folder / "large").stat()
    assert (status.st_mode & 0o777, status.st_mtime) == (0o750, 1_000_000_000)


@pytest.mark.parametrize("name", ["../out", "a/../../out", "sub/../../received2/out"])
def test_no_path_leaves_the_folder(tmp_path: Path, folder: Path, name: str):
    with pytest.raises(StreamError, match="it leads out of the folder"):
        unpacked(archive(("kept", b"1"), (name, b"2"), ("after", b"3")), folder)
    assert set(files(tmp_path)) == {"received/kept"}


def test_an_absolute_path_is_one_within_the_folder(tmp_path: Path, folder: Path):
    absolute = (tmp_path / "out").as_posix().removeprefix(tmp_path.drive)
    unpacked(archive((absolute, b"x")), folder)
    assert [path for path in files(tmp_path) if not path.startswith("received/")] == []
    assert len(files(folder)) == 1


def test_a_link_of_the_folder_itself_is_not_followed_out_of_it(tmp_path: Path, folder: Path):
    (tmp_path / "elsewhere").mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StreamError, match="it leads out of the folder"):
        unpacked(archive(("link/out", b"x")), folder)
    assert files(tmp_path / "elsewhere") == {}


@pytest.mark.parametrize("kind", [
    tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE,
])  # fmt: skip
def test_links_and_devices_are_passed_over(folder: Path, kind: bytes):
    data = archive(("odd", None), ("file", b"x"), type=kind, linkname="/etc/passwd")
    odd, file = unpacked(data, folder)
    assert odd == PassedOver("odd")
    assert isinstance(file, Unpacked)
    assert os.listdir(folder) == ["file"]  # noqa: PTH208 - links that lead nowhere count as well


def test_a_name_that_is_taken(folder: Path):
    data = archive(("a.txt", b"new"))
    (folder / "a.txt").write_bytes(b"old")
    with pytest.raises(StreamError, match="there already") as caught:
        unpacked(data, folder)
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert (folder / "a.txt").read_bytes() == b"old"
    for name in ("a (2).txt", "a (3).txt"):
        (told,) = unpacked(data, folder, "rename")
        assert told.path == name
        assert (folder / name).read_bytes() == b"new"
    unpacked(data, folder, "replace")
    assert (folder / "a.txt").read_bytes() == b"new"
    assert len(files(folder)) == 3


@pytest.mark.parametrize("data", [
    b"", b"no archive at all" * 100, archive(("large", random_bytes(5000)))[:3000],
    b"\x1f\x8b\x08\x2f\x00",  # gzip, which ends within its extra field (RFC 1952 §2.3)
])  # fmt: skip
def test_what_is_cut_off_or_no_archive_leaves_no_half_file(folder: Path, data: bytes):
    with pytest.raises(StreamError, match="no tar archive, or it is cut off"):
        unpacked(data, folder)
    assert files(folder) == {}


def test_a_full_disk_leaves_no_half_file(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_fd: int, _data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StreamError) as caught:
        unpacked(archive(("a", b"x")), folder)
    assert caught.value.code is ErrorCode.FILE_FULL
    assert files(folder) == {}


def test_a_folder_where_a_file_should_be(folder: Path):
    (folder / "a").mkdir()
    with pytest.raises(StreamError) as caught:
        unpacked(archive(("a", b"x")), folder, "replace")
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert files(folder) == {}


@pytest.mark.parametrize("mtime", ["1e300", "nan", "-1e18"])
def test_a_time_that_no_file_has_keeps_no_file_from_coming(folder: Path, mtime: str):
    data = pax({"mtime": mtime}, b"hello")
    assert [each.path for each in unpacked(data, folder)] == ["a"]
    assert (folder / "a").read_bytes() == b"hello"


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "."])
def test_a_name_that_no_file_has_is_refused_in_words(folder: Path, name: str):
    with pytest.raises(StreamError) as caught:
        unpacked(pax({"path": name}, b"hello"), folder)
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert files(folder) == {}


def pax(facts: dict[str, str], data: bytes) -> bytes:
    """An archive of one file, called "a" where its facts in pax's form say nothing else."""
    made, info = io.BytesIO(), tarfile.TarInfo("a")
    info.size, info.pax_headers = len(data), facts
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(info, io.BytesIO(data))
    return made.getvalue()


# what is accounted for ----------------------------------------------------------------------------


def test_the_account_knows_what_will_come_where_the_archive_says_so(folder: Path):
    transfer = Transfer(sending=False)
    data = totals_header(2, 9) + archive(("a", b"1234"), ("b", b"12345"))
    unpack(io.BytesIO(data), folder, existing="refuse", tell=lambda _what: None, transfer=transfer)
    status = transfer.status(1, 0)
    assert (status.files_done, status.total_files) == (2, 2)
    assert (status.bytes_done, status.total_bytes) == (9, 9)
    assert (status.name, status.sha256) == ("b", hashlib.sha256(b"12345").hexdigest())


def test_without_that_it_knows_what_has_come(folder: Path):
    transfer = Transfer(sending=False)
    data = archive(("a", b"1234"), ("link", None), type=tarfile.SYMTYPE, linkname="a")
    unpack(io.BytesIO(data), folder, existing="refuse", tell=lambda _what: None, transfer=transfer)
    status = transfer.status(1, 0)
    assert (status.files_done, status.bytes_done, status.passed_over) == (1, 4, 1)
    assert (status.total_files, status.total_bytes) == (None, None)


# one file as it is --------------------------------------------------------------------------------


def kept(data: bytes, folder: Path, existing: str = "refuse") -> tuple[list[object], Transfer]:
    told: list[object] = []
    transfer = Transfer(sending=False)
    source = io.BytesIO(data)
    keep(source, folder, "big.log", existing=existing, tell=told.append, transfer=transfer)
    return told, transfer


def test_one_file_is_kept_under_the_name_that_was_asked_for(folder: Path):
    data = random_bytes(700_000)
    told, transfer = kept(data, folder)
    digest = hashlib.sha256(data).hexdigest()
    assert files(folder) == {"big.log": digest}
    assert told == [Unpacked("big.log", 700_000, digest)]
    status = transfer.status(1, 0)
    assert (status.files_done, status.bytes_done, status.sha256) == (1, 700_000, digest)


def test_a_name_that_is_taken_is_refused_or_gets_a_number(folder: Path):
    (folder / "big.log").write_bytes(b"mine")
    with pytest.raises(StreamError, match="there already"):
        kept(b"theirs", folder)
    told, _transfer = kept(b"theirs", folder, "rename")
    assert [what.path for what in told if isinstance(what, Unpacked)] == ["big (2).log"]
    assert (folder / "big.log").read_bytes() == b"mine"
    kept(b"theirs", folder, "replace")
    assert (folder / "big.log").read_bytes() == b"theirs"


def test_a_name_that_is_taken_meanwhile_is_not_overwritten(folder: Path):
    class Late(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            (folder / "big.log").write_bytes(b"somebody else")
            return super().read(size)

    transfer = Transfer(sending=False)
    keep(
        Late(b"mine"), folder, "big.log", existing="rename", tell=lambda _: None, transfer=transfer
    )
    assert (folder / "big.log").read_bytes() == b"somebody else"
    assert (folder / "big (2).log").read_bytes() == b"mine"


def test_a_folder_that_is_gone_is_said(folder: Path):
    folder.rmdir()
    with pytest.raises(StreamError) as caught:
        kept(b"data", folder)
    assert caught.value.code is ErrorCode.FILE_FAILED


# too much -----------------------------------------------------------------------------------------


def limited(limit_bytes: int) -> dict[str, Any]:
    return {
        "existing": "refuse",
        "limit_bytes": limit_bytes,
        "tell": lambda _what: None,
        "transfer": Transfer(sending=False),
    }


def test_what_is_complete_before_it_is_too_much_stays(folder: Path):
    data = io.BytesIO(archive(("a", bytes(600)), ("b", bytes(600)), ("c", b"c")))
    with pytest.raises(StreamError, match="more than 0 MB arrive") as caught:
        unpack(data, folder, **limited(1199))
    assert (caught.value.code, caught.value.facts["reason"]) == (ErrorCode.FILE_FAILED, "too_much")
    assert [path.name for path in folder.iterdir()] == ["a"]
    data.seek(0)
    (folder / "a").unlink()
    unpack(data, folder, **limited(1201))
    assert sorted(files(folder)) == ["a", "b", "c"]


def test_what_is_packed_well_is_counted_as_it_is_written(folder: Path):
    data = gzip.compress(archive(("zeros", bytes(5_000_000))))
    assert len(data) < 100_000
    with pytest.raises(StreamError, match="more than 1 MB arrive"):
        unpack(io.BytesIO(data), folder, **limited(1_000_000))
    assert list(folder.iterdir()) == []


def test_one_file_that_is_too_much_leaves_nothing(folder: Path):
    with pytest.raises(StreamError, match="more than 1 MB arrive"):
        keep(io.BytesIO(bytes(1_000_001)), folder, "big.log", **limited(1_000_000))
    assert list(folder.iterdir()) == []
    keep(io.BytesIO(bytes(1_000_000)), folder, "big.log", **limited(1_000_000))
    assert (folder / "big.log").stat().st_size == 1_000_000


def test_what_says_ahead_that_it_is_too_much_is_refused_before_anything_is_written(
    folder: Path, tmp_path: Path
):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("a", "b"):
        (source / name).write_bytes(bytes(600))
    packing = Transfer(sending=True)
    data = b"".join(pack(source, tell=lambda _what: None, transfer=packing))
    with pytest.raises(StreamError, match="arrive"):
        unpack(io.BytesIO(data), folder, **limited(1000))
    assert list(folder.iterdir()) == []
