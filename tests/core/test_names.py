"""Names that only a proxy may see, however they are written."""

from __future__ import annotations

import pytest

from bascule.names import ascii_name, is_proxy_only_name, multicast_group


@pytest.mark.parametrize(
    "host",
    [
        "site.onion",
        "SITE.Onion",
        "site.onion.",
        "a.b.i2p",
        "node.exit",
        "thing.alt",
        "site\u3002onion",  # the ideographic full stop is a dot to IDNA
        "site.\uff4fnion",  # full-width o
        "site.on\u00adion",  # the soft hyphen vanishes
        "x" * 64 + ".onion",  # no A-label, but a resolver that takes plain ASCII would ask
        "\u00e9" * 64 + ".onion",
    ],
)
def test_goes_to_a_proxy_only(host: str):
    assert is_proxy_only_name(host)


@pytest.mark.parametrize(
    "host", ["onion.example", "site.onions", "exit", "salt", "10.0.0.1", "::1", "\u00e9t\u00e9.fr"]
)
def test_may_be_resolved(host: str):
    assert not is_proxy_only_name(host)


def test_ascii_name_is_in_a_labels():
    assert ascii_name("b\u00fccher.Example") == "xn--bcher-kva.Example"
    assert ascii_name("Plain_Name.example") == "Plain_Name.example"
    with pytest.raises(UnicodeError):
        ascii_name("\u00e9" * 64)


@pytest.mark.parametrize("text", ["", "10.0.0.1", "[ff02:", "eth0"])
def test_what_is_no_multicast_group(text: str):
    with pytest.raises(ValueError, match=r"multicast|not appear"):
        multicast_group(text)


def test_a_multicast_group_and_its_interface():
    assert [str(part) for part in multicast_group("[ff02::1]:eth0")] == ["ff02::1", "eth0"]
