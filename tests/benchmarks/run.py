"""The benchmark: Bascule beside its peers, in interleaved runs, as ratios within one run.

Run by ``python3 dev.py bench``. It prints one table per topic with the goals below it, and ends
with 1 where a floor is missed. The relay, its sender and its receiver share the machine, so the
CPU time of the relay is the figure to trust.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.goals import Outcome, Round, exit_code, missed_floors
from tests.benchmarks.measure import Bench, Live, open_bench
from tests.benchmarks.start_up import NAME as START_UP
from tests.benchmarks.start_up import measure_start_up
from tests.benchmarks.table import Circumstances, page
from tests.benchmarks.tools import LoadError, NotThereError
from tests.benchmarks.topics import TOPICS, Size, Topic

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
NAMES = (*(topic.name for topic in TOPICS), START_UP)

type Say = Callable[[str], None]


def measure_topic(topic: Topic, outcome: Outcome, bench: Bench, number: int, size: Size) -> None:
    """Measure one round of a topic: all its relays are started anew and take turns."""
    seen: Round = {relay.name: {} for relay in topic.relays}
    outcome.rounds.append(seen)
    outcome.remarks |= {relay.name: relay.missing for relay in topic.relays if relay.missing}
    with contextlib.ExitStack() as stack:
        living: dict[str, Live] = {}
        for relay in topic.relays:
            if relay.name not in outcome.remarks:
                try:
                    living[relay.name] = stack.enter_context(
                        bench.live(relay, topic.far, topic.ready)
                    )
                except NotThereError as exc:
                    outcome.remarks[relay.name] = f"does not start: {exc}"
        for measure in topic.measures:
            # Nobody shall always come after the same one.
            order = list(living)[number % max(len(living), 1) :]
            order += [name for name in living if name not in order]
            for name in order:
                try:
                    values = measure.take(bench.tools, living[name], size)
                except NotThereError as exc:
                    outcome.remarks[name] = f"not measured: {exc}"
                    continue
                except LoadError as exc:
                    outcome.remarks[name] = f"failed at {measure.columns[0]}: {exc}"
                    outcome.broken.add(name)
                    del living[name]
                    continue
                figures = zip(measure.columns, values, strict=True)
                seen[name] |= {column: value for column, value in figures if not math.isnan(value)}


def measure_all(names: Sequence[str], rounds: int, size: Size, say: Say) -> list[Outcome]:
    """Measure the topics of these names, in the order of the page. Each round takes all topics: a
    slow minute of the machine shall not be the fate of one of them.
    """
    topics = [topic for topic in TOPICS if topic.name in names]
    outcomes = [Outcome(topic.title, topic.columns, topic.goals, topic.note) for topic in topics]
    said = io.StringIO()  # what the peers say: the reason why one does not start
    with contextlib.redirect_stdout(said), open_bench(said.getvalue) as bench:
        for number in range(rounds):
            for topic, outcome in zip(topics, outcomes, strict=True):
                say(f"round {number + 1} of {rounds}: {topic.name}")
                measure_topic(topic, outcome, bench, number, size)
        if START_UP in names:
            outcomes.append(measure_start_up(bench, 20, say))
    return outcomes


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code; with ``--write`` also write the report."""
    options = _parser().parse_args(words)
    if sys.platform != "linux":
        print("bench: the load tools need Linux", file=sys.stderr)
        return 2
    if options.write and options.only:
        print("bench: --write needs the whole table, without --only", file=sys.stderr)
        return 2
    size = Size(options.gib, options.seconds, options.idle)
    circumstances = Circumstances.now(options.rounds, size)
    outcomes = measure_all(
        options.only or NAMES,
        options.rounds,
        size,
        lambda words: print(f"bench: {words}", file=sys.stderr, flush=True),
    )
    text = page(circumstances, outcomes)
    print(text)
    if options.write:
        options.write.write_text(text, "utf-8")
    for sentence in missed_floors(outcomes, strict=options.strict):
        print(f"bench: floor missed: {sentence}", file=sys.stderr)
    return exit_code(outcomes, strict=options.strict)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    add = parser.add_argument
    add("--rounds", type=_at_least_one, default=9, help="how often all is measured (9)")
    add("--gib", type=float, default=0.5, help="size of a bulk transfer (0.5)")
    add("--seconds", type=float, default=0.5, help="length of each timed run (0.5)")
    add("--idle", type=_at_least_one, default=5000, help="connections that do nothing (5000)")
    add("--only", action="append", choices=NAMES, help="this topic; may be said several times")
    write = "write the page into docs/benchmarks.md, or another file"
    add("--write", nargs="?", const=REPORT, type=Path, metavar="FILE", help=write)
    add("--strict", action="store_true", help="a floor that could not be measured is missed")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
