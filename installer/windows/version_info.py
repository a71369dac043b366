"""Owns what Windows shows of an executable under Properties, Details (VERSIONINFO resource)."""

from __future__ import annotations

from pathlib import Path

from installer.facts import NAME, PUBLISHER, SUMMARY, TITLE, VERSION

COPYRIGHT = f"© 2026 {PUBLISHER}"

_TEXT = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", {publisher!r}),
      StringStruct("FileDescription", {description!r}),
      StringStruct("FileVersion", {version!r}),
      StringStruct("InternalName", {name!r}),
      StringStruct("LegalCopyright", {copyright!r}),
      StringStruct("OriginalFilename", {name!r} + ".exe"),
      StringStruct("ProductName", {title!r}),
      StringStruct("ProductVersion", {version!r}),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x409, 1200])]),
  ],
)
"""


def write(folder: Path) -> None:
    """Write one text for each executable, as PyInstaller reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    whose = {NAME: f"{TITLE}: engine and command line", f"{NAME}-desktop": f"{TITLE}: {SUMMARY}"}
    for name, description in whose.items():
        text = _TEXT.format(
            numbers=numbers(),
            publisher=PUBLISHER,
            copyright=COPYRIGHT,
            description=description,
            version=VERSION,
            name=name,
            title=TITLE,
        )
        (folder / f"{name}-version.txt").write_text(text, encoding="utf-8")


def numbers(version: str = VERSION) -> tuple[int, int, int, int]:
    """A version as the four numbers that Windows compares."""
    major, minor, patch = map(int, version.split("."))
    return (major, minor, patch, 0)
