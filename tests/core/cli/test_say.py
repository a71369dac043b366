"""What somebody else wrote, as the command line prints it."""

from __future__ import annotations

import pytest

from bascule.cli.say import say


@pytest.mark.parametrize("aside", [False, True])
def test_no_terminal_obeys_what_is_printed(aside: bool, capsys: pytest.CaptureFixture[str]) -> None:
    say("rm -rf x #\x1b[2K\rdate\u202e\né \u00a0ok", aside=aside)
    out, err = capsys.readouterr()
    shown = "rm -rf x #\\x1b[2K\\x0ddate\\x202e\né \u00a0ok\n"
    assert (out, err) == (("", shown) if aside else (shown, ""))
