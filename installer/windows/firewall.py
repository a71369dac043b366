"""Owns the rule of Windows' firewall that both installers offer, in netsh's words.

Two entries of one name, as netsh takes one protocol at a time. They are for the engine's program
alone, inwards, on private and company networks. netsh replaces nothing that has the same name, so
whoever adds deletes first, and deletes what is for that program alone: the two installers put it
into different places.
"""

from __future__ import annotations

from installer.facts import TITLE

NAME = TITLE
PROTOCOLS = ("TCP", "UDP")

_RULE = f'advfirewall firewall {{verb}} rule name="{NAME}"'
SHOW = _RULE.format(verb="show")
"""Needs no rights; netsh ends with 1 where there is none."""

DELETE = _RULE.format(verb="delete") + " dir=in"
DELETE_ALL = "advfirewall firewall delete rule name=all dir=in"
"""Also what Windows has noted where its own question was not answered with yes: that blocks, and
what blocks counts more than what allows."""

ADD = _RULE.format(verb="add") + " dir=in action=allow profile=private,domain"


def delete(program: str) -> str:
    """What takes the rule of a program away."""
    return f'{DELETE} program="{program}"'


def add(program: str, protocol: str) -> str:
    """What lets other computers reach a program by one of the protocols."""
    return f'{ADD} program="{program}" protocol={protocol}'
