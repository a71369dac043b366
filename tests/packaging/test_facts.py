"""What every package says of Bascule, where programs of others have to understand it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from installer.facts import PUBLISHER, TOP, package_version


def test_a_release_is_a_version_as_it_is() -> None:
    assert package_version("1.20.3") == "1.20.3"


@pytest.mark.skipif(sys.platform != "linux", reason="dpkg and rpm")
@pytest.mark.parametrize(("older", "newer"), [("1.0.0a2", "1.0.0b1"), ("1.0.0rc1", "1.0.0")])
def test_dpkg_and_rpm_take_what_came_before_a_release_for_older(older: str, newer: str) -> None:
    first, second = package_version(older), package_version(newer)
    subprocess.run(["dpkg", "--compare-versions", first, "lt", second], check=True)
    order = f'%{{lua:print(rpm.vercmp("{first}", "{second}"))}}'
    said = subprocess.run(["rpm", "--eval", order], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "-1"


@pytest.mark.parametrize("said", [None, ""])
def test_a_maintainer_who_is_not_set_is_the_authors(said: str | None) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name != "BASCULE_MAINTAINER"
    }
    if said is not None:
        environment["BASCULE_MAINTAINER"] = said
    code = "from installer import facts; print(facts.MAINTAINER)"
    command = [sys.executable, "-c", code]
    told = subprocess.check_output(command, env=environment, cwd=TOP, text=True)
    assert told == f"{PUBLISHER} <bascule@users.noreply.github.com>\n"
