"""A form says what it wants; an answer fits it or not; limits are compared exactly."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rounds.service.answers import SHOWN
from sync import forms
from sync.forms.formulas import FormulaError, result
from tests.unit.sync.vectors import FOLDER, each, vectors

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


def _judged(case: dict[str, Any]) -> dict[str, Any]:
    judgement = forms.judge(case["form"], case["values"], case["photos"], case.get("meters", {}))
    return {
        "faults": [{"field": fault.field, "level": fault.level} for fault in judgement.faults],
        "missing": list(judgement.missing),
        "invalid": list(judgement.invalid),
        "unread": list(judgement.unread),
        "faulty": judgement.faulty,
        "incomplete": judgement.incomplete,
    }


@pytest.mark.parametrize("case", each(FORMS["judge"]))
def test_a_stop_is_judged(case: dict[str, Any]) -> None:
    assert _judged(case) == case["expect"]


@pytest.mark.parametrize("case", each(FORMS["conditions"]))
def test_a_field_is_asked_when_its_condition_holds(case: dict[str, Any]) -> None:
    shown = [one.field["id"] for one in forms.standings(case["form"], case["values"]) if one.shown]

    assert forms.check_form(case["form"]) == []
    assert shown == case["shown"]
    assert list(forms.judge(case["form"], case["values"], {}).missing) == case["missing"]


def _of_each_kind(part: str) -> list[Any]:
    """The cases of one list of every kind's file, named by kind and case."""
    return [
        pytest.param(case, id=f"{kind}: {case['name']}")
        for kind in forms.KINDS
        for case in vectors(f"forms/{kind}")[part]
    ]


@pytest.mark.parametrize("case", _of_each_kind("definitions"))
def test_a_kind_says_what_its_options_may_be(case: dict[str, Any]) -> None:
    fields = [*case["earlier"], case["field"]]
    form = {"id": FORMS["judge"][0]["form"]["id"], "name": {"zh": "表", "en": ""}, "edition": 1}
    at = f"fields[{len(case['earlier'])}]."

    faults = forms.check_form(form | {"fields": fields})

    assert [{"path": f.path.removeprefix(at), "code": f.code} for f in faults] == case["faults"]


@pytest.mark.parametrize("case", _of_each_kind("answers"))
def test_an_answer_fits_its_field_or_not(case: dict[str, Any]) -> None:
    assert forms.check_answer(case["field"], case["answer"], case["meters"]) == case["fault"]


@pytest.mark.parametrize("case", _of_each_kind("judge"))
def test_a_form_with_one_kind_is_judged(case: dict[str, Any]) -> None:
    assert forms.check_form(case["form"]) == []
    assert _judged(case) == case["expect"]


@pytest.mark.parametrize("case", each(vectors("forms/computed")["results"]))
def test_a_formula_comes_to_its_result(case: dict[str, Any]) -> None:
    try:
        found = result(case["formula"], case["numbers"], case["decimals"])
    except FormulaError:
        found = None
    assert found == case["result"]


decimals = st.decimals(min_value=-(10**6), max_value=10**6, places=3, allow_nan=False).map(str)


@given(decimals, decimals)
def test_what_is_taken_from_a_sum_leaves_the_rest(a: str, b: str) -> None:
    assert Decimal(result("a + b - b", {"a": a, "b": b}, 3) or "none") == Decimal(a)
    assert result("a / a", {"a": a}, 2) == (None if Decimal(a) == 0 else "1.00")


@given(st.text(alphabet="ab1.+-*/() ", max_size=30))
def test_no_text_upsets_the_arithmetic(text: str) -> None:
    try:
        found = result(text, {"a": "1.5", "b": "-3"}, 2)
    except FormulaError:
        return
    assert found is None or forms.check_answer({"kind": "number", "decimals": 2}, found) is None


ROOT = Path(__file__).resolve().parents[3]
KIND_WORD = re.compile(r"form\.kind\.(?!next)[a-z]+")


def test_registry_specification_vectors_and_words_name_the_same_kinds() -> None:
    page = (ROOT / "docs" / "protocol" / "forms.md").read_text("utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    kinds = sorted(forms.KINDS)

    assert list(SHOWN) == kinds

    assert list(forms.KINDS) == kinds
    assert sorted(rows) == kinds
    assert sorted(path.stem for path in (FOLDER / "forms").glob("*.json")) == kinds
    for folder, mark in (("protocol/forms/kinds", ".ts"), ("forms/kinds", ".tsx")):
        files = {path.name for path in (ROOT / "pwa/src" / folder).iterdir()}
        assert {f"{kind}{mark}" for kind in kinds} <= files
    for language in ("zh", "en"):
        words = json.loads((ROOT / f"pwa/src/i18n/console.{language}.json").read_text("utf-8"))
        assert sorted(key[10:] for key in words if KIND_WORD.fullmatch(key)) == kinds


def test_a_kind_names_every_fault_of_its_vectors() -> None:
    for kind in forms.KINDS:
        cases = vectors(f"forms/{kind}")
        assert {case["field"]["kind"] for case in cases["answers"]} == {kind}
        assert any(case["fault"] is None for case in cases["answers"])
        assert any(case["fault"] is not None for case in cases["answers"])


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
            st.sampled_from(
                [
                    "id",
                    "kind",
                    "fields",
                    "name",
                    "limits",
                    "options",
                    "label",
                    "photos",
                    "meter",
                    "if",
                    "guide",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(json_values, st.sampled_from(sorted(forms.KINDS)))
def test_no_definition_and_no_answer_upsets_the_checks(value: object, kind: str) -> None:
    forms.check_form(value)
    every = {"options": value, "limits": value, "formula": value, "if": value, "required": value}
    forms.check_form({"fields": [value, {"kind": kind, "guide": value, "of": value, **every}]})
    for case in vectors(f"forms/{kind}")["judge"]:
        field = case["form"]["fields"][-1]
        forms.check_answer(field, value, case["meters"])
        forms.judge(case["form"], {field["id"]: value}, {}, case["meters"])
