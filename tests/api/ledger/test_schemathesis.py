"""Every message under schemathesis: what the description allows is answered, what it forbids is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.api.field import Garden, Handset
from tests.api.ledger.openapi import MESSAGES, description
from tests.api.ledger.test_bad_input import STRANGERS, ask, assert_the_next_one_works

EXAMPLES = 15
SCHEMA = schemathesis.openapi.from_dict(description())
OPERATIONS = {
    operation.path.rpartition("/")[2]: operation
    for result in SCHEMA.get_all_operations()
    if isinstance(result, Ok) and (operation := result.ok())
}


def test_the_description_names_every_message() -> None:
    assert OPERATIONS.keys() == MESSAGES.keys()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_keeps_its_description_whatever_comes(
    garden: Garden, name: str, mode: GenerationMode
) -> None:
    phone = garden.handset()
    statuses: set[int] = set()

    @seed(20261124)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    def try_it(case: Case[Any]) -> None:
        if not _is_json(case.body):
            return
        phone.proof_nonce = None
        body = _at_home(case.body, phone, name)
        answer = ask(phone, name, json.dumps(body).encode(), {})
        statuses.add(answer.status_code)
        # 1.0 is an integer in JSON Schema and none here; a signature or a log may be nobody's
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    try_it()

    assert statuses
    if mode == GenerationMode.NEGATIVE:
        assert 200 not in statuses or name == "pull"
    elif name not in ("enrol", "push", "snapshot"):
        assert 200 in statuses
    assert_the_next_one_works(garden.handset(), name)


def _is_json(body: Any) -> bool:
    try:
        json.dumps(body)
    except (TypeError, ValueError):
        return False
    return True


def _at_home(body: Any, phone: Handset, name: str) -> Any:
    """Put the phone's own log into a message, for one of nobody's is refused at once; 1.0 becomes 1."""
    if isinstance(body, float) and body.is_integer():
        return int(body)
    if isinstance(body, list):
        return [_at_home(part, phone, name) for part in body]
    if isinstance(body, dict):
        body = {member: _at_home(part, phone, name) for member, part in body.items()}
        if name not in STRANGERS and isinstance(body.get("log"), str) and len(body["log"]) == 26:
            body["log"] = phone.log
    return body
