"""Owns what an export is: the forms there are, the text, what is lost, and why there is none."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bascule.errors import ErrorCode, Fact, SpecError


class Form(StrEnum):
    """A program whose configuration can be written. The value is what the command line takes."""

    SOCAT = "socat"
    SYSTEMD = "systemd"
    HAPROXY = "haproxy"
    NGINX = "nginx"
    STUNNEL = "stunnel"
    SER2NET = "ser2net"


class LossKind(StrEnum):
    """A stable name for one sort of loss; desktops choose their sentence by it."""

    SETTING = "setting"
    ALLOW = "allow"
    PERMISSIONS = "permissions"
    HALF_CLOSE = "half_close"
    NAMES = "names"
    ORDER = "order"
    AGAIN = "again"
    PASSWORD = "password"
    PASSPHRASE = "passphrase"
    ONE_FILE = "one_file"
    AUTHORITIES = "authorities"
    ADDRESS = "address"
    ACCOUNT = "account"
    BASCULE = "bascule"


TO_DO = frozenset(
    {
        LossKind.PASSWORD,
        LossKind.PASSPHRASE,
        LossKind.ONE_FILE,
        LossKind.AUTHORITIES,
        LossKind.ADDRESS,
        LossKind.ACCOUNT,
        LossKind.BASCULE,
    }
)
"""What a person still has to do before the text works; the others just are not there any more."""


@dataclass(frozen=True)
class Loss:
    """One thing that the other program does not do as Bascule did.

    ``message`` is an English sentence; ``field`` the dotted path of the setting it concerns;
    ``facts`` what a sentence in another language needs (``program``, ``value``, …), never a secret.
    """

    kind: LossKind
    message: str
    field: str = ""
    facts: Mapping[str, Fact] = dataclasses.field(default_factory=dict[str, Fact])

    @property
    def to_do(self) -> bool:
        """Whether a person has to do something before the text works."""
        return self.kind in TO_DO


@dataclass(frozen=True)
class Exported:
    """A relay as the text of another program. ``file_name`` is a good name for its file."""

    text: str
    file_name: str
    lost: tuple[Loss, ...] = ()


def refusal(program: str, rule: str, why: str, *, at: str = "", **facts: Fact) -> SpecError:
    """The error for a relay that a program cannot express. ``rule`` is a stable name of the reason
    ``why``, a half sentence; ``at`` the dotted path of the setting.
    """
    return SpecError(
        f"{program} cannot do what this relay does: {why}",
        code=ErrorCode.NOT_EXPORTABLE,
        field=at or None,
        program=program,
        rule=rule,
        why=why,
        **facts,
    )
