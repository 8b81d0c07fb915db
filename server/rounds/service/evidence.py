"""The evidence behind one visit: what the phone sealed, and what the server makes of it.

Nothing is shown as proven that is not: photos are hashed again when they are looked at, and what
was not heard, not kept or damaged says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.forms import service as forms
from server.ledger import service as ledger
from server.ledger.models import Log
from server.ledger.service import Claim, RecordView
from server.problems import NotFound
from server.rounds.models import Finding, Occurrence, Visit
from server.rounds.service.answers import answers_of
from server.rounds.service.board import ordinal_of, window_view
from server.rounds.service.judging import judge_all
from server.rounds.service.names import Names, names_of
from server.rounds.service.photos import is_whole
from server.rounds.service.said import explanations_of, owner_names
from server.rounds.service.shown import Within
from server.rounds.service.visits import finding_rows, visit_rows
from server.rounds.service.whereabouts import whereabouts
from server.sites import service as sites
from server.sites.models import Site
from sync import payloads
from sync.receipts import check_word, parse_receipt
from sync.records import Body, SchemaError, parse_body


def visit_of(session: Session, *, site: Site, visit_id: str, within: Within = None) -> Visit:
    """Return a visit of the site.

    :raises NotFound: there is none, it belongs to another site, or to somebody who is not in `within`
    """
    visit = session.get(Visit, (site.organisation_id, visit_id))
    if visit is None or visit.site_id != site.id:
        raise NotFound
    if within is not None and visit.person_id not in within:
        raise NotFound
    return visit


def evidence(
    session: Session,
    *,
    site: Site,
    visit_id: str,
    data_dir: Path,
    photo_url: str,
    now_ms: int,
    within: Within = None,
) -> dict[str, Any]:
    """Return everything that stands behind a visit.

    :param data_dir: where photos lie
    :param photo_url: the address of the site's photos, without the hash
    :param within: only of these people; None: of everybody
    :raises NotFound: no such visit on the site
    """
    visit = visit_of(session, site=site, visit_id=visit_id, within=within)
    organisation = site.organisation_id
    names = names_of(session, site=site)
    record = ledger.record_view(session, organisation, visit.answers_hash or visit.id)
    scan = ledger.record_view(session, organisation, visit.id)
    if scan is None or record is None:
        raise NotFound
    hashes = [visit.id, *([visit.answers_hash] if visit.answers_hash not in (None, visit.id) else [])]
    claims = ledger.claims(session, organisation, hashes)
    private = {
        name: value for h in hashes for name, value in ledger.private_values(session, organisation, h).items()
    }
    definition = None
    if visit.form_id is not None and visit.form_edition is not None:
        definition = forms.definition_of(
            session, site_id=site.id, form_id=visit.form_id, edition=visit.form_edition
        )
    body = parse_body(scan.body.decode())
    photos = [
        _photo(claim, data_dir=data_dir, organisation=organisation, photo_url=photo_url) for claim in claims
    ]
    row = visit_rows(session, visits=[visit], names=names)[0]
    return row | {
        "occurrence_view": _occurrence(session, site, visit, names, now_ms),
        "frame": next((photo for photo in photos if photo["role"] == "frame"), None),
        # what was said and signed stands beside the photos; originals beside what was drawn on them
        "photos": [photo for photo in photos if photo["role"] != "frame"],
        "answers": answers_of(session, site=site, visit=visit, definition=definition, private=private),
        "form": definition
        and {"id": definition["id"], "name": definition["name"], "edition": definition["edition"]},
        "note": private.get("note"),
        "raw": private.get("raw"),
        **whereabouts(body, private, names.places.get(visit.target_id) if visit.target_id else None),
        "explanations": explanations_of(
            session, organisation=organisation, site_id=site.id, records=hashes, person=visit.person_id
        ),
        "findings": _findings(session, site, visit, names),
        "time": _time(visit, scan, body),
        "chain": _chain(session, site, visit, scan, names),
        "tag": _tag(session, site, visit, body),
        "record": {"body": scan.body.decode(), "sig": scan.sig, "hash": scan.hash},
    }


def _photo(claim: Claim, *, data_dir: Path, organisation: UUID, photo_url: str) -> dict[str, Any]:
    state = claim.state
    if state == "stored" and not is_whole(data_dir, organisation=organisation, sha256=claim.sha256):
        state = "damaged"
    return {
        "record": claim.hash,
        "sha256": claim.sha256,
        "size": claim.size,
        "role": claim.role,
        "field": claim.field,
        "of": claim.of,
        "state": state,
        "url": f"{photo_url}/{claim.sha256}" if state == "stored" else None,
        "reused": claim.reused,
    }


def _occurrence(
    session: Session, site: Site, visit: Visit, names: Names, now_ms: int
) -> dict[str, Any] | None:
    if visit.occurrence_id is None:
        return None
    occurrence = session.get_one(Occurrence, visit.occurrence_id)
    [judged] = judge_all(session, site_id=site.id, occurrences=[occurrence], now_ms=now_ms)
    names = replace(names, owners=owner_names(session, organisation=site.organisation_id, takes=judged.taken))
    ordinal = ordinal_of(session, site=site, occurrence=occurrence)
    return window_view(judged, ordinal=ordinal, names=names)


def _findings(session: Session, site: Site, visit: Visit, names: Names) -> list[dict[str, Any]]:
    """Return what the visit's answers opened, and what its person reported at this stop of this round."""
    mine = Finding.visit_id == visit.id
    if visit.occurrence_id is not None and visit.target_id is not None:
        mine = or_(
            mine,
            Finding.visit_id.is_(None)
            & (Finding.occurrence_id == visit.occurrence_id)
            & (Finding.target_id == visit.target_id)
            & (Finding.person_id == visit.person_id),
        )
    query = select(Finding).where(Finding.site_id == site.id, mine).order_by(Finding.estimate_ms, Finding.id)
    return finding_rows(session, findings=session.scalars(query).all(), names=names)


