"""The catalogue of mutants fits the project as it stands: every breakage applies, every test exists."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Mutant, broken
from tests.named import ROOT, exists


def test_there_are_at_least_twenty_and_each_breaks_something_of_its_own() -> None:
    assert len(MUTANTS) >= 20
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    assert len({(mutant.file, mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_applies_and_its_test_exists(mutant: Mutant) -> None:
    sound = (ROOT / mutant.file).read_text("utf-8")
    assert broken(mutant, sound) != sound
    if mutant.file.endswith(".py"):
        ast.parse(broken(mutant, sound))
    assert exists(mutant.test)
