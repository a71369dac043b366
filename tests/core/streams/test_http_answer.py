"""What is answered over HTTP: the fixed answer, and how this computer is."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
from datetime import datetime
from email.utils import parsedate_to_datetime

import psutil
import pytest

from bascule.streams.http_answer import MakeStream, fixed_answer, health, health_answer
from tests.helpers.contract import read_all, soon

ASKED = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


async def said(make: MakeStream) -> tuple[dict[str, str], str]:
    """The header fields (the status under "") and the body that one who asks gets."""
    stream = make()
    rest = asyncio.ensure_future(read_all(stream))
    await soon(stream.send(ASKED))
    head, _blank, body = (await soon(rest)).decode().partition("\r\n\r\n")
    await soon(stream.aclose())
    status, *lines = head.split("\r\n")
    return {"": status} | dict(line.split(": ", 1) for line in lines), body


async def test_a_fixed_answer():
    before = int(time.time())
    make = fixed_answer(503, (("Retry-After", "3600"),), "text/plain; charset=utf-8", "Fermé\n")
    for _ in range(2):
        fields, body = await said(make)
        assert before <= parsedate_to_datetime(fields.pop("Date")).timestamp() <= time.time()
        assert fields == {
            "": "HTTP/1.1 503 Service Unavailable",
            "Content-Type": "text/plain; charset=utf-8",
            "Retry-After": "3600",
            "Content-Length": "7",
            "Connection": "close",
        }
        assert body == "Fermé\n"


async def test_an_answer_of_no_kind():
    fields, body = await said(fixed_answer(200, (), "", ""))
    assert "Content-Type" not in fields
    assert (fields["Content-Length"], body) == ("0", "")


@pytest.fixture(autouse=True)
def measured_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the tests run on Windows, which does not measure it."""
    if not hasattr(os, "getloadavg"):
        monkeypatch.setattr(os, "getloadavg", lambda: (0.5, 1.0, 2.0), raising=False)


def test_how_this_computer_is():
    before = datetime.now().astimezone().replace(microsecond=0)
    facts = health()
    assert facts["host"] == socket.gethostname()
    assert before <= datetime.fromisoformat(str(facts["time"])) <= datetime.now().astimezone()
    up = facts["uptime_seconds"]
    assert isinstance(up, int)
    assert abs(time.time() - psutil.boot_time() - up) < 60
    assert isinstance(facts["load"], list)
    assert len(facts["load"]) == 3


async def test_health_as_json():
    fields, body = await said(health_answer("json"))
    assert fields[""] == "HTTP/1.1 200 OK"
    assert fields["Content-Type"] == "application/json; charset=utf-8"
    assert fields["Cache-Control"] == "no-store"
    assert set(json.loads(body)) == {"status", "host", "time", "uptime_seconds", "load"}


@pytest.mark.parametrize("form", ["text", "plain"])
async def test_health_as_lines(form: str):
    if form == "text":
        fields, body = await said(health_answer(form))
        assert fields["Content-Type"] == "text/plain; charset=utf-8"
    else:
        stream = health_answer(form)()
        body = (await soon(read_all(stream))).decode()
        await soon(stream.aclose())
    facts = dict(line.split("=", 1) for line in body.splitlines())
    assert (facts["status"], facts["host"]) == ("ok", socket.gethostname())
    assert len([float(each) for each in facts["load"].split(" ")]) == 3


async def test_a_system_that_does_not_measure_its_load(monkeypatch: pytest.MonkeyPatch):
    """As Windows."""
    monkeypatch.delattr(os, "getloadavg")
    _fields, body = await said(health_answer("json"))
    assert json.loads(body)["load"] is None
    _fields, body = await said(health_answer("text"))
    assert "load=not known: this system does not measure it\n" in body
