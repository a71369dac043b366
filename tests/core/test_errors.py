"""Errors as exceptions and as data, and that each way loses nothing."""

from __future__ import annotations

import dataclasses
import inspect
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule import errors
from bascule.errors import BasculeError, ErrorCode, Problem, SpecError
from bascule.spec.codec import from_data, to_data

KINDS = [
    kind
    for _name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, BasculeError)
]
problems = st.builds(
    Problem,
    st.sampled_from(ErrorCode),
    st.text(),
    st.none() | st.text(min_size=1),
    st.dictionaries(
        st.sampled_from(["self", "message", "code", "field", "facts"]) | st.text(),
        st.text() | st.integers() | st.floats(allow_nan=False) | st.booleans(),
    ),
)


def test_there_are_seven_kinds_and_their_base():
    assert len(KINDS) == 8


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_says_what_and_where(kind: type[BasculeError]):
    error = kind("no such port", code=ErrorCode.VALUE_INVALID, field="source.port", port=7)
    assert str(error) == error.message == "no such port"
    assert error.problem == Problem(
        ErrorCode.VALUE_INVALID, "no such port", "source.port", {"port": 7}
    )


def test_a_problem_keeps_its_facts_to_itself():
    error = SpecError("x", code=ErrorCode.VALUE_INVALID, port=7)
    problem = error.problem
    error.facts["port"] = 8
    assert problem.facts == {"port": 7}
    with pytest.raises(dataclasses.FrozenInstanceError):
        problem.message = "y"  # pyright: ignore[reportAttributeAccessIssue]


@given(problems)
def test_a_problem_becomes_an_error_again_whatever_its_facts_are_called(problem: Problem):
    assert BasculeError.of(problem).problem == problem


@given(problems)
def test_a_problem_travels_as_json(problem: Problem):
    assert from_data(Problem, json.loads(json.dumps(to_data(problem)))) == problem


def test_a_fault_of_ours_is_named_and_tells_nothing_of_what_it_was_about():
    problem = errors.fault_of_ours(KeyError("s3cret"))
    assert (problem.code, problem.facts) == (ErrorCode.INTERNAL, {})
    assert "KeyError" in problem.message
    assert "s3cret" not in problem.message


def test_codes_are_their_names_in_lower_case():
    assert [code.value for code in ErrorCode] == [code.name.lower() for code in ErrorCode]
