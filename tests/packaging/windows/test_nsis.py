"""The installer for Windows, as far as any system can look: its facts, its words, its contents.

What it does on Windows is tried by ``tests/rigs/windows/packages.py``.
"""

from __future__ import annotations

import re
import struct
import subprocess
from pathlib import Path

import pytest

from bascule_desktop import login_entry
from installer.facts import NAME, PUBLISHER, TITLE
from installer.windows import firewall, nsis, signing

SCRIPT = nsis.SCRIPT.read_text(encoding="utf-8")
FIREWALL = nsis.SCRIPT.with_name("firewall.nsh").read_text(encoding="utf-8")
PATH = nsis.SCRIPT.with_name("path.nsh").read_text(encoding="utf-8")
WHOLE = SCRIPT + nsis.SCRIPT.with_name("shared.nsh").read_text(encoding="utf-8") + FIREWALL + PATH
SENTENCES = nsis.SENTENCES.read_text(encoding="utf-8")
SENTENCE = re.compile(r'^\$\{Say\} (\w+) "(.+)" "(.+)"$', re.MULTILINE)
VALUE = re.compile(r"\$\w+|\$\{\w+\}|&")

pytestmark = pytest.mark.usefixtures("qapp")  # the icon is drawn by Qt, which is there once


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with the names of a built program, and nothing that runs."""
    folder = tmp_path / "bascule"
    for name in ("bascule.exe", "bascule-desktop.exe", "_internal/deep/ü.txt"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode() * 10_000)
    return folder


def build(program: Path, tmp_path: Path) -> Path:
    return nsis.build(program, "3.20.1", tmp_path / "dist")


def test_makensis_takes_the_script_without_a_warning(program: Path, tmp_path: Path) -> None:
    made = build(program, tmp_path)
    assert made.name == f"{NAME}-3.20.1-setup.exe"
    data = made.read_bytes()
    assert data.startswith(b"MZ")
    for said in ("3.20.1", PUBLISHER, TITLE):  # what Windows shows under Details
        assert said.encode("utf-16-le") in data
    assert struct.pack("<4H", 20, 3, 0, 1) in data  # VS_FIXEDFILEINFO: two numbers a word


@pytest.mark.parametrize(
    "name", ["o'neil & sons", "a$b", "c$$", "$INSTDIR", "${NAME}", "$(ASK_BOX)", "with space é"]
)
def test_a_folder_may_be_called_anything(program: Path, tmp_path: Path, name: str) -> None:
    place = program.rename(tmp_path / name)
    made = nsis.build(place, "1.0.0", tmp_path / f"made of {name}")
    assert made.parent == tmp_path / f"made of {name}"
    assert made.read_bytes().startswith(b"MZ")


def test_the_same_bytes_are_packed_once_and_small(program: Path, tmp_path: Path) -> None:
    (program / "_internal" / "zeros.bin").write_bytes(bytes(30 << 20))
    assert build(program, tmp_path).stat().st_size < 1 << 20


def test_its_size_is_said_as_windows_counts_it(program: Path) -> None:
    (program / "more.bin").write_bytes(bytes(5 << 20))
    facts = nsis.facts_of(program, "1.0.0", program.parent)
    assert 5 << 10 <= int(facts["SIZE_KB"]) < 6 << 10
    assert int(facts["SIZE_MB"]) == 25


def test_without_makensis_it_says_where_to_get_it(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"get NSIS 3\.08 or newer from https://nsis\."):
        build(program, tmp_path)


def test_a_script_that_makensis_refuses_is_told(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong.nsi"
    wrong.write_text("Unheard of\n", encoding="utf-8")
    monkeypatch.setattr(nsis, "SCRIPT", wrong)
    with pytest.raises(subprocess.CalledProcessError):
        build(program, tmp_path)


# its words ---------------------------------------------------------------------------------------


def test_every_sentence_is_there_in_both_languages() -> None:
    said = {name for name, _, _ in SENTENCE.findall(SENTENCES)}
    assert said == set(re.findall(r"^\$\{Say\} (\w+)", SENTENCES, re.MULTILINE))
    assert said == set(re.findall(r"\$\(([A-Z_]+)\)", WHOLE))  # and used


@pytest.mark.parametrize(("name", "english", "french"), SENTENCE.findall(SENTENCES))
def test_both_languages_say_the_same(name: str, english: str, french: str) -> None:
    assert english != french
    assert sorted(VALUE.findall(english)) == sorted(VALUE.findall(french))
    assert english.count("$\\n") == french.count("$\\n")
    if name.startswith("SAYS_"):
        assert "Nothing was changed." in english
        assert "Rien n'a été modifié." in french
    assert re.search(r" [:;?!»]|« ", french) is None, "no-break spaces stand before : ; ? ! »"


# what it shares with the program -----------------------------------------------------------------


def test_it_writes_the_entry_that_the_programs_own_setting_reads() -> None:
    assert f'!define RUN "{login_entry.RUN_KEY}"' in SCRIPT
    assert f'!define APPROVED "{login_entry.APPROVED_KEY}\\Run"' in SCRIPT
    assert login_entry.RUN_NAME == TITLE
    start = re.search(r"""WriteRegStr HKCU "\$\{RUN\}" "\$\{TITLE\}" '(.+)'""", SCRIPT)
    assert start is not None
    of_the_program = login_entry.run_value([r"$INSTDIR with space\${WINDOW}", "--hidden"])
    assert start[1] == of_the_program.replace(" with space", "")


def test_what_it_writes_it_removes() -> None:
    written = set(re.findall(r'WriteReg\w+ (HKCU "[^"]+")', WHOLE))
    keys = {re.sub(r"\\(DefaultIcon|shell\\open\\command)", "", key) for key in written}
    removed = set(re.findall(r'DeleteRegKey (HKCU "[^"]+")', SCRIPT))
    assert keys - removed == {'HKCU "${RUN}"'}  # others have values there as well
    for key in ("RUN", "APPROVED"):
        wanted = f'DeleteRegValue HKCU "${{{key}}}" "${{TITLE}}"'
        assert wanted in SCRIPT.partition('Section "Uninstall"')[2]


def test_one_setup_at_a_time_moves_files_about() -> None:
    """Whether it is alone it asks before it looks at what is installed; so does the uninstaller."""
    for un in ("", "un"):
        call = f"Call {un}{'.' if un else ''}BeAlone"
        body = SCRIPT.partition(f"Function {un}.onInit")[2].partition("FunctionEnd")[0]
        assert call in body
        assert "ReadReg" not in body.partition(call)[0]


# the rule of the firewall ------------------------------------------------------------------------


def test_the_rule_is_in_it_in_the_words_that_the_msi_has(program: Path, tmp_path: Path) -> None:
    facts = nsis.facts_of(program, "1.0.0", tmp_path)
    path = r"D:\Ann Noë\bascule.exe"
    assert f'{facts["RULE_DELETE"]} program="{path}"' == firewall.delete(path)
    for protocol in firewall.PROTOCOLS:
        said = f'{facts["RULE_ADD"]} program="{path}" protocol={protocol}'
        assert said == firewall.add(path, protocol)
        assert f"RULE_ADD}} program=%e protocol={protocol}" in FIREWALL
    assert set(re.findall(r"RULE_[A-Z_]+(?=})", WHOLE)) <= set(facts)


def test_what_an_administrator_runs_fits_into_a_text_of_nsis(program: Path, tmp_path: Path) -> None:
    facts = nsis.facts_of(program, "1.0.0", tmp_path)
    folder = "C:\\" + "x" * 170  # what is below it comes to Windows' 259 characters
    longest = ""
    settle = FIREWALL.partition("Function SettleRule")[2]
    for line in re.findall(r"StrCpy \$R8 `(.+)`", settle):
        longest = line.replace("$R8", longest).replace(
            "${NETSH}", r'"C:\Windows\system32\netsh.exe"'
        )
        longest = longest.replace("$INSTDIR", folder).replace("${COMMAND}", "bascule.exe")
        longest = longest.replace("$Rule", rf"{folder}\bascule.exe")
        for name, value in facts.items():
            longest = longest.replace(f"${{{name}}}", value)
    assert longest.count("netsh.exe") == 5
    assert "$" not in longest
    assert len(f'/d /v:off /s /c "{longest}"') <= 1023


# PATH --------------------------------------------------------------------------------------------


def test_path_is_never_in_a_text_of_nsis_which_would_cut_it_off() -> None:
    """What it does with one that is longer, ``tests/rigs/windows/wishes.py`` tries."""
    assert re.findall(r'(?:Read|Write)Reg\w+ \S+ "?Environment', WHOLE) == []


# signatures --------------------------------------------------------------------------------------


def test_installer_and_uninstaller_are_signed(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "signed.txt"
    monkeypatch.setenv(signing.VARIABLE, f"echo {{file}} >> {seen}")
    made = build(program, tmp_path)
    first, last = seen.read_text(encoding="utf-8").split()
    assert Path(last) == made
    assert first != last
