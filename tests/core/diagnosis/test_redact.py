"""What must not be in a text is not; what helps stays."""

from __future__ import annotations

import pytest

from bascule.diagnosis.commands import LEFT_OUT
from bascule.diagnosis.redact import Redactor, harmless, words_of
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.http_answer import HttpAnswer
from bascule.spec.local import Program
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("to ftp://me:hunter2@host/x", f"to ftp://{LEFT_OUT}@host/x"),
        ("to ftp://me:hunt@er2@host/x", f"to ftp://{LEFT_OUT}@host/x"),
        ('password: "hunter 2", next', f"password: {LEFT_OUT}, next"),
        (
            "Authorization: Digest username=me, response=12\nnext",
            f"Authorization: {LEFT_OUT}\nnext",
        ),
        ("Cookie: a=hunter2; b=hunter3", f"Cookie: {LEFT_OUT}"),
        ("gandalf asks NAS, not the nasturtium", "(user) asks (host), not the nasturtium"),
        ("password=hunter2, next", f"password={LEFT_OUT}, next"),
        ('"token": "abc" }', f'"token": {LEFT_OUT} }}'),
        ("Authorization: Basic aHVudGVyMg==", f"Authorization: {LEFT_OUT}"),
        ("curl --user me:hunter2 x", f"curl --user {LEFT_OUT} x"),
        ("curl -u me:hunter2 x", f"curl -u {LEFT_OUT} x"),
        ("key 0123456789abcdef0123456789abcdef.", f"key {LEFT_OUT}."),
        ("GET /kT3vQ9mZ1LwPx77RbbDq HTTP", f"GET /{LEFT_OUT} HTTP"),
        (
            "a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb",
            f"a\n{LEFT_OUT}\nb",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMII", LEFT_OUT),
        ("Gandalf says mellon", "(user) says (left out)"),
    ],
)
def test_what_looks_like_a_secret_goes(text: str, cleaned: str):
    redactor = Redactor(
        {"Gandalf": "(user)", "mellon": LEFT_OUT, "nas": "(host)", "a": "!"}, hosts=True
    )
    assert redactor.clean(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02 12:30:45,123 INFO    engine 0.1.0 listens on unix:/run/user/1000/engine.sock",
        'File "/usr/lib/python3.13/asyncio/base_events.py", line 650, in run_until_complete',
        "connect to 192.0.2.7:443 timed out; [2001:db8::7]:443 as well",
    ],
)
def test_what_helps_stays(text: str):
    assert Redactor({}, hosts=True).clean(text) == text


def test_of_a_relay_that_nobody_knows_any_more_no_name_is_left():
    line = "2026-01-02 12:30:45,123 WARNING {}: 127.0.0.1:5 was refused: x\n"
    known = Redactor({"payroll-of-acme-0123abcd": "relay-1"}, hosts=True)
    said = line.format("payroll-of-acme-0123abcd") + line.format("acme-4567cdef")
    assert known.clean(said) == line.format("relay-1") + line.format("(deleted relay)")


def test_addresses_go_where_that_is_wanted():
    text = "12:30:45 192.0.2.7:443, [2001:db8::7]:443, 127.0.0.1:80, [::1]:80, 6.10.1"
    wanted = "12:30:45 (address):443, [(address)]:443, 127.0.0.1:80, [::1]:80, 6.10.1"
    assert Redactor({}, hosts=False).clean(text) == wanted


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("cannot reach 192.0.2.7.", "cannot reach (address)."),
        ("2001:db8::7: no route", "(address): no route"),
        ("::1: refused", "::1: refused"),
        ("fe80:: is a prefix", "(address) is a prefix"),
    ],
)
def test_an_address_goes_whatever_stands_behind_it(text: str, cleaned: str):
    assert Redactor({}, hosts=False).clean(text) == cleaned


PROFILE = Profile(
    "acme-1",
    "Acme",
    RelaySpec(
        TcpListen(8080),
        TcpConnect(
            "db.acme.example",
            5432,
            via=(ProxyHop(host="proxy.acme.example", username="frodo", password="ring-ref"),),
        ),
        allow=("192.0.2.0/24",),
    ),
)


def test_a_profile_keeps_what_is_harmless():
    relay = harmless(PROFILE, hosts=True)["relay"]
    assert relay["source"] == {"kind": "tcp-listen", "port": 8080}
    assert relay["allow"] == ("192.0.2.0/24",)
    assert (relay["target"]["host"], relay["target"]["port"]) == ("db.acme.example", 5432)
    hop = relay["target"]["via"][0]
    assert hop["username"] == "(left out: 5 characters)"
    assert hop["password"] == "(in the keyring)"
    without = str(harmless(PROFILE, hosts=False))
    assert "acme" not in without.lower()
    assert "192.0.2" not in without
    assert "5432" in without


def test_its_words_go_from_every_other_text():
    assert {"frodo", "ring-ref", "Acme"} <= words_of(PROFILE, hosts=True).keys()
    assert "db.acme.example" not in words_of(PROFILE, hosts=True)
    assert words_of(PROFILE, hosts=False)["db.acme.example"] == "(host)"
    other = RelaySpec(Program(command="curl -u me:hunter2 x"), HttpAnswer(body="one line\nmellon"))
    assert {"curl -u me:hunter2 x", "hunter2", "mellon"} <= words_of(other, hosts=True).keys()
