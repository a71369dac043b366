from __future__ import annotations

import configparser
import os
import stat
import subprocess
from pathlib import Path

import pytest

from bascule import __version__
from installer.linux import tree

_SHELL_SCRIPTS = ("postinst", "prerm")


def checked(*command: str | Path) -> str:
    """What a checker of the system says, which must have nothing against it."""
    done = subprocess.run([*command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_everything_an_installed_program_has(root: Path):
    usr = root / "usr"
    assert {str(path.relative_to(usr)) for path in usr.rglob("*") if not path.is_dir()} == {
        "bin/bascule",
        "bin/bascule-desktop",
        "lib/bascule/_internal/libexample.so.1",
        "lib/bascule/bascule",
        "lib/bascule/bascule-desktop",
        "lib/systemd/user/bascule-engine.service",
        "share/applications/bascule.desktop",
        "share/doc/bascule/copyright",
        *(f"share/icons/hicolor/{n}x{n}/apps/bascule.png" for n in (32, 48, 64, 128, 256)),
        "share/icons/hicolor/scalable/apps/bascule.svg",
        "share/man/man1/bascule-desktop.1.gz",
        "share/man/man1/bascule.1.gz",
        "share/metainfo/org.bascule.Bascule.metainfo.xml",
        "share/mime/packages/bascule.xml",
    }


def test_the_commands_lead_to_the_program(root: Path):
    for name in ("bascule", "bascule-desktop"):
        link = root / "usr" / "bin" / name
        assert link.resolve() == root / "usr" / "lib" / "bascule" / name


def test_only_programs_may_run(root: Path):
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert {name for name, mode in modes.items() if mode == 0o755} == {"bascule", "bascule-desktop"}
    assert set(modes.values()) == {0o755, 0o644}
    folders = [path for path in root.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o755}


def test_the_menu_entry_is_valid(root: Path):
    entry = root / "usr" / "share" / "applications" / "bascule.desktop"
    assert checked("desktop-file-validate", entry) == ""
    held = configparser.ConfigParser(interpolation=None)
    held.read(entry, "utf-8")
    assert (root / "usr" / "bin" / held["Desktop Entry"]["TryExec"]).is_symlink()


def test_the_appstream_data_is_valid(root: Path):
    [data] = (root / "usr" / "share" / "metainfo").iterdir()
    checked("appstreamcli", "validate", "--no-net", data)
    assert f'<release version="{__version__}"' in data.read_text(encoding="utf-8")


def test_a_relay_has_its_file_type(root: Path, tmp_path: Path):
    mime = tmp_path / "mime"
    (mime / "packages").mkdir(parents=True)
    held = (root / "usr" / "share" / "mime" / "packages" / "bascule.xml").read_bytes()
    (mime / "packages" / "bascule.xml").write_bytes(held)
    checked("update-mime-database", mime)
    assert ":application/x-bascule-profile:*.bascule" in (mime / "globs2").read_text("utf-8")


def test_systemd_accepts_the_unit(root: Path, tmp_path: Path):
    unit = root / "usr" / "lib" / "systemd" / "user" / "bascule-engine.service"
    text = unit.read_text(encoding="utf-8")
    assert "/usr/lib/bascule/bascule" in text
    copied = tmp_path / unit.name  # with a program that is there, as systemd looks for it
    copied.write_text(text.replace("/usr/lib/bascule/bascule", "/bin/true"), encoding="utf-8")
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", copied],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    # It may complain of other units of this system, too.
    complaints = [line for line in done.stderr.splitlines() if copied.name in line]
    assert (done.returncode, complaints) == (0, [])


@pytest.mark.parametrize("name", _SHELL_SCRIPTS)
def test_the_scripts_are_sound(name: str, tmp_path: Path):
    file = tmp_path / name
    file.write_text(tree.script(name), encoding="utf-8")
    checked("shellcheck", "--shell=sh", "--severity=warning", "--exclude=SC2317", file)


def test_rpm_is_given_another_condition():
    said = tree.script("prerm", '[ "$1" -eq 0 ]')
    assert 'if [ "$1" -eq 0 ]; then\n    end_all /usr/lib/bascule\nfi\n' in said
    assert "= remove" not in said
