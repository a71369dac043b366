"""The version of a file of Windows is read as Windows reads it, on every system."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from installer.windows.file_version import version_of


@pytest.mark.parametrize(("language", "said"), [(1033, "1033"), (1036, "1036"), (0, "0")])
def test_version_and_language_are_those_of_the_resource(
    tmp_path: Path, language: int, said: str
) -> None:
    file, script = tmp_path / "a.exe", tmp_path / "a.nsi"
    script.write_text(
        f'Unicode true\nOutFile "{file}"\nVIProductVersion "3.13.2150.1013"\n'
        f'VIAddVersionKey /LANG={language} "FileVersion" "a text"\nSection\nSectionEnd\n'
    )
    subprocess.run(["makensis", "-V1", str(script)], check=True)
    assert version_of(file) == ("3.13.2150.1013", said)


def test_a_program_that_only_speaks_of_versions_has_none(tmp_path: Path) -> None:
    key = "VS_VERSION_INFO\0".encode("utf-16-le")
    for name, content in {
        "none.exe": b"MZ" + bytes(100),
        "speaks.exe": b"MZ" + bytes(6) + key + bytes(40),
        "cut.exe": b"MZ" + bytes(6) + key,
        "no.exe": b"",
        "text.txt": key + b"\0\0" + (0xFEEF04BD).to_bytes(4, "little") + bytes(48),
    }.items():
        file = tmp_path / name
        file.write_bytes(content)
        assert version_of(file) is None, name
