"""What is left out of the built program, and what must not be."""

from __future__ import annotations

import pytest

from installer.trim import is_needed


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt6Widgets.dll",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/translations/qtbase_fr.qm",
        "libcrypto-3.dll",
        "resources/translations/bascule_fr.qm",
        "libssl.so.3",
    ],
)
def test_what_the_program_loads_stays(name: str) -> None:
    assert is_needed(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6\\opengl32sw.dll",
        "PySide6\\plugins\\tls\\qschannelbackend.dll",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/translations/qtbase_de.qm",
        "PySide6/translations/qtdeclarative_fr.qm",
        "resources/translations/bascule_fr.ts",
        "resources/translations/update.py",
        "resources\\translations\\__pycache__\\update.cpython-313.pyc",
        "libX11.so.6",
        "libstdc++.so.6",
    ],
)
def test_what_it_never_loads_and_what_each_system_has_goes(name: str) -> None:
    assert not is_needed(name)
