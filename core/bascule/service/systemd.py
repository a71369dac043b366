"""Owns the service as systemd has it (systemd.service(5)): a unit of the person's own manager.

With lingering, that manager starts with the computer and not with the first login. So the service
has the person's own profiles, and the window meets its engine as it meets any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bascule.service.definition import TITLE, typed
from bascule.service.entry import Entry
from bascule.spec.export.systemd import quoted

UNIT = "bascule-engine.service"


def entry(command: Sequence[str], config: Path) -> Entry:
    """The unit that runs ``command``. ``config`` is the person's folder of settings (~/.config)."""
    ctl = ("systemctl", "--user")
    return Entry(
        file=config / "systemd" / "user" / UNIT,
        text=unit(command),
        load=((*ctl, "daemon-reload"),),
        install=(
            (*ctl, "enable", UNIT),
            ("loginctl", "enable-linger"),
        ),
        start=(*ctl, "start", UNIT),
        stop=(*ctl, "stop", UNIT),
        status=(*ctl, "is-active", "--quiet", UNIT),
        stopped=(3, 4),  # not active, not known; where nobody could be asked it is 1
        before_removal=((*ctl, "disable", "--now", UNIT),),
        after_removal=((*ctl, "daemon-reload"),),
        note="It starts with the computer (lingering is on: `loginctl disable-linger` ends that) "
        f"and runs your own profiles. Start it now: {typed('service start')}",
    )


def unit(command: Sequence[str]) -> str:
    """The unit's text, also of the packages. However the engine ends, it is started again: after an
    update, too. ``systemctl --user stop`` ends it.
    """
    return "\n".join(
        (
            "# Only one engine runs for each user. Where a window has started it, this one ends at",
            "# once, tries again every ten seconds, and takes over when the other has ended.",
            "[Unit]",
            f"Description={TITLE}",
            f"ConditionFileIsExecutable={command[0].replace('%', '%%')}",
            "StartLimitIntervalSec=0",
            "",
            "[Service]",
            f"ExecStart={' '.join(map(quoted, command))}",
            "Restart=always",
            "RestartSec=10",
            "",
            "[Install]",
            "WantedBy=default.target",
            "",
        )
    )
