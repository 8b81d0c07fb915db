"""The description is whole: every route and every refusal is in it, and nothing that is not there."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

import server
from server.apidocs import document, refusals
from server.apidocs.messages import EXAMPLES
from server.people.policy import policy
from server.problems import Problem
from sync.messages import MEDIA_TYPE
from tests.described import Description, description_of
from tests.vectors.make import examples

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)

UNSAID = {"wrong-host", "busy", "disk-full", "internal"}
"""What any view may answer when the machine cannot or the address is wrong."""


@pytest.fixture
def description(app: Flask) -> Description:
    return description_of(app)


def operations(description: Description) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in description.document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_every_route_is_described_and_nothing_else(app: Flask, description: Description) -> None:
    routes = {(one.method, one.path) for one in document.described(app)}

    assert {(method, path) for method, path, _ in operations(description)} == routes
    rules = {
        document.Described(rule, "", app.view_functions[rule.endpoint]).path
        for rule in app.url_map.iter_rules()
    }
    assert set(description.document["paths"]) == rules


def test_every_operation_says_what_it_is_and_how_it_refuses(description: Description) -> None:
    names = []
    for method, path, operation in operations(description):
        about = f"{method} {path}"
        names.append(operation["operationId"])
        assert operation["summary"].endswith("."), about
        assert operation["tags"][0] in {tag["name"] for tag in description.document["tags"]}, about
        assert any(status.startswith(("2", "3")) for status in operation["responses"]), about
        assert any(status.startswith("4") for status in operation["responses"]), about
        assert {p["name"] for p in operation["parameters"] if p["in"] == "path"} == {
            part.partition("}")[0] for part in path.split("{")[1:]
        }, about
    assert len(names) == len(set(names))


def test_who_may_ask_is_said_and_follows_from_the_policy(app: Flask, description: Description) -> None:
    for one in document.described(app):
        operation = description.operations[str(one.rule.endpoint), one.rule.rule, one.method]
        who = one.view.policy  # type: ignore[attr-defined]
        asked = {"public": None, "phone": "proof"}.get(who, "session")
        expected: list[dict[str, list[str]]] = [] if asked is None else [{asked: []}]
        assert operation["security"] == expected, one.rule.rule
        if expected:
            assert "401" in operation["responses"], one.rule.rule
        if expected == [{"session": []}] and one.method in document.UNSAFE:
            schema = json.dumps(operation["responses"]["403"])
            assert "problem.cross-site" in schema, one.rule.rule
            assert ("problem.fresh-login" in schema) == bool(getattr(one.view, "fresh", False)), one.rule.rule


def test_every_kind_of_problem_is_the_answer_of_some_view_and_has_a_text(description: Description) -> None:
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds: list[type[Problem]] = Problem.__subclasses__()
    slugs = {kind.slug for kind in kinds if kind.__module__.startswith("server.")}
    named = {name for name in description.document["components"]["schemas"] if name.startswith("problem.")}

    assert {f"problem.{slug}" for slug in slugs} == named
    assert slugs == set(refusals.texts())


def test_the_document_is_openapi(description: Description, app: Flask) -> None:
    made = document.make(app)

    assert made["openapi"].startswith("3.1")
    for name in made["components"]["schemas"]:
        jsonschema_rs.validator_for(
            {"$ref": f"#/components/schemas/{name}", "components": made["components"]}
        )
    text = json.dumps(made)
    assert "\\\\Z" not in text
    assert "#/components/responses" not in text


def test_messages_have_the_examples_of_the_vectors_and_those_fit(description: Description) -> None:
    assert EXAMPLES.read_text("utf-8") == examples(), "python -m tests.vectors.make"
    seen = 0
    for method, path, operation in operations(description):
        for content in (operation.get("requestBody", {}), operation["responses"].get("200", {})):
            media = content.get("content", {}).get(MEDIA_TYPE)
            if media is not None:
                assert description.faults(media["schema"], media["example"]) == [], f"{method} {path}"
                seen += 1
    assert seen == len(json.loads(examples()))


def test_a_route_that_says_nothing_has_no_description(app: Flask) -> None:
    bp = Blueprint("silent", __name__)

    @bp.get("/silent")
    @policy("public")
    def silent() -> str:
        """Say nothing."""
        return ""

    app.register_blueprint(bp)

    with pytest.raises(document.Undescribed, match="/silent"):
        document.make(app)


def test_it_is_served_for_machines_and_for_people_without_a_log_in(client: FlaskClient, app: Flask) -> None:
    served = client.get("/api/openapi.json")
    page = client.get("/api/docs")

    assert served.get_json() == document.make(app)
    assert page.mimetype == "text/html"
    html = page.get_data(as_text=True)
    assert "<script" not in html
    assert " style=" not in html
    for path in served.get_json()["paths"]:
        assert path in html
    assert client.get("/api/docs/page.css").mimetype == "text/css"


def test_a_problems_type_leads_to_its_text(client: FlaskClient) -> None:
    for slug in refusals.texts():
        answer = client.get(f"/problems/{slug}")
        assert (answer.status_code, answer.mimetype) == (200, "text/markdown")
        assert answer.get_data(as_text=True).startswith(f"# {slug}\n")
    assert client.get("/problems/never-heard-of").status_code == 404
