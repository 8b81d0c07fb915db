"""The register's list says by its indexes what the cards say one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from server.assets.models import Document, DocumentAsset, Duty
from server.assets.service import gaps, register
from server.assets.service.register import SOON_DAYS, Asked
from server.feed import service as feed
from server.sites import service as sites
from server.sites.models import SEARCHED, Asset, Zone
from tests.api.assets.conftest import Estate

TODAY = date(2026, 11, 30)
WORDS = ("泵", "水泵 Pump", "S_49", "100%", "ÄB", "a\\b")


@pytest.fixture
def many(estate: Estate) -> Estate:
    """Sixty assets with odd texts, and cards as complete as chance has it."""
    session, site, now, random = estate.session, estate.site, estate.clock.ms, Random(5)
    common = {"organisation_id": site.organisation_id, "site_id": site.id}
    zone = Zone(id=uuid4(), name_zh="楼", name_en="", **common)
    papers = {kind: _paper(estate, kind) for kind in ("procedure", "standard")}
    session.add(zone)
    for n in range(60):
        made = sites.make_place(
            session, "asset", site=site, number=f"E{n}", name={"zh": f"设备{n}", "en": ""}, now_ms=now
        )
        assert isinstance(made, Asset)
        full = random.random() < 0.8
        made.category, made.special = random.choice(("lift", "pump")), random.random() < 0.4
        made.maker, made.model, made.serial = (random.choice(WORDS) for _ in range(3))
        made.installed_on = "2014" if full or random.random() < 0.5 else ""
        made.registration = "R" if full else ""
        made.criticality, made.photo, made.zone_id = ("A", "f" * 64, zone.id) if full else (None, None, None)
        made.state, made.retired_ms = random.choice(("running", "stopped")), now if n % 13 == 5 else None
        made.version += 1
        sites.feed_place(session, made)
        for paper in papers.values():
            if random.random() < 0.8:
                session.add(DocumentAsset(document_id=paper, asset_id=made.id, **common))
        for _ in range(random.randrange(3)):
            day = TODAY + timedelta(days=random.choice((-1, 0, SOON_DAYS, SOON_DAYS + 1)))
            session.add(_duty(made, day, retired=random.random() < 0.2))
    feed.commit(session, now_ms=now)
    return estate


def test_the_head_counts_what_the_cards_say(many: Estate) -> None:
    session, site = many.session, many.site
    for chosen in (None, ["maker", "procedure", "duty"], ["standard", "registration"], []):
        gaps.change_needs(session, site=site, category="pump", needs=chosen)
        session.flush()
        needs = gaps.needs_of(session, site_id=site.id)
        found = register.head(session, site=site, needs=needs, today=TODAY)

        standing = session.scalars(
            select(Asset).where(Asset.site_id == site.id, Asset.retired_ms.is_(None))
        ).all()
        lacks = gaps.gaps_of(session, asset_ids=[one.id for one in standing], needs=needs)
        days: dict[object, date] = {}
        for duty in session.scalars(select(Duty).where(Duty.retired_ms.is_(None))):
            days[duty.asset_id] = min(duty.next_on, days.get(duty.asset_id, duty.next_on))
        mine = [days[one.id] for one in standing if one.id in days]
        assert found["tallies"] == {
            "assets": len(standing),
            "stopped": sum(one.state == "stopped" for one in standing),
            "over": sum(day < TODAY for day in mine),
            "soon": sum(day <= TODAY + timedelta(days=SOON_DAYS) for day in mine),
            "gaps": sum(bool(some) for some in lacks.values()),
            "special": sum(one.special for one in standing),
        }
        assert 0 < found["tallies"]["over"] < found["tallies"]["soon"]
        assert found["categories"] == [
            {"category": word, "assets": sum(one.category == word for one in standing)}
            for word in sorted({one.category for one in standing})
        ]
        where = register.condition(session, site, Asked(gap="any"), needs=needs, today=TODAY)
        assert (
            session.scalar(select(func.count()).select_from(Asset).where(where)) == found["tallies"]["gaps"]
        )


def test_the_completeness_of_a_category_is_that_of_its_cards(many: Estate) -> None:
    session, site = many.session, many.site
    standing = session.scalars(
        select(Asset).where(Asset.site_id == site.id, Asset.retired_ms.is_(None))
    ).all()
    for chosen in (None, ["maker", "procedure", "duty"], ["standard", "registration"], []):
        for papers in (frozenset(), frozenset({"lift"})):
            gaps.change_needs(session, site=site, category="pump", needs=chosen)
            session.flush()
            needs = replace(
                gaps.needs_of(session, site_id=site.id), papers={"procedure": papers, "standard": frozenset()}
            )
            lacks = gaps.gaps_of(session, asset_ids=[one.id for one in standing], needs=needs)

            found = gaps.completeness(session, site_id=site.id, needs=needs)

            assert [one["category"] for one in found] == sorted({one.category for one in standing})
            for one in found:
                cards = [lacks[asset.id] for asset in standing if asset.category == one["category"]]
                assert (one["assets"], one["whole"]) == (len(cards), sum(not card for card in cards))
                assert {gap["member"]: gap["missing"] for gap in one["gaps"] if gap["missing"]} == Counter(
                    member for card in cards for member in card
                )
                assert one["needed"] - one["there"] == sum(map(len, cards))


def test_cards_are_empty_where_their_columns_are(many: Estate) -> None:
    needs = gaps.Needs({}, {"procedure": frozenset(), "standard": frozenset()})
    standing = many.session.scalars(select(Asset)).all()
    lacks = gaps.gaps_of(many.session, asset_ids=[one.id for one in standing], needs=needs)

    for one in standing:
        columns = {"zone": one.zone_id} | {
            name: getattr(one, name)
            for name in ("category", "maker", "model", "serial", "installed_on", "criticality", "photo")
        }
        if one.special:
            columns["registration"] = one.registration
        empty = {name for name, value in columns.items() if not value}
        assert set(lacks[one.id]) - {"procedure", "standard", "duty"} == empty


def test_what_is_searched_is_found_wherever_it_stands(many: Estate) -> None:
    session, site = many.session, many.site
    needs = gaps.needs_of(session, site_id=site.id)
    standing = session.scalars(
        select(Asset).where(Asset.site_id == site.id, Asset.retired_ms.is_(None))
    ).all()

    for text in ("泵", "e1", "PUMP", "_49", "0%", "a\\", "ÄB", "设备 泵", "e1 _", "lift 100%", "nothing"):
        where = register.condition(session, site, Asked(text=text), needs=needs, today=TODAY)
        rows, total = register.page(session, where, offset=0, limit=7)
        expected = [
            one.number
            for one in standing
            if all(
                any(word.lower() in str(getattr(one, name)).lower() for name in SEARCHED)
                for word in text.split()
            )
        ]
        expected.sort(key=lambda number: (len(number), number))
        assert (total, [one.number for one in rows]) == (len(expected), expected[:7]), text
        rest, again = register.page(session, where, offset=7, limit=200)
        assert (again, [one.number for one in rest]) == (len(expected), expected[7:]), text


def _paper(estate: Estate, kind: str) -> UUID:
    site = estate.site
    made = Document(
        id=uuid4(), organisation_id=site.organisation_id, site_id=site.id,
        kind=kind, name_zh=kind, name_en="",
        categories=["lift"] if kind == "standard" else [], sha256="0" * 64, mime="application/pdf", size=1,
        pages=[], added_by=None, added_ms=0,
    )  # fmt: skip
    estate.session.add(made)
    feed.queue(
        estate.session, feed.Change(site.organisation_id, site.id, "document", made.id, 1, "upsert", {})
    )
    return made.id


def _duty(asset: Asset, day: date, *, retired: bool) -> Duty:
    return Duty(
        id=uuid4(), organisation_id=asset.organisation_id, site_id=asset.site_id, asset_id=asset.id,
        kind="test", name_zh="检验", name_en="", every_months=12, anchor="done", first_on=day,
        remind_days=30, next_on=day, retired_ms=1 if retired else None,
    )  # fmt: skip
