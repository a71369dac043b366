"""Owns the form of a message on the wire: JSON-RPC 2.0 objects, one a line. No I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from bascule.control.messages import LONGEST_MESSAGE_BYTES
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from bascule.spec.codec import Data, from_data, to_data

_APPLICATION_ERROR = -32000  # JSON-RPC 2.0 §5.1: -32000 to -32099 are the server's own


@dataclass(frozen=True, slots=True)
class Request:
    """A call; without ``id`` a notice that wants no answer."""

    method: str
    params: Data
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to the call ``id``: a result, or the problem."""

    id: int | None
    result: Any = None
    problem: Problem | None = None


def encode(message: Request | Reply) -> bytes:
    """Write a message as one line. Raises: ControlError MESSAGE_TOO_LONG."""
    data: Data = {"jsonrpc": "2.0"}
    if isinstance(message, Request):
        data |= {"method": message.method, "params": message.params}
        if message.id is not None:
            data["id"] = message.id
    else:
        data["id"] = message.id
        if message.problem is not None:
            data["error"] = {
                "code": _APPLICATION_ERROR,
                "message": message.problem.message,
                "data": to_data(message.problem),
            }
        else:
            data["result"] = message.result
    # All ASCII: a file's name may hold what is no character, and still has to travel.
    line = json.dumps(data, separators=(",", ":")).encode("ascii") + b"\n"
    if len(line) > LONGEST_MESSAGE_BYTES:
        raise ControlError(
            f"a message of {len(line)} bytes is longer than {LONGEST_MESSAGE_BYTES}",
            code=ErrorCode.MESSAGE_TOO_LONG,
        )
    return line


def malformed(why: str) -> ControlError:
    """The error for a line that is no message."""
    return ControlError(f"not a message of Bascule: {why}", code=ErrorCode.MESSAGE_MALFORMED)


def decode(line: bytes) -> Request | Reply:
    """Read one line.

    Raises:
        ControlError: MESSAGE_MALFORMED for everything that is not a JSON-RPC 2.0 object.
    """
    try:
        parsed: object = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise malformed("the line is not JSON") from exc
    if not isinstance(parsed, dict):
        raise malformed("the line is not an object")
    data = cast(Data, parsed)
    number = data.get("id")
    if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
        raise malformed("the id is not a whole number")
    if "method" in data:
        method, params = data["method"], data.get("params", {})
        if not isinstance(method, str) or not isinstance(params, dict):
            raise malformed("method must be text and params an object")
        return Request(method, cast(Data, params), number)
    if "error" in data:
        return Reply(number, problem=_problem(data["error"]))
    if "result" in data:
        return Reply(number, data["result"])
    raise malformed("there is neither a method nor a result")


def _problem(error: object) -> Problem:
    try:
        return from_data(Problem, cast(Data, error)["data"])
    except (KeyError, TypeError, BasculeError) as exc:
        raise malformed("the error has no readable data") from exc
