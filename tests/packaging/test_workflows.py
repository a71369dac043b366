"""The workflows: valid, safe, and nothing in them that a person could not type.

zizmor reads each against GitHub's schema and looks for what could be misused.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from installer.facts import TOP

FOLDER = TOP / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
ACTIONS = {"checkout", "setup-python", "upload-artifact", "download-artifact"}
STEP = {"name", "uses", "with", "run", "env"}
VERB = re.compile(r"python dev\.py (?P<verb>[a-z]+)( [\w/.-]+)*")


def read(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def triggers(workflow: dict[str, Any]) -> dict[str, Any]:
    return workflow[True]  # type: ignore[index] # YAML 1.1 takes `on` for a truth value


def jobs(file: Path) -> Iterator[dict[str, Any]]:
    yield from read(file)["jobs"].values()


def steps() -> Iterator[dict[str, Any]]:
    for file in FILES:
        for job in jobs(file):
            yield from job["steps"]


def inspect(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("zizmor"), "--offline", "--strict-collection"]
    return subprocess.run([*command, folder], capture_output=True, text=True, check=False)


def test_they_are_valid_and_nothing_in_them_can_be_misused() -> None:
    assert [file.name for file in FILES] == ["package.yml", "test.yml"]
    done = inspect(TOP / ".github")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("good", "bad"),
    [("runs-on:", "runs_on:"), ("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7")],
)
def test_the_inspection_sees_what_is_wrong(good: str, bad: str, tmp_path: Path) -> None:
    text = (FOLDER / "test.yml").read_text(encoding="utf-8")
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    wrong = tmp_path / ".github" / "workflows" / "test.yml"
    wrong.write_text(text.replace(good, bad), encoding="utf-8")
    assert wrong.read_text(encoding="utf-8") != text
    assert inspect(tmp_path).returncode != 0


def test_each_step_is_a_verb_of_ours_or_an_action_of_github() -> None:
    offered = subprocess.run(
        [sys.executable, TOP / "dev.py", "--help"], capture_output=True, text=True, check=True
    )
    for step in steps():
        assert set(step) <= STEP, step
        if "run" in step:
            typed = VERB.fullmatch(step["run"])
            assert typed is not None, step["run"]
            assert f"dev.py {typed['verb']} " in offered.stdout
        else:
            action = re.fullmatch(r"actions/(?P<name>[\w-]+)@[0-9a-f]{40}", step["uses"])
            assert action is not None, step["uses"]
            assert action["name"] in ACTIONS


def test_each_action_is_pinned_once_with_its_version_beside_it() -> None:
    pins: dict[str, set[str]] = {}
    for file in FILES:
        for line in file.read_text(encoding="utf-8").splitlines():
            if "uses:" in line:
                pin = re.fullmatch(r" +- uses: (\S+)@(\w+ # v\d+\.\d+\.\d+)", line)
                assert pin is not None, line
                pins.setdefault(pin[1], set()).add(pin[2])
    assert {action: len(versions) for action, versions in pins.items() if len(versions) > 1} == {}


def test_only_a_pushed_tag_may_write_and_only_to_releases() -> None:
    for file in FILES:
        assert read(file)["permissions"] == {"contents": "read"}
        assert "pull_request_target" not in triggers(read(file))
        for job in jobs(file):
            if "permissions" in job:
                assert job["permissions"] == {"contents": "write"}
                assert job["if"] == "github.event_name == 'push' && github.ref_type == 'tag'"
                assert triggers(read(file))["push"] == {"tags": ["v*"]}


def test_what_a_build_may_be_told_is_handed_to_it() -> None:
    """Each variable that the installer reads is handed to some step under its own name."""
    sources = [*(TOP / "installer").rglob("*.py"), TOP / "core" / "bascule" / "managed.py"]
    text = "".join(file.read_text(encoding="utf-8") for file in sources)
    read_by_us = set(re.findall(r'"(BASCULE_[A-Z_]+)"', text))
    handed: dict[str, set[str]] = {}
    for step in steps():
        for name, value in step.get("env", {}).items():
            handed.setdefault(name, set()).add(value)
    assert handed.pop("GH_TOKEN") == {"${{ github.token }}"}
    assert "BASCULE_UPDATE_ADDRESS" in read_by_us and set(handed) == read_by_us
    on_tags = "github.event_name == 'push' && github.ref_type == 'tag'"
    for name, values in handed.items():
        public = f"${{{{ vars.{name} }}}}"
        secret = f"${{{{ {on_tags} && secrets.{name} || '' }}}}"
        assert values in ({public}, {secret}), name


def test_every_program_is_told_where_to_look_for_updates() -> None:
    workflow = read(FOLDER / "package.yml")
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            typed = VERB.fullmatch(step.get("run", ""))
            if typed is not None and typed["verb"] in ("package", "release"):
                assert "BASCULE_UPDATE_ADDRESS" in step["env"]


def test_a_secret_is_for_what_signs_alone() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in FILES)
    secrets = set(re.findall(r"secrets\.(\w+)", text))
    assert secrets == {"BASCULE_SIGN", "BASCULE_CODESIGN_IDENTITY", "BASCULE_NOTARY_PROFILE"}


def test_every_package_is_built_before_a_release_and_uploaded_with_its_checksums() -> None:
    workflow = read(FOLDER / "package.yml")
    builders = {name: job for name, job in workflow["jobs"].items() if name != "release"}
    assert workflow["jobs"]["release"]["needs"] == list(builders)
    for job in builders.values():
        [kept] = [step["with"] for step in job["steps"] if "upload" in step.get("uses", "")]
        assert "dist/SHA256SUMS" in kept["path"].splitlines()
        assert kept["if-no-files-found"] == "error"


def test_no_job_runs_for_ever() -> None:
    assert all("timeout-minutes" in job for file in FILES for job in jobs(file))
