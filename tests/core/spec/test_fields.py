"""Values and fields: what is a host, a network, a number, and how a wrong one is named."""

from __future__ import annotations

import sys
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.fields import (
    Field,
    FieldKind,
    Spec,
    check_value,
    fields_of,
    is_host,
    left_out,
    parse_host,
    parse_network,
    references,
    spec,
    spec_field,
    this_system,
    with_references,
)
from bascule.spec.relays import RelaySpec
from tests.helpers.specs import any_text, data, hosts, networks


def refusal(kind: FieldKind, value: object, **rules: Any) -> SpecError:
    with pytest.raises(SpecError) as caught:
        check_value("thing", Field(kind, "", **rules), value)
    assert caught.value.field == "thing"
    return caught.value


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "example.com.",
        "a",
        "_srv.example",
        "b\u00fccher.example",
        "b\u00fccher.example.",
        "\u4f8b\u3048\u3002\u30c6\u30b9\u30c8",
        "10.0.0.1",
        "::",
        "[::1]",
        "::1",
        "fe80::1%eth0",
        "[fe80::1%15]",
        "::ffff:10.0.0.1",
        "x" * 63 + ".example",
        ".".join(["x" * 49] * 5),
    ],
)
def test_is_a_host(host: str):
    assert is_host(host)
    check_value("host", Field(FieldKind.HOST, ""), host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "..",
        "a..b",
        "é..b",
        "example.com..",
        ".example",
        "10.0.0.256",
        "10.1",
        "1.2.3.4.",
        "127.0.0.01",
        "-a.example",
        "a-.example",
        "two words",
        "a/b",
        "user@host",
        "host:80",
        "10.0.0.1:80",
        "[example.com]",
        "[::1",
        "::1%",
        "fe80::1%\n",
        "fe80::1%a b",
        "fe80::1%\0",
        "fe80::1%eth\u00e9",
        "1:2",
        "x" * 64 + ".example",
        "\u00e9" * 64,
        ".".join(["x" * 50] * 5),
        "\ud800.example",
    ],
)
def test_is_no_host(host: str):
    assert not is_host(host)
    if host:
        assert refusal(FieldKind.HOST, host).facts["rule"] == "host"


def test_an_address_is_read_with_brackets_and_zone():
    assert parse_host("[::1]") == IPv6Address("::1")
    assert parse_host("fe80::1%eth0") == IPv6Address("fe80::1%eth0")
    assert parse_host("10.0.0.1") == IPv4Address("10.0.0.1")
    assert parse_host("ten.example") is None


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.168.1.0/24", "192.168.1.0/24"),
        (" 192.168.1.7/24 ", "192.168.1.0/24"),
        ("10.0.0.1", "10.0.0.1/32"),
        ("::1", "::1/128"),
        ("fd00::/8", "fd00::/8"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::/0", "::/0"),
        ("::ffff:10.0.0.0/90", "::ffc0:0:0/90"),
    ],
)
def test_a_network_is_read(text: str, network: str):
    assert parse_network(text) == ip_network(network)


@pytest.mark.parametrize(
    ("kind", "rules", "value", "rule"),
    [
        (FieldKind.PORT, {}, -1, "range"),
        (FieldKind.PORT, {}, 65536, "range"),
        (FieldKind.PORT, {"minimum": 1}, 0, "range"),
        (FieldKind.PORT, {}, True, "range"),
        (FieldKind.PORT, {}, "80", "range"),
        (FieldKind.PORT, {}, 80.0, "range"),
        (FieldKind.PORT, {}, "", "range"),
        (FieldKind.INTEGER, {"minimum": 5}, 4, "minimum"),
        (FieldKind.INTEGER, {"maximum": 5}, 10**400, None),
        (FieldKind.SECONDS, {"minimum": 0, "maximum": 9}, float("nan"), "range"),
        (FieldKind.SECONDS, {"minimum": 0, "maximum": 9}, float("inf"), "range"),
        (FieldKind.SECONDS, {"minimum": 0, "maximum": 9}, -0.5, "range"),
        (FieldKind.SECONDS, {}, "1", "number"),
        (FieldKind.SECONDS, {}, None, "number"),
        (FieldKind.SWITCH, {}, 1, "switch"),
        (FieldKind.SWITCH, {}, "", "switch"),
        (FieldKind.CHOICE, {"choices": ("a", "b")}, "c", "choice"),
        (FieldKind.CHOICE, {"choices": ("a", "b")}, "", "choice"),
        (FieldKind.CHOICE, {"choices": ("a", "b")}, ["a"], "choice"),
        (FieldKind.HOST, {}, 5, "host"),
        (FieldKind.TEXT, {}, 5, "text"),
        (FieldKind.TEXT, {}, "a\nb", "line"),
        (FieldKind.FILE, {}, "a\0b", "line"),
        (FieldKind.DEVICE, {}, "\udcff", "line"),
        (FieldKind.NETWORKS, {}, "10.0.0.1", "networks"),
        (FieldKind.NETWORKS, {}, "", "networks"),
        (FieldKind.NETWORKS, {}, ("10.0.0.1", "ten"), "networks"),
        (FieldKind.NETWORKS, {}, ("10.0.0.256",), "networks"),
        (FieldKind.NETWORKS, {}, ("fe80::1%eth0/64x",), "networks"),
    ],
)
def test_a_wrong_value_is_refused(
    kind: FieldKind, rules: dict[str, Any], value: object, rule: str | None
):
    if rule is None:
        rules, rule = {**rules, "minimum": 0}, "range"
    error = refusal(kind, value, **rules)
    assert error.code is ErrorCode.VALUE_INVALID
    assert error.facts["rule"] == rule
    assert str(error.facts["why"]) in error.message