def _time(visit: Visit, scan: RecordView, body: Body) -> dict[str, Any]:
    return {
        "wall_ms": body.envelope.t.wall,
        "tz": body.envelope.t.tz,
        "lower_ms": visit.lower_ms,
        "estimate_ms": visit.estimate_ms,
        "upper_ms": visit.upper_ms,
        "quality": visit.quality,
        "before": None if visit.lower_ms is None else {"server_ms": visit.lower_ms},
        "after": {"received_ms": scan.received_ms},
        "marks": scan.marks,
    }


def _chain(session: Session, site: Site, visit: Visit, scan: RecordView, names: Names) -> dict[str, Any]:
    before, after = ledger.neighbours(session, site.organisation_id, visit.log, visit.seq)
    max_seq = session.scalars(select(Log.max_seq).where(Log.id == visit.log)).one()
    device = names.devices[visit.device_id]
    receipt = ledger.receipt_for(session, site.organisation_id, scan.hash)
    said = parse_receipt(receipt.body) if receipt else None
    shown: Sequence[RecordView] = [view for view in (before, scan, after) if view is not None]
    return {
        "log": visit.log,
        "device": {"id": device.id, "name": device.name},
        "records": [
            {
                "seq": view.seq,
                "hash": view.hash,
                "type": view.type,
                "title": _title(view, names),
                "this": view.hash == scan.hash,
                "signature": view.signature,
            }
            for view in shown
        ],
        "gap_before": before is None and visit.seq > 1,
        "gap_after": after is None and max_seq > visit.seq,
        "receipt": receipt
        and said
        and {
            "from": said.from_seq,
            "to": said.to_seq,
            "received_ms": said.received_ms,
            "ledger_pos": said.ledger_pos,
            "check_word": check_word(receipt.body),
        },
    }


def _title(view: RecordView, names: Names) -> dict[str, str] | None:
    """Return the name of the place that a record is about, if it is about one."""
    try:
        payload = parse_body(view.body.decode()).payload
    except (SchemaError, UnicodeDecodeError):
        return None
    target = getattr(payload, "target", None)
    return names.place(UUID(target.id)) if target else None


def _tag(session: Session, site: Site, visit: Visit, body: Body) -> dict[str, Any]:
    tag = body.payload.tag if isinstance(body.payload, payloads.Scan) else None
    print_no = tag.version if tag else None
    if tag is not None:
        known = sites.tag_by_hash(session, organisation_id=site.organisation_id, token_hash=tag.hash)
        print_no = known.print_no if known else print_no
    return {"print_no": print_no, "proof": visit.tag_proof}
