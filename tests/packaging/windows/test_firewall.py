"""The rule of Windows' firewall: whom it lets in, and that it is one.

netsh is on Windows alone; what it was really called with, ``tests/rigs/windows`` sees.
"""

from __future__ import annotations

import re
import shlex

import pytest

from bascule_desktop import outside
from installer.windows import firewall

PROGRAM = r"D:\Ann Noë & co\Bascule\bascule.exe"


def words(said: str) -> list[str]:
    """What netsh is given, as Windows divides it."""
    divided = shlex.split(said.replace("\\", "\\\\"))
    assert divided[:2] == ["advfirewall", "firewall"]
    return divided[2:]


@pytest.mark.parametrize("protocol", firewall.PROTOCOLS)
def test_it_lets_others_in_to_one_program_and_never_from_a_public_network(protocol: str) -> None:
    said = words(firewall.add(PROGRAM, protocol))
    assert said[:2] == ["add", "rule"]
    assert dict(word.split("=", 1) for word in said[2:]) == {
        "name": "Bascule",
        "dir": "in",
        "action": "allow",
        "profile": "private,domain",
        "program": PROGRAM,
        "protocol": protocol,
    }


def test_what_is_deleted_is_of_that_program_alone() -> None:
    rule = ["dir=in", f"program={PROGRAM}"]
    assert words(firewall.delete(PROGRAM)) == ["delete", "rule", "name=Bascule", *rule]
    assert words(firewall.DELETE_ALL) == ["delete", "rule", "name=all", "dir=in"]
    assert words(firewall.SHOW) == ["show", "rule", "name=Bascule"]


def test_the_line_that_the_window_offers_for_a_port_is_a_rule_of_its_own() -> None:
    line = outside.firewall(2001, system="win32")
    assert line is not None
    name = re.search(r'name="([^"]+)"', line.value)
    assert name is not None and name[1] not in ("all", firewall.NAME)
