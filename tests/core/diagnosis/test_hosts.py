"""What looks like a host goes, whoever named it; what looks like one and is none stays."""

from __future__ import annotations

import pytest

from bascule.diagnosis.hosts import is_nobodys, without_hosts


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("127.0.0.1:5 is connected to db.acme.lan:5432", "127.0.0.1:5 is connected to (host):5432"),
        ("nas:8080 refuses the connection", "(host):8080 refuses the connection"),
        ("cannot connect to nas: no route", "cannot connect to (host): no route"),
        ("the name nas is not known; trying", "the name (host) is not known; trying"),
        ("there is no way to nas", "there is no way to (host)"),
        ("MAIL.Corp.Example refuses", "(host) refuses"),
        ("xn--bcher-kva.example: x", "(host): x"),
        ("bücher.example. x", "(host). x"),
        ("to me@mail.example.", "to (host)."),
        (
            "see https://wiki/page?x and http://a.b.example/c.html",
            "see https://(host)/page?x and http://(host)/c.html",
        ),
        (r"\\server\share\a.txt", r"\\(host)\share\a.txt"),
        ("as backup.example.py, a.b.sh", "as (host), (host)"),
        (
            "the certificate of nas is for fritz.box, nas, not for acme",
            "the certificate of (host) is for (host), not for (host)",
        ),
        ("email.acme.com, code.acme.io and target.com", "(host), (host) and (host)"),
        ("fe80::1%eth0 and 10.0.0.7/8", "(address) and (address)/8"),
        ("http://(left out)@nas/x", "http://(left out)@(host)/x"),
    ],
)
def test_hosts_go(text: str, left: str):
    assert without_hosts(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 08:30:00,123 INFO    engine 0.1.0 listens on unix:/run/user/1000/engine.sock",
        "engine 0.1.0 listens on tcp:127.0.0.1:50412",
        "listening on 0.0.0.0:80, [::]:80, localhost:80, [::1]:443, 127.0.0.53",
        "Linux 5.15.167.4-microsoft-standard-WSL2 x86_64",
        "Qt: 6.10.1, PySide6 6.10.1, Python 3.13.9, OpenSSL 3.5.4",
        "engine.log, desktop.ini.format-1.bak, server.py and libssl.so",
        "profile.save failed; relay.traffic.record too",
        "target.tls.ca_file is missing, source.port as well",
        "bascule.errors.StreamError: x",
        "json.decoder.JSONDecodeError: Expecting value: line 1",
        "asyncio.base_events, qt.qpa.xcb: could not connect to display :0",
        "org.freedesktop.Notifications does not answer",
        "program: /opt/acme.example/bin/bascule",
        r"program: D:\tools\acme.example\bascule.exe",
        "/dev/ttyUSB0: a port (USB abcd:0403)",
        "cannot connect to /run/x.example/sock: no",
        "proxy.run() of Engine._change.<locals>.alone()",
        "up to 12:30:45, e.g. now",
        r"\\.\pipe\bascule",
    ],
)
def test_what_helps_stays(text: str):
    assert without_hosts(text) == text


def test_a_line_of_a_program_in_a_traceback_stays():
    text = (
        '  File "/srv/a.py", line 3, in go\n    return first.second\n           ^^^^^\n'
        "OSError: first.second\n"
    )
    assert without_hosts(text) == text.replace("Error: first.second", "Error: (host)")


@pytest.mark.parametrize(
    ("host", "nobodys"),
    [
        ("127.0.0.2", True),
        ("::1", True),
        ("[::]", True),
        ("0.0.0.0", True),
        ("LocalHost", True),
        ("10.0.0.1", False),
        ("nas", False),
        ("localhost.example", False),
    ],
)
def test_this_computer_is_nobodys(host: str, nobodys: bool):
    assert is_nobodys(host) is nobodys
