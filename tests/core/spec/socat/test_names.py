"""The names that socat knows."""

from __future__ import annotations

from bascule.spec.socat.names import addresses, options


def test_addresses_and_their_synonyms():
    table = addresses()
    assert len({address.name for address in table.values()}) == 120
    assert table["TCP-L"] is table["TCP-LISTEN"]
    assert table["-"].name == "STDIO"
    assert table["UDP-RECV"].ways == "r"
    assert {"LISTEN", "CHILD", "RANGE"} <= table["TCP-LISTEN"].groups


def test_options_and_their_synonyms():
    table = options()
    assert len({option.name for option in table.values()}) >= 440
    assert table["crlf"] is table["crnl"]
    assert table["reuseaddr"].name == "so-reuseaddr"
    assert table["b115200"].groups == {"TERMIOS"}
    assert table["ignoreeof"].groups == {"ANY"}
    assert {option.type for option in table.values()} == {
        "bool", "flag", "text", "path", "int", "seconds", "mode",
    }  # fmt: skip
