"""Commands of systemd's units."""

from __future__ import annotations

from bascule.spec.foreign.systemd import read_units
from bascule.spec.foreign.words import whole

UNIT = """\
[Unit]
Description=A relay that isn't documented

[Service]
User=relay
Environment=PORT=8080 "HOST=web server"
ExecStart=-/usr/bin/socat -d TCP-LISTEN:${PORT},fork \\
    'TCP:$HOST:80' "a\\x" 100%% $$
Restart=always

[Install]
WantedBy=multi-user.target
"""


def test_a_whole_unit() -> None:
    (call,) = read_units(whole(UNIT))
    assert [word.text for word in call.words] == [
        "/usr/bin/socat", "-d", "TCP-LISTEN:8080,fork", "TCP:web server:80", "ax", "100%", "$",
    ]  # fmt: skip
    assert call.again
    assert UNIT[call.words[3].begin :].startswith("'TCP:")
    assert [each.token for each in call.verdicts if each.matters] == ["User=relay"]


def test_a_specifier_is_a_value_that_is_missing() -> None:
    (call,) = read_units(whole("ExecStart=/usr/bin/socat TCP-L:%i $EXTRA"))
    assert [word.missing[0].token for word in call.words[1:]] == ["%i", "$EXTRA"]
    assert not call.again


def test_the_line_alone_and_with_its_marks() -> None:
    (call,) = read_units(whole("ExecStart = @/usr/bin/socat relay - TCP:a:1"))
    assert [word.text for word in call.words] == ["/usr/bin/socat", "-", "TCP:a:1"]
    (call,) = read_units(whole("ListenStream=80\nExecStart=+/bin/sh -c 'exec socat - TCP:a:1'"))
    assert [word.text for word in call.words] == ["socat", "-", "TCP:a:1"]
    assert call.verdicts[-1].token == "ListenStream=80"


def test_other_texts_and_other_programs() -> None:
    assert read_units(whole("socat - TCP:a:1")) == []
    assert read_units(whole("ExecStart=/usr/bin/nginx -g x\nExecStart=\n")) == []
