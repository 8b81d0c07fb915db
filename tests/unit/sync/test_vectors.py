"""The vectors on disk are the ones that the script makes; none is edited by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.sync.vectors import FOLDER
from tests.vectors.make import SUBJECTS, content


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_file_of_vectors_is_as_made(subject: str) -> None:
    assert (FOLDER / f"{subject}.json").read_text("utf-8") == content(subject)


def test_every_file_of_vectors_is_made_and_explained() -> None:
    files = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.json"))
    page = (FOLDER / "README.md").read_text("utf-8")

    assert files == sorted(SUBJECTS)
    subjects = {"forms/<kind>" if name.startswith("forms/") else name for name in files}
    assert [name for name in sorted(subjects) if f"`{name}.json`" not in page] == []
    assert Path(FOLDER / "make.py").exists()
