"""Who may enter the folder of the Windows service."""

from __future__ import annotations

import pytest

from bascule.service.definition import NAME
from bascule.service.rights import account, account_sid, folder_rights


@pytest.mark.parametrize(
    ("service", "identifier"),
    [  # as Windows itself shows them: `sc.exe showsid NAME`
        (
            "TrustedInstaller",
            "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
        ),
        ("MSSQLSERVER", "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003"),
    ],
)
def test_the_identifier_of_a_service_is_what_windows_makes_of_its_name(
    service: str, identifier: str
):
    assert account_sid(service) == identifier
    assert account_sid(service.lower()) == identifier  # names of services have no case


def test_it_never_runs_as_the_system():
    assert account(NAME) == r"NT SERVICE\Bascule"


def test_nobody_but_windows_administrators_and_the_service_may_enter():
    rights = folder_rights("TrustedInstaller")
    owner, _, entries = rights.partition("D:P")  # P: what the folder above allows does not count
    assert owner == "O:S-1-5-32-544"
    assert entries.strip("()").split(")(") == [
        "A;OICI;FA;;;S-1-5-18",
        "A;OICI;FA;;;S-1-5-32-544",
        "A;OICI;FA;;;S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
    ]
