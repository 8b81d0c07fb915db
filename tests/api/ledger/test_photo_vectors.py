"""The shared examples of an upload, sent to the real server byte for byte."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

from sync.records import Blob as WireBlob
from tests.api.field import Garden
from tests.unit.sync.vectors import vectors
from tests.vectors.cases.common import PHONE
from tests.vectors.cases.proof import NONCE_KEY

WORDS = ("title", "detail", "instance")
"""What a refusal says to people: no part of the protocol."""


def test_every_request_of_the_examples_has_the_answer_of_the_examples(garden: Garden) -> None:
    held = garden.app.extensions
    held["roundsman.secrets"] = replace(held["roundsman.secrets"], proof=NONCE_KEY)
    phone = garden.handset(key=PHONE)
    found = vectors("photos")
    named = [
        WireBlob(photo["sha256"], photo["size"], photo["mime"], "photo")
        for photo in found["photos"]
        if photo["name"] != "a photo that no record names"
    ]
    assert phone.outcomes(phone.record(blobs=named)) == [("applied", None)]
    client = garden.app.test_client()
    for case in found["exchanges"]:
        request, expected = case["request"], case["answer"]
        answer = client.open(
            request["path"],
            method=request["method"],
            headers=request["headers"],
            data=base64.b64decode(request["base64"]),
        )
        told = {name: answer.headers.get(name) for name in expected["headers"]}
        assert (answer.status_code, told) == (expected["status"], expected["headers"]), case["name"]
        stored = "Fieldsync-Stored" in answer.headers
        assert stored == ("Fieldsync-Stored" in expected["headers"]), case["name"]
        if expected["problem"] is not None:
            problem = json.loads(answer.get_data())
            assert {n: v for n, v in problem.items() if n not in WORDS} == expected["problem"], case["name"]