def test_bounds_are_inclusive_and_told():
    bounded = Field(FieldKind.INTEGER, "", minimum=1, maximum=3)
    for value in (1, 2, 3):
        check_value("thing", bounded, value)
    error = refusal(FieldKind.INTEGER, 4, minimum=1, maximum=3)
    assert (error.facts["minimum"], error.facts["maximum"]) == (1, 3)
    assert refusal(FieldKind.NETWORKS, ("ten",)).facts["entry"] == "ten"
    assert refusal(FieldKind.CHOICE, "c", choices=("a", "b")).facts["choices"] == "a, b"


@pytest.mark.parametrize("kind", FieldKind)
@pytest.mark.parametrize("empty", ["", None])
def test_what_is_required_is_missing_when_empty(kind: FieldKind, empty: object):
    error = refusal(kind, empty, required=True)
    assert error.code is ErrorCode.VALUE_MISSING


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldKind.TEXT, ""),
        (FieldKind.HOST, ""),
        (FieldKind.FILE, ""),
        (FieldKind.SECRET, ""),
        (FieldKind.GROUP, None),
        (FieldKind.GROUPS, ()),
        (FieldKind.NETWORKS, ()),
        (FieldKind.SWITCH, False),
        (FieldKind.PORT, 0),
        (FieldKind.SECONDS, 0.5),
        (FieldKind.CHOICE, "a"),
        (FieldKind.TEXT, "caf\u00e9 \U0001f680 \t"),
    ],
)
def test_may_be(kind: FieldKind, value: object):
    check_value("thing", Field(kind, "", choices=("a",)), value)


@given(st.sampled_from(FieldKind), data | hosts | networks | any_text)
def test_any_value_is_taken_or_refused_in_words(kind: FieldKind, value: object):
    wrong: SpecError | None = None
    try:
        check_value("thing", Field(kind, "", choices=("a",), minimum=0), value)
    except SpecError as exc:
        wrong = exc
    assert wrong is None or wrong.field == "thing"


@given(any_text)
def test_any_text_is_a_host_or_not(text: str):
    assert is_host(text) in {True, False}


@given(hosts)
def test_every_host_is_one(host: str):
    assert is_host(host)


@spec()
class Inner(Spec):
    secret: str = spec_field(FieldKind.SECRET, "a secret", "")


@spec()
class Outer(Spec):
    needed: str = spec_field(FieldKind.TEXT, "what must be given")
    own: str = spec_field(FieldKind.SECRET, "a secret", "")
    one: Inner | None = spec_field(FieldKind.GROUP, "a group", None)
    many: tuple[Inner, ...] = spec_field(FieldKind.GROUPS, "groups", ())
    count: int = spec_field(FieldKind.INTEGER, "a number", 3, minimum=1, advanced=True)


def test_a_spec_describes_its_fields_in_order():
    described = fields_of(Outer)
    assert list(described) == ["needed", "own", "one", "many", "count"]
    assert described["needed"].required
    assert not described["own"].required
    assert described["count"] == Field(
        FieldKind.INTEGER, "a number", minimum=1, maximum=None, advanced=True
    )
    assert fields_of(Outer("x")) == described


def test_a_spec_checks_its_values_when_it_is_made():
    with pytest.raises(SpecError) as caught:
        Outer("x", count=0)
    assert caught.value.field == "count"
    with pytest.raises(SpecError) as caught:
        Outer("")
    assert caught.value.code is ErrorCode.VALUE_MISSING


def test_references_are_found_at_every_depth():
    assert references(Outer("x")) == []
    spec = Outer("x", "a", Inner("b"), (Inner("c"), Inner(""), Inner("d")))
    assert references(spec) == ["a", "b", "c", "d"]


def test_references_to_secrets_get_other_names() -> None:
    hop = ProxyHop(host="p", username="u", password="one")
    relay = RelaySpec(TcpListen(port=1), TcpConnect(host="one", port=1, via=(hop,)))
    renamed = with_references(relay, {"one": "two"})
    assert references(renamed) == ["two"]
    assert isinstance(renamed.target, TcpConnect)
    assert renamed.target.host == "one"
    assert with_references(relay, {}) == relay


@spec()
class Elsewhere(Spec):
    """Something that not every system has."""

    share: bool = spec_field(FieldKind.SWITCH, "share it", False, not_on=("windows",))
    inner: Spec | None = spec_field(FieldKind.GROUP, "a group", None)
    others: tuple[Spec, ...] = spec_field(FieldKind.GROUPS, "groups", ())


def test_what_a_system_has_nothing_for_is_found_at_every_depth_where_it_is_set():
    shared, usual = Elsewhere(share=True), Elsewhere()
    everywhere = Elsewhere(True, shared, (usual, Elsewhere(inner=shared)))
    assert left_out(everywhere, "windows") == ["share", "inner.share", "others.1.inner.share"]
    assert left_out(everywhere, "macos") == left_out(usual, "windows") == []


@pytest.mark.parametrize(
    ("platform", "name"),
    [("win32", "windows"), ("darwin", "macos"), ("linux", "linux"), ("freebsd14", "linux")],
)
def test_this_system_is_called_as_in_the_words_of_socat(
    platform: str, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", platform)
    assert this_system() == name
