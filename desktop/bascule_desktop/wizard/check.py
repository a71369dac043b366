"""Owns the page of a relay that checks a host again and again, and the steps of one such check."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QCoreApplication

from bascule.control.messages import CheckRequest
from bascule.errors import ErrorCode, Problem
from bascule.events import StageResult
from bascule.spec.endpoints import ClientTls, TcpConnect
from bascule.spec.measuring import Schedule
from bascule.spec.relays import RelaySpec
from bascule_desktop import format as figures
from bascule_desktop.route_nodes import join_port
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.form import OptionalForm, SpecForm
from bascule_desktop.wizard.hops import HopsPart
from bascule_desktop.wizard.page import RelayPage
from bascule_desktop.wizard.target import TargetPart
from bascule_desktop.wizard.testing import TestPage, done_text, failed_text

translate = QCoreApplication.translate


class CheckPage(RelayPage):
    """Which host is checked, how one gets there, and what counts as an answer. ``once``: it is
    not asked how often.
    """

    kind = "check"

    def __init__(self, context: Context, *, once: bool = False) -> None:
        super().__init__(context)
        self._once = once
        if not once:
            self.add_text(
                translate(
                    "Wizard",
                    "Bascule connects, sees that it is answered, and leaves at once: nothing is "
                    "sent. When the answer changes, you are told.",
                )
            )
        self.target = TargetPart(context)
        names = ("within_seconds", "first_byte")
        schedule = names if once else ("every_seconds", *names)
        self.add(self.target)
        self.add(SpecForm(context, Schedule, "source", schedule))
        self.hops = HopsPart(context, "target.via", self.target.goal)
        tls = translate("Wizard", "The target speaks TLS")
        self.way = self.add_more(
            self.hops,
            OptionalForm(context, ClientTls, "target.tls", tls),
            title=translate("Wizard", "The way: proxies and encryption"),
        )
        self.finish({"source": {"kind": Schedule.kind}, "target": {"kind": TcpConnect.kind}})

    @override
    def fill(self, spec: RelaySpec) -> None:
        super().fill(spec)
        target = spec.target
        if not self._once and isinstance(target, TcpConnect) and (target.via or target.tls):
            self.way.expand()

    @override
    def title(self) -> str:
        return translate("Wizard", "Check whether a host answers")

    @override
    def propose_name(self, spec: RelaySpec) -> str:
        assert isinstance(spec.target, TcpConnect)
        where = join_port(spec.target.host, spec.target.port)
        return translate("Wizard", "Is {target} reachable?").format(target=where)


class CheckSteps(TestPage):
    """The steps of a check as they happen."""

    @override
    async def tried(self, spec: RelaySpec, secrets: dict[str, str]) -> Problem | None:
        source, target = spec.source, spec.target
        assert isinstance(source, Schedule)
        assert isinstance(target, TcpConnect)
        request = CheckRequest(target, source.within_seconds, source.first_byte)
        return await self.context.client.check(request, secrets, self.heard)

    @override
    def beginning(self) -> str:
        return ""

    @override
    def ending(self, problem: Problem | None) -> str:
        lost = problem is not None and problem.code is ErrorCode.ENGINE_LOST
        if lost or not self.results:  # it was not tried, or not to its end
            return ""
        taken = sum(result.milliseconds for result in self.results)
        if problem is None:
            said = translate("Wizard", "It answers, after {time}.")
        else:
            said = translate("Wizard", "It does not answer. That was clear after {time}.")
        return said.format(time=figures.milliseconds(taken))

    def report(self) -> str:
        """All of it as text, to be sent to somebody."""
        return "\n".join([*map(_line, self.results), self.summary.text()])


def _line(result: StageResult) -> str:
    said = done_text(result) if result.problem is None else failed_text(result)
    why = f": {result.problem.message}" if result.problem is not None else ""
    mark = "✓" if result.problem is None else "✗"
    return f"{mark} {said}{why} ({figures.milliseconds(result.milliseconds)})"
