"""Owns what is said of a transfer of files: what happens to what, how far it is, how it ended.

Pure functions of what the engine told; how it looks is the views' affair.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.events import TransferState, TransferStatus
from bascule_desktop import format as figures

translate = QCoreApplication.translate


def percent(transfer: TransferStatus) -> int | None:
    """How much is done, 0 to 100; None where nobody knows how much will come. 100 is said only
    when all has arrived.
    """
    if transfer.state is TransferState.COMPLETE:
        return 100
    if not transfer.total_bytes:
        return None if transfer.total_bytes is None else 0
    return min(100 * transfer.bytes_done // transfer.total_bytes, 99)


def title(transfer: TransferStatus) -> str:
    """What happens to what: ``Receiving photos/harbour.jpg``, ``Received 12 files``."""
    name = transfer.name
    files = transfer.files_done
    match transfer.state, transfer.sending:
        case TransferState.RUNNING, True:
            said = translate("Transfer", "Sending {name}") if name else _about_to(transfer)
        case TransferState.RUNNING, False:
            said = translate("Transfer", "Receiving {name}") if name else _about_to(transfer)
        case TransferState.COMPLETE, True:
            said = (
                translate("Transfer", "Sent {name}")
                if files == 1
                else translate("Transfer", "Sent %Ln file(s)", "", files)
            )
        case TransferState.COMPLETE, False:
            said = (
                translate("Transfer", "Received {name}")
                if files == 1
                else translate("Transfer", "Received %Ln file(s)", "", files)
            )
        case TransferState.FAILED, True:
            said = translate("Transfer", "Not everything was sent")
        case _:
            said = translate("Transfer", "Not everything was received")
    return said.format(name=name)


def _about_to(transfer: TransferStatus) -> str:
    if transfer.sending:
        return translate("Transfer", "About to send")
    return translate("Transfer", "About to receive")


def progress(transfer: TransferStatus) -> str:
    """How far it is in a word: ``42 %``, or ``12 MB`` where nobody knows how much will come."""
    known = percent(transfer)
    if known is None:
        return figures.size(transfer.bytes_done)
    return translate("Transfer", "{percent}%").format(percent=known)


def details(transfer: TransferStatus) -> str:
    """The figures: ``12 MB of 45 MB · 3 of 12 files · 1.2 MB/s · 25 s left``."""
    over = transfer.state is TransferState.COMPLETE
    done, files = figures.size(transfer.bytes_done), transfer.files_done
    parts: list[str] = []
    if transfer.total_bytes is None or transfer.total_files is None or over:
        parts += [done, translate("Transfer", "%Ln file(s)", "", files)]
    else:
        total = figures.size(transfer.total_bytes)
        parts.append(translate("Transfer", "{done} of {total}").format(done=done, total=total))
        if transfer.total_files != 1:
            parts.append(
                translate("Transfer", "{done} of %Ln file(s)", "", transfer.total_files).format(
                    done=figures.count(files)
                )
            )
    if over:
        span = figures.duration(transfer.at - transfer.since)
        parts.append(translate("Transfer", "in {span}").format(span=span))
    elif transfer.state is TransferState.RUNNING:
        parts.append(figures.rate(transfer.bytes_per_second))
        left = _seconds_left(transfer)
        if left is not None:
            span = figures.duration(left)
            parts.append(translate("Transfer", "{span} left").format(span=span))
    if transfer.passed_over:
        parts.append(translate("Transfer", "%Ln left out, see the log", "", transfer.passed_over))
    return " · ".join(parts)


def _seconds_left(transfer: TransferStatus) -> float | None:
    if transfer.total_bytes is None or transfer.bytes_per_second < 1:
        return None
    return max((transfer.total_bytes - transfer.bytes_done) / transfer.bytes_per_second, 1)


def sum_label(transfer: TransferStatus) -> str:
    """What the SHA-256 is that of."""
    if transfer.files_done == 1:
        return translate("Transfer", "SHA-256")
    return translate("Transfer", "SHA-256 of {name}, the last; the log has all").format(
        name=transfer.name
    )


def in_a_row(transfer: TransferStatus) -> str:
    """A transfer under way in the few words that fit a line of the list."""
    return f"{progress(transfer)} · {title(transfer)}"
