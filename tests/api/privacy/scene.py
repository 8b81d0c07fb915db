"""A guard's records with places, texts and photos, and what is looked at afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from server.config import Settings
from server.keeping.rebuild import differences
from server.keeping.verify import verify
from server.ledger.models import BlobGone, PrivatePart
from server.privacy.keeping import forget
from sync.encoding import sha256_hex
from sync.geo import Geo, geo_value
from sync.records import Blob
from tests.api.field import SAME_ORIGIN, Garden, Handset
from tests.api.ledger.photos import picture

HERE = geo_value(Geo(lat=312_214_300, lon=1_214_512_800, accuracy=12, age_ms=4_000))
SCAN: dict[str, Any] = {
    "occurrence": None,
    "stop": None,
    "target": None,
    "tag": None,
    "result": "no_tag",
    "method": "camera",
    "walk_on": False,
    "out_of_order": False,
}
DAY_H = 24


@dataclass
class Walk:
    """One record of each sort: a scan with place and frame, a finding with a note and a photo."""

    garden: Garden
    phone: Handset
    scan: dict[str, Any] = field(default_factory=dict)
    finding: dict[str, Any] = field(default_factory=dict)
    frame: bytes = b""
    photo: bytes = b""


def walk(garden: Garden, *, actor: str = "wang", color: str = "green", phone: Handset | None = None) -> Walk:
    """Let somebody scan and report, photos and all."""
    made = Walk(garden, phone or garden.handset(actor=actor))
    phone = made.phone
    phone.actor = str(garden.people[actor])
    made.frame, made.photo = picture(color=color), picture(size=(80, 60), color=color)
    made.scan = phone.record(
        "scan",
        {**SCAN, "location": "given"},
        tv=2,
        private={"geo": HERE, "raw": "WIFI:S:x;;"},
        blobs=[named(made.frame, "frame")],
    )
    made.finding = phone.record(
        private={"geo": HERE, "note": f"said by {actor}"}, blobs=[named(made.photo, "photo")]
    )
    assert [outcome for outcome, _ in phone.outcomes(made.scan, made.finding)] == ["applied"] * 2
    for bytes_ in (made.frame, made.photo):
        assert phone.upload(bytes_).status_code == 201
    return made


def named(data: bytes, role: Any) -> Blob:
    return Blob(sha256_hex(data), len(data), "image/jpeg", role)


def data_dir(garden: Garden) -> Path:
    settings: Settings = garden.app.extensions["roundsman.settings"]
    return settings.data_dir


def tick(garden: Garden, *, place_days: int = 90, photo_days: int = 730) -> None:
    """Do the periodic forgetting."""
    garden.session.rollback()
    with immediate(garden) as session:
        forget(
            session,
            data_dir=data_dir(garden),
            place_days=place_days,
            photo_days=photo_days,
            now_ms=garden.clock.ms,
        )


def immediate(garden: Garden) -> Any:
    """Return a session that writes as the server's own do, for the whole installation."""
    from sqlalchemy.orm import Session

    from server.db import db
    from server.tenancy import enter_installation

    with garden.app.app_context():
        engine = db.engine
    session = Session(engine)
    enter_installation(session)
    return session


def parts(garden: Garden) -> list[str]:
    """Return the names of all private parts, sorted."""
    return sorted(garden.all(select(PrivatePart.name)))


def gone(garden: Garden) -> dict[str, str]:
    garden.session.rollback()
    return dict(garden.session.execute(select(BlobGone.sha256, BlobGone.why)).all())


def whole_files(garden: Garden) -> set[str]:
    """Return the hashes of the photos that lie on the disk."""
    return {path.name for path in (data_dir(garden) / "photos").rglob("*") if len(path.name) == 64}


def assert_whole(garden: Garden) -> None:
    """Assert that everything that is kept verifies, and that the log makes the very same tables."""
    garden.session.rollback()
    keys = {garden.secrets.kid: garden.secrets.receipt.public_key}
    report = verify(garden.session, data_dir=data_dir(garden), receipt_keys=keys, every_signature=True)
    assert report.findings == []
    garden.session.rollback()
    with immediate(garden) as session:
        assert differences(session, garden.organisation) == []
        session.rollback()


def post(garden: Garden, name: str, path: str, body: dict[str, Any]) -> TestResponse:
    return garden.client(name).post(path, json=body, headers=SAME_ORIGIN)
