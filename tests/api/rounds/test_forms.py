"""Forms: published in editions, checked before they go down to the phones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from server.feed.models import FeedRow
from server.forms.models import FormEdition
from tests.api.rounds.conftest import As, Estate
from tests.api.rounds.night import FIELDS

NAME = {"zh": "泵房", "en": "Pump room"}


def test_a_form_is_published_and_goes_down_to_the_phones(as_: As, at: str, estate: Estate) -> None:
    made = as_("Li").post(at + "/forms", {"name": NAME, "fields": FIELDS})

    assert made.status_code == 201, made.text
    assert made.json is not None
    assert (made.json["edition"], made.json["fields"]) == (1, FIELDS)
    assert as_("Vera").get(at + "/forms").json == {"forms": [made.json]}
    row = estate.session.scalars(select(FeedRow.row).where(FeedRow.kind == "form")).one()
    assert json.loads(row)["body"] == made.json


def test_a_change_is_a_new_edition_and_the_old_one_stays(as_: As, at: str, estate: Estate) -> None:
    made = as_("Li").post(at + "/forms", {"name": NAME, "fields": FIELDS}).json
    assert made is not None
    path = f"{at}/forms/{made['id']}"

    changed = as_("Li").patch(path, {"fields": FIELDS[:1]}).json
    same = as_("Li").patch(path, {"fields": FIELDS[:1]}).json

    assert changed is not None
    assert (changed["edition"], len(changed["fields"]), changed["name"]) == (2, 1, NAME)
    assert same == changed, "nothing changed, so there is no third edition"
    query = select(FormEdition).order_by(FormEdition.edition)
    editions = [e.definition["fields"] for e in estate.session.scalars(query)]
    assert editions == [FIELDS, FIELDS[:1]]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ([], "fields"),
        ([{"id": "x", "kind": "smell", "label": NAME}], "fields[0].kind"),
        ([FIELDS[0], FIELDS[0]], "fields[1].id"),
        ([FIELDS[0] | {"limits": {"alarm_low": "9", "warn_low": "1"}}], "fields[0].limits"),
        ([FIELDS[0] | {"colour": "red"}], "fields[0].colour"),
        ([FIELDS[0] | {"id": "Pressure"}], "fields[0].id"),
    ],
)
def test_a_bad_definition_says_which_field_is_wrong(
    as_: As, at: str, estate: Estate, fields: list[Any], path: str
) -> None:
    refused = as_("Li").post(at + "/forms", {"name": NAME, "fields": fields})

    assert refused.status_code == 422
    assert refused.json is not None
    assert path in refused.json["errors"]["json"]
    assert estate.session.scalars(select(FormEdition)).all() == []


def test_a_bad_change_leaves_the_edition_in_force(as_: As, at: str) -> None:
    made = as_("Li").post(at + "/forms", {"name": NAME, "fields": FIELDS}).json
    assert made is not None

    refused = as_("Li").patch(f"{at}/forms/{made['id']}", {"fields": [{"kind": "check"}]})

    assert refused.status_code == 422
    assert as_("Vera").get(at + "/forms").json == {"forms": [made]}


def test_a_form_is_for_its_site_only(as_: As, at: str, estate: Estate) -> None:
    made = as_("Li").post(at + "/forms", {"name": NAME, "fields": FIELDS}).json
    assert made is not None
    north = f"/api/v1/sites/{estate.north.id}/forms"

    assert as_("Chen").get(at + "/forms").status_code == 404
    assert as_("Chen").patch(f"{north}/{made['id']}", {"name": NAME}).status_code == 404
    assert as_("Chen").get(north).json == {"forms": []}
    assert as_("Vera").post(at + "/forms", {"name": NAME, "fields": FIELDS}).status_code == 403
