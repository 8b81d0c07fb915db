"""A form says what it wants; an answer fits it or not; limits are compared exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import forms
from tests.unit.sync.vectors import each, vectors

FORMS = vectors("forms")


@pytest.mark.parametrize("case", each(FORMS["definitions"]))
def test_everything_wrong_with_a_definition_is_named(case: dict[str, Any]) -> None:
    faults = [{"path": fault.path, "code": fault.code} for fault in forms.check_form(case["form"])]

    assert faults == case["faults"]


@pytest.mark.parametrize("case", each(FORMS["fold_number"]))
def test_a_typed_number_is_folded_or_refused(case: dict[str, Any]) -> None:
    assert forms.fold_number(case["text"]) == case["number"]


@pytest.mark.parametrize("case", each(FORMS["level"]))
def test_a_value_stands_to_its_limits(case: dict[str, Any]) -> None:
    assert forms.level(case["value"], case["limits"]) == case["level"]


@pytest.mark.parametrize("case", each(FORMS["answers"]))
def test_an_answer_fits_its_field_or_not(case: dict[str, Any]) -> None:
    assert forms.check_answer(case["field"], case["answer"]) == case["fault"]


@pytest.mark.parametrize("case", each(FORMS["judge"]))
def test_a_stop_is_judged(case: dict[str, Any]) -> None:
    judgement = forms.judge(case["form"], case["values"], case["photos"])

    assert {
        "faults": [{"field": fault.field, "level": fault.level} for fault in judgement.faults],
        "missing": list(judgement.missing),
        "invalid": list(judgement.invalid),
        "unread": list(judgement.unread),
        "faulty": judgement.faulty,
        "incomplete": judgement.incomplete,
    } == case["expect"]


def test_registry_specification_and_vectors_name_the_same_kinds() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "protocol" / "forms.md"
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| `")]
    form = FORMS["definitions"][0]["form"]

    assert sorted(row.split("`")[1] for row in rows) == sorted(forms.KINDS)
    assert {field["kind"] for field in form["fields"]} == set(forms.KINDS)


@given(st.text(max_size=24))
def test_a_folded_number_is_always_a_fitting_answer(text: str) -> None:
    number = forms.fold_number(text)

    if number is not None:
        assert forms.check_answer({"kind": "number", "decimals": 6}, number) is None
        assert forms.fold_number(number) == number


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "kind", "fields", "name", "limits", "options", "label", "photos"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(json_values, st.sampled_from(sorted(forms.KINDS)))
def test_no_definition_and_no_answer_upsets_the_checks(value: object, kind: str) -> None:
    forms.check_form(value)
    forms.check_form({"fields": [value, {"kind": kind, "options": value, "limits": value}]})
    for field in FORMS["definitions"][0]["form"]["fields"]:
        forms.check_answer(field, value)
