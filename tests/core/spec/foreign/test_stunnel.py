"""stunnel.conf as relays."""

from __future__ import annotations

import pytest

from bascule.spec.endpoints import ClientTls, ServerTls, TcpConnect, TcpListen
from bascule.spec.ends import Failover
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.stunnel import read_stunnel
from bascule.spec.foreign.words import whole
from bascule.spec.local import Program

CONFIGURATION = """\
; A sample
pid = /run/stunnel.pid
cert = /etc/stunnel/both.pem

[https]
accept  = 443
connect = 80
TIMEOUTidle = 600

[mail]
client = yes
accept = 127.0.0.1:25
connect = mail.example:465
CAfile = /etc/ssl/ca.pem
verifyChain = yes
checkHost = mail.example
cert = /etc/stunnel/us.pem
"""


def found(text: str) -> list[Found]:
    return read_stunnel(whole(text))


def test_servers_and_clients() -> None:
    https, mail = found(CONFIGURATION)
    assert https.relay is not None and mail.relay is not None
    assert https.relay.source == TcpListen(
        port=443, host="0.0.0.0", tls=ServerTls("/etc/stunnel/both.pem", "/etc/stunnel/both.pem")
    )
    assert isinstance(https.relay.target, TcpConnect)
    assert (https.relay.target.host, https.relay.target.port) == ("127.0.0.1", 80)
    assert https.relay.idle_seconds == 600
    assert mail.relay.source == TcpListen(port=25, host="127.0.0.1")
    assert isinstance(mail.relay.target, TcpConnect)
    assert mail.relay.target.tls == ClientTls(
        authority="/etc/ssl/ca.pem",
        server_name="mail.example",
        certificate="/etc/stunnel/us.pem",
        key="/etc/stunnel/us.pem",
    )
    assert CONFIGURATION[mail.begin :].startswith("[mail]")


def test_a_certificate_that_is_not_verified_is_a_warning() -> None:
    (made,) = found("[x]\nclient = yes\naccept = 1\nconnect = a:2\n")
    assert any(each.matters for each in made.verdicts)


def test_several_targets_and_programs() -> None:
    (made,) = found("[x]\nclient=yes\naccept = ::1:1\nconnect = a:2\nconnect = b:3\nverify = 2\n")
    assert made.relay is not None
    assert isinstance(made.relay.source, TcpListen)
    assert made.relay.source.host == "::1"
    assert isinstance(made.relay.target, Failover)
    text = "[x]\ncert = c\naccept = 1\nconnect = 9\nexec = /bin/cat\nexecArgs = cat -u\n"
    (made,) = found(text)
    assert made.relay is not None
    assert isinstance(made.relay.target, Program)
    assert made.runs == ("/bin/cat -u",)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("[x]\naccept = 1\nconnect = 2\n", "[x]"),
        ("[x]\ncert = c\naccept = one\nconnect = 2\n", "one"),
        ("[x]\ncert = c\naccept = 1\nconnect = a:b:c:d\n", "a:b:c:d"),
        ("[x]\ncert = c\naccept = 1\nconnect = 2\nprotocol = smtp\n", "smtp"),
        ("[x]\nclient = yes\naccept = 1\nconnect = 2\nverify = all\n", "all"),
        ("[x]\nclient = yes\nconnect = 1\n[y]\nconnect = 2\n", "[x]"),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(text: str, token: str) -> None:
    problem = found(text)[0].problem
    assert problem is not None
    assert text.startswith(token, int(problem.facts["position"]))


def test_other_texts() -> None:
    assert found("socat - TCP:a:1") == []
    assert found("[Service]\nExecStart=/bin/true\n") == []
