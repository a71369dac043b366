"""What every package says of Bascule, where programs of others have to understand it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from installer.facts import package_version


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
