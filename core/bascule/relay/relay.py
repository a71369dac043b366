"""Owns one relay: the commands it takes, and how it stands between and during its runs.

It tells what happens through ``tell`` and never talks to clients, files or people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bascule.errors import BasculeError, fault_of_ours
from bascule.events import LogLevel, RelayState, RelayStatus
from bascule.relay.connection import Connection
from bascule.relay.connections import Connections, Tell
from bascule.relay.findings import Findings
from bascule.relay.recorder import Recorder
from bascule.relay.run import Build, Run
from bascule.relay.standing import Standing
from bascule.spec.relays import RelaySpec


class Relay:
    """One relay. ``start`` and ``stop`` may be called again and again, in any state."""

    def __init__(self, id: str, spec: RelaySpec, build: Build, tell: Tell) -> None:
        self.id = id
        self.spec = spec
        self.findings = Findings(id, tell)
        self._build = build
        self._standing = Standing(id, tell)
        self._connections = Connections(id, tell, self._connected, self._ended)
        self._run: Run | None = None
        self._main: asyncio.Task[None] | None = None
        self._fault: BaseException | None = None
        self._start_again = False

    # commands -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin; where it waits for its next try, try now. While it stops or ends: begin again as
        soon as it has.
        """
        if self._run is not None and self.active:
            stops = self._standing.state is RelayState.STOPPING
            self._start_again = stops or not self._run.try_now()
            return
        self._start_again, self._fault = False, None
        self.findings.forget_share()
        self._standing.exposes = self.spec.exposed
        self._standing.become(RelayState.STARTING)
        self._run = Run(self.spec, self._connections, self.findings, self._standing)
        work = self._work(self._run)
        self._main = asyncio.get_running_loop().create_task(work, name=f"relay {self.id}")
        self._main.add_done_callback(self._main_ended)

    async def stop(self) -> None:
        """Stop listening, end every connection, and return when all is closed."""
        self._start_again = False
        main, run = self._main, self._run
        if main is not None and run is not None and not main.done():
            if self._standing.state is not RelayState.STOPPING:  # else it is being stopped already
                self._standing.become(RelayState.STOPPING)
                if not run.over:  # else what is open is being closed, and that is let go on
                    main.cancel()
            await asyncio.wait((main,))
        if self._main is not main:
            return  # whoever stopped it too was quicker, and it may run again
        self._main = None
        if self._standing.state is not RelayState.STOPPED:
            self._standing.become(RelayState.STOPPED)

    async def ended(self) -> None:
        """Wait until it has stopped or failed by itself, or was stopped."""
        if self._main is not None:
            await asyncio.wait((self._main,))

    @property
    def status(self) -> RelayStatus:
        """Its state, and why it is so."""
        return self._standing.status

    @property
    def active(self) -> bool:
        """Whether it runs, waits or is about to."""
        return self._main is not None and not self._main.done()

    @property
    def connections(self) -> Mapping[int, Connection]:
        """The live connections, by number."""
        return self._connections.live

    @property
    def totals(self) -> tuple[int, int]:
        """Bytes up and down since it was made, over all connections."""
        return self._connections.totals

    @property
    def recorder(self) -> Recorder:
        """What is seen of its traffic."""
        return self._connections.recorder

    def record(self, on: bool) -> None:
        """Record what passes from now on, or stop; what was recorded can be read a while longer."""
        self._connections.record(on)

    def tick(self, now: float) -> None:
        """Tell the counters if they moved, and end idle connections; ``now`` is monotonic.

        To be called about twice a second, by whoever reports what is raised: only a fault of ours
        is, and it ends the run as well.
        """
        if self._fault is not None:
            return
        try:
            self._standing.tick()
            self._connections.tick(now, self.spec.idle_seconds)
            self.findings.transfers.tick(now)
        except BaseException as exc:
            self._fault = exc
            if self._main is not None and self._run is not None and not self._run.over:
                self._main.cancel()
            raise

    def close_connection(self, number: int) -> bool:
        """End one connection; False where there is none of that number."""
        connection = self._connections.live.get(number)
        if connection is None:
            return False
        connection.end()
        return True

    # life ---------------------------------------------------------------------------------------

    async def _work(self, run: Run) -> None:
        """Run, and tell how it ended when nothing is left of it: whoever hears that may start it
        again at once.
        """
        try:
            await run.go(self._build)
        except BasculeError as exc:
            self.findings.forget_share()
            self._standing.log(LogLevel.PROBLEM, exc.message, exc.problem)
            self._standing.become(RelayState.FAILED, exc.problem)
        else:
            self._standing.become(RelayState.STOPPED)

    def _main_ended(self, main: asyncio.Task[None]) -> None:
        """A fault of ours ends a relay visibly as well; where it happened is for the loop's log."""
        fault = None if main.cancelled() else main.exception()
        if fault is not None:
            main.get_loop().call_exception_handler(
                {"message": f"the relay {self.id} broke", "exception": fault, "task": main}
            )
        fault, self._fault = fault or self._fault, None
        if fault is not None:
            problem = fault_of_ours(fault)
            self.findings.forget_share()
            self._standing.log(LogLevel.PROBLEM, problem.message, problem)
            self._standing.become(RelayState.FAILED, problem)
        if self._start_again:
            if self._standing.state is RelayState.STOPPING:
                self._standing.become(RelayState.STOPPED)
            self.start()

    def _connected(self) -> None:
        assert self._run is not None  # connections are made by a run, and end within it
        self._run.connected()

    def _ended(self, connection: Connection) -> None:
        assert self._run is not None
        self._run.ended(connection)
