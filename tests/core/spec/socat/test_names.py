"""The names that socat knows, compared with the list that was made of its source."""

from __future__ import annotations

from bascule.spec.socat.names import ADDRESSES, OPTIONS, AddressName, OptionName


def theirs() -> tuple[dict[str, AddressName], dict[str, OptionName]]:
    """What socat knows itself."""
    return (
        {name: known for name, known in ADDRESSES.items() if not known.own},
        {name: known for name, known in OPTIONS.items() if not known.own},
    )


def test_socat_has_120_kinds_of_address_with_215_names():
    addresses, _options = theirs()
    assert len({address.name for address in addresses.values()}) == 120
    assert len(addresses) == 215
    assert ADDRESSES["TCP-L"] is ADDRESSES["TCP-LISTEN"]
    assert ADDRESSES["-"].name == "STDIO"
    assert ADDRESSES["UDP-RECV"].ways == "r"
    assert all(name == name.upper() for name in ADDRESSES)


def test_its_options_have_888_names():
    _addresses, options = theirs()
    assert len(options) == 888
    assert OPTIONS["crlf"] is OPTIONS["crnl"]
    assert OPTIONS["reuseaddr"].name == "so-reuseaddr"
    assert OPTIONS["b115200"].groups == {"TERMIOS"}
    assert OPTIONS["ignoreeof"].groups == {"ANY"}
    assert all(name == name.lower() for name in OPTIONS)
    assert {option.type for option in OPTIONS.values()} == {
        "bool", "flag", "int", "mode", "path", "seconds", "text",
    }  # fmt: skip


def test_a_group_of_addresses_stands_for_others():
    listen = ADDRESSES["TCP-LISTEN"].groups
    assert {"ANY", "LISTEN", "CHILD", "RANGE", "IPAPP", "IP"} <= listen
    assert {"REG", "CHR"} <= ADDRESSES["OPEN"].groups
    assert "IPAPP" not in ADDRESSES["UNIX-LISTEN"].groups


def test_every_option_is_for_some_address():
    groups = frozenset[str]().union(*(address.groups for address in ADDRESSES.values()))
    nowhere = {option.name for option in OPTIONS.values() if groups.isdisjoint(option.groups)}
    assert nowhere == set()


def test_what_is_our_own_is_told_apart():
    assert ADDRESSES["ROOM"].own
    assert OPTIONS["tls"].own
    assert not ADDRESSES["PIPE"].own
    assert not OPTIONS["fork"].own
