"""Owns the package for Fedora, openSUSE and their kin, made of the same tree as the ``.deb``.

rpm would take every library in the tree for one that it offers to others, and ask for each of them
back; so what is needed is said by name, as rpm names libraries itself (``libX11.so.6()(64bit)``).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from installer.facts import (
    BUILT,
    DIST,
    LICENSE,
    MAINTAINER,
    NAME,
    PROGRAM,
    SUMMARY,
    VERSION,
    package_version,
)
from installer.linux import elf, tree

_ARCHITECTURE = "x86_64"
_LOADER = "ld-linux-x86-64.so.2"
_LEVEL = 19
_SPEC = """\
%global __strip /bin/true
%global _build_id_links none
%global debug_package %{{nil}}
%global __os_install_post %{{nil}}
%global use_source_date_epoch_as_buildtime 1
Name: {name}
Version: {version}
Release: 1
Summary: {summary}
License: {license}
Packager: {maintainer}
AutoReqProv: no
Requires: {requires}
Recommends: ca-certificates
Requires(post,preun): /usr/bin/getent, coreutils, findutils, grep, sed, util-linux

%description
Bascule joins things that do not speak to each other: a scale on a serial port
answers on a TCP port, an old web service is reached over HTTPS, a port leads to
another computer, a host is reached through SOCKS proxies.

%post
{post}
%preun
{preun}
%files
%defattr(-,root,root,-)
/usr/bin/*
/usr/lib/{name}
/usr/lib/systemd/user/*
/usr/share/applications/*
/usr/share/icons/hicolor/*/apps/*
/usr/share/metainfo/*
/usr/share/mime/packages/*
%doc /usr/share/doc/{name}
%doc /usr/share/man/man1/*
"""


def build(
    program: Path = PROGRAM, into: Path = DIST, *, version: str = VERSION, level: int = _LEVEL
) -> Path:
    """Make the package of a program that PyInstaller built; its file. ``level`` is how hard zstd
    tries: 1 to 19.

    Raises: CalledProcessError.
    """
    with tempfile.TemporaryDirectory(prefix="bascule-rpm-") as folder:
        top = Path(folder)
        root = top / "root"
        root.mkdir()
        tree.lay_out(root, program)
        spec = top / f"{NAME}.spec"
        spec.write_text(_spec(version, requires(program)), encoding="utf-8")
        defines = {
            "_topdir": top / "rpm",
            "_rpmdir": top / "out",
            "_binary_payload": f"w{level}T2.zstdio",
        }
        words = [f"--define={name} {value}" for name, value in defines.items()]
        words += ["--quiet", "-bb", f"--buildroot={root}", f"--target={_ARCHITECTURE}", str(spec)]
        subprocess.run(["rpmbuild", *words], check=True)
        [made] = (top / "out").rglob("*.rpm")
        file = into / f"{NAME}-{version}-1.{_ARCHITECTURE}.rpm"
        shutil.move(made, file)
    return file


def requires(program: Path) -> list[str]:
    """What a program needs of the system, in rpm's words."""
    floor = ".".join(map(str, elf.glibc_floor(program)))
    names = elf.outside(program) - {_LOADER, "libc.so.6"}
    found = [f"{name}()(64bit)" for name in sorted(names)]
    # Which owns the folders that the icons are in.
    return ["hicolor-icon-theme", f"libc.so.6(GLIBC_{floor})(64bit)", *found]


def _spec(version: str, needs: list[str]) -> str:
    # rpm gives a number to its scripts where dpkg gives a word: how many versions there will be.
    return _SPEC.format(
        name=NAME,
        version=package_version(version),
        summary=SUMMARY,
        license=LICENSE,
        maintainer=MAINTAINER,
        requires=", ".join(needs),
        date=f"{BUILT:%a %b %d %Y}",
        post=_escaped(tree.script("postinst", '[ "$1" -gt 1 ]')),
        preun=_escaped(tree.script("prerm", '[ "$1" -eq 0 ]')),
    )


def _escaped(script: str) -> str:
    """A script as rpm wants it: it takes ``%`` for a macro, and brings the shell itself."""
    return script.removeprefix("#!/bin/sh\n").replace("%", "%%")
