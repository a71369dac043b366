"""Words know where each of their characters stands."""

from __future__ import annotations

from bascule.spec.foreign.words import Making, Missing, whole


def test_a_part_of_a_part_knows_its_place_in_the_whole() -> None:
    part = whole("ab cd ef").part(3, 8).part(3, 5)
    assert part.text == "ef"
    assert list(part.places) == [6, 7, 8]


def test_a_value_that_is_known_stands_where_its_name_stood() -> None:
    made = Making()
    made.add_all("TCP:", [0, 1, 2, 3])
    made.miss(Missing("$HOST", "HOST", 0, 4))
    made.add_all(":80", [9, 10, 11])
    word = made.word(0, 12, plain=True)
    filled = word.filled({"HOST": "web"})
    assert filled.text == "TCP:web:80"
    assert [filled.place(at) for at in (0, 4, 6, 7, 10)] == [0, 4, 4, 9, 12]
    assert filled.missing == ()
    assert word.filled({}).missing[0].token == "$HOST"


def test_a_cut_keeps_the_values_that_are_missing_in_it() -> None:
    made = Making()
    made.add_all("A=", [5, 6])
    made.miss(Missing("$B", "B", 0, 7))
    word = made.word(5, 9, plain=True)
    assert word.cut(2).missing == (Missing("$B", "B", 0, 7),)
    assert word.cut(0, 1).missing == ()
    assert word.cut(2).begin == 9
