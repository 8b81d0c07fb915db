"""Lay out every table of the first release, and the triggers that guard the ledger.

The triggers are written out here: a migration says for ever what it did, whatever later code says.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TRIGGERS = {
    "sqlite": [
        'CREATE TRIGGER "audit_no_update" BEFORE UPDATE ON "audit" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'audit is insert-only\'); END',
        'CREATE TRIGGER "audit_no_delete" BEFORE DELETE ON "audit" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'audit is insert-only\'); END',
        'CREATE TRIGGER "feed_no_update" BEFORE UPDATE ON "feed" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'feed is insert-only\'); END',
        'CREATE TRIGGER "feed_no_delete" BEFORE DELETE ON "feed" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'feed is insert-only\'); END',
        'CREATE TRIGGER "form_version_rises" BEFORE UPDATE ON "form" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'form.version must rise with every change\'); END',
        'CREATE TRIGGER "record_no_update" BEFORE UPDATE ON "record" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'record is insert-only\'); END',
        'CREATE TRIGGER "record_no_delete" BEFORE DELETE ON "record" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'record is insert-only\'); END',
        'CREATE TRIGGER "receipt_no_update" BEFORE UPDATE ON "receipt" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'receipt is insert-only\'); END',
        'CREATE TRIGGER "receipt_no_delete" BEFORE DELETE ON "receipt" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'receipt is insert-only\'); END',
        'CREATE TRIGGER "blob_no_update" BEFORE UPDATE ON "blob" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'blob is insert-only\'); END',
        'CREATE TRIGGER "blob_no_delete" BEFORE DELETE ON "blob" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'blob is insert-only\'); END',
        'CREATE TRIGGER "membership_version_rises" BEFORE UPDATE ON "membership" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'membership.version must rise with every change\'); END',
        'CREATE TRIGGER "route_version_rises" BEFORE UPDATE ON "route" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'route.version must rise with every change\'); END',
        'CREATE TRIGGER "plan_version_rises" BEFORE UPDATE ON "plan" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'plan.version must rise with every change\'); END',
        'CREATE TRIGGER "occurrence_version_rises" BEFORE UPDATE ON "occurrence" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'occurrence.version must rise with every change\'); END',
        'CREATE TRIGGER "site_version_rises" BEFORE UPDATE ON "site" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'site.version must rise with every change\'); END',
        'CREATE TRIGGER "checkpoint_version_rises" BEFORE UPDATE ON "checkpoint" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'checkpoint.version must rise with every change\'); END',
        'CREATE TRIGGER "asset_version_rises" BEFORE UPDATE ON "asset" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'asset.version must rise with every change\'); END',
        'CREATE TRIGGER "tag_version_rises" BEFORE UPDATE ON "tag" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'tag.version must rise with every change\'); END',
        'CREATE TRIGGER "team_version_rises" BEFORE UPDATE ON "team" FOR EACH ROW WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, \'team.version must rise with every change\'); END',
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION roundsman_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_TABLE_NAME || ' is insert-only'; END $$",
        'CREATE TRIGGER "audit_insert_only" BEFORE UPDATE OR DELETE ON "audit" FOR EACH ROW EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "audit_no_truncate" BEFORE TRUNCATE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "feed_insert_only" BEFORE UPDATE OR DELETE ON "feed" FOR EACH ROW EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "feed_no_truncate" BEFORE TRUNCATE ON "feed" FOR EACH STATEMENT EXECUTE FUNCTION roundsman_insert_only()',
        "CREATE OR REPLACE FUNCTION roundsman_version_must_rise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.version <= OLD.version THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_TABLE_NAME || '.version must rise with every change'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER "form_version_rises" BEFORE UPDATE ON "form" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "record_insert_only" BEFORE UPDATE OR DELETE ON "record" FOR EACH ROW EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "record_no_truncate" BEFORE TRUNCATE ON "record" FOR EACH STATEMENT EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "receipt_insert_only" BEFORE UPDATE OR DELETE ON "receipt" FOR EACH ROW EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "receipt_no_truncate" BEFORE TRUNCATE ON "receipt" FOR EACH STATEMENT EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "blob_insert_only" BEFORE UPDATE OR DELETE ON "blob" FOR EACH ROW EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "blob_no_truncate" BEFORE TRUNCATE ON "blob" FOR EACH STATEMENT EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "membership_version_rises" BEFORE UPDATE ON "membership" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "route_version_rises" BEFORE UPDATE ON "route" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "plan_version_rises" BEFORE UPDATE ON "plan" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "occurrence_version_rises" BEFORE UPDATE ON "occurrence" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "site_version_rises" BEFORE UPDATE ON "site" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "checkpoint_version_rises" BEFORE UPDATE ON "checkpoint" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "asset_version_rises" BEFORE UPDATE ON "asset" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "tag_version_rises" BEFORE UPDATE ON "tag" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
        'CREATE TRIGGER "team_version_rises" BEFORE UPDATE ON "team" FOR EACH ROW EXECUTE FUNCTION roundsman_version_must_rise()',
    ],
}


def upgrade() -> None:
    """Create the tables, then the triggers."""
    op.create_table(
        "audit",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "pos", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_site", "audit", ["organisation_id", "site_id", "pos"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "blob",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(length=20), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "blob_claim",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=True),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("damaged", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", "number", name=op.f("pk_blob_claim")),
    )
    op.create_index("ix_blob_claim_log", "blob_claim", ["log", "sha256"], unique=False)
    op.create_index("ix_blob_claim_photo", "blob_claim", ["organisation_id", "sha256"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("check_word", sa.String(length=20), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("heard_ms", sa.BigInteger(), nullable=True),
        sa.Column("clear_ms", sa.BigInteger(), nullable=True),
        sa.Column("app", sa.String(length=32), nullable=False),
        sa.Column("unsent_records", sa.BigInteger(), nullable=False),
        sa.Column("unsent_photos", sa.BigInteger(), nullable=False),
        sa.Column("unsent_oldest_wall", sa.BigInteger(), nullable=True),
        sa.Column("storage", sa.JSON(), nullable=False),
        sa.Column("capabilities", sa.JSON(), nullable=False),
        sa.Column("pin_failed", sa.BigInteger(), nullable=False),
        sa.Column("pin_wait_until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_organisation_id"), "device", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_device_site_id"), "device", ["site_id"], unique=False)
    op.create_table(
        "epoch",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_epoch")),
    )
    op.create_table(
        "feed",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("entity", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("op", sa.String(length=10), nullable=False),
        sa.Column("row", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "pos", name=op.f("pk_feed")),
        sa.UniqueConstraint("site_id", "kind", "entity", "version", name="uq_feed_version"),
    )
    op.create_index("ix_feed_scope", "feed", ["organisation_id", "site_id", "pos"], unique=False)
    op.create_table(
        "feed_head",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_feed_head")),
    )
    op.create_table(
        "finding",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("record_hash", sa.String(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("occurrence_id", sa.Uuid(), nullable=True),
        sa.Column("target_kind", sa.String(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("label", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_finding")),
    )
    op.create_index(
        "ix_finding_site_id_estimate_ms", "finding", ["site_id", "estimate_ms", "id"], unique=False
    )
    op.create_index(op.f("ix_finding_visit_id"), "finding", ["visit_id"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "ledger_head",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "private_part",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", "name", name=op.f("pk_private_part")),
    )
    op.create_table(
        "reading",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("target_kind", sa.String(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "visit_id", "field", name=op.f("pk_reading")),
    )
    op.create_index(
        "ix_reading_site_id_target_id", "reading", ["site_id", "target_id", "estimate_ms"], unique=False
    )
    op.create_table(
        "receipt",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("to_seq", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("sig", sa.String(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_receipt")),
    )
    op.create_table(
        "record",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("prev", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=True),
        sa.Column("tv", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("wall_ms", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sig", sa.String(), nullable=False),
        sa.Column("alg", sa.String(length=16), nullable=False),
        sa.Column("sig_prev", sa.String(), nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("receipt_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_by", sa.String(length=26), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("clock_wall", sa.BigInteger(), nullable=True),
        sa.Column("clock_mono", sa.BigInteger(), nullable=True),
        sa.Column("clock_boot", sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "ledger_pos", name=op.f("pk_record")),
        sa.UniqueConstraint("organisation_id", "hash", name="uq_record_hash"),
    )
    op.create_index("ix_record_log", "record", ["log", "seq"], unique=False)
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("wait_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("tried_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "verdict",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=True),
        sa.Column("trunk", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=True),
        sa.Column("upper_ms", sa.BigInteger(), nullable=True),
        sa.Column("quality", sa.String(length=1), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "ledger_pos", name=op.f("pk_verdict")),
    )
    op.create_index("ix_verdict_log", "verdict", ["log", "seq"], unique=False)
    op.create_index("ix_verdict_open", "verdict", ["organisation_id", "outcome", "site_id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("occurrence_id", sa.Uuid(), nullable=True),
        sa.Column("stop_id", sa.Uuid(), nullable=True),
        sa.Column("target_kind", sa.String(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("walk_on", sa.Boolean(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=True),
        sa.Column("tag_proof", sa.String(), nullable=False),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("answers_hash", sa.String(), nullable=True),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("form_edition", sa.BigInteger(), nullable=True),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("marked", sa.Boolean(), nullable=False),
        sa.Column("faulty", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_log_seq", "visit", ["log", "seq"], unique=False)
    op.create_index("ix_visit_occurrence_id", "visit", ["occurrence_id"], unique=False)
    op.create_index("ix_visit_site_id_estimate_ms", "visit", ["site_id", "estimate_ms", "id"], unique=False)
    op.create_table(
        "waiting",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.String(length=64), nullable=False),
        sa.Column("ledger_pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "needs", "ledger_pos", name=op.f("pk_waiting")),
    )
    op.create_table(
        "log",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("alg", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=True),
        sa.Column("previous_log", sa.String(length=26), nullable=True),
        sa.Column("max_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("settled_seq", sa.BigInteger(), nullable=False),
        sa.Column("settled_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_log_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log")),
    )
    op.create_index(op.f("ix_log_device_id"), "log", ["device_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("trade", sa.String(length=12), nullable=True),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("pin_failed", sa.BigInteger(), nullable=False),
        sa.Column("pin_wait_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("left_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_person_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_index("uq_person_number", "person", ["organisation_id", "number"], unique=True)
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("started_seq", sa.BigInteger(), nullable=False),
        sa.Column("started_hash", sa.String(length=64), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("failed_tries", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_shift_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint("started_hash", name=op.f("uq_shift_started_hash")),
    )
    op.create_index("ix_shift_device", "shift", ["device_id", "started_ms"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("day_start_min", sa.BigInteger(), nullable=False),
        sa.Column("quiet_lock_min", sa.BigInteger(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="site", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_site_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_site_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_index(op.f("ix_site_organisation_id"), "site", ["organisation_id"], unique=False)
    op.create_table(
        "console_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("fresh_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_console_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_console_session_token_hash")),
    )
    op.create_index(op.f("ix_console_session_person_id"), "console_session", ["person_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=True),
        sa.Column("check_word", sa.String(length=20), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_enrolment_device_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_enrolment_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_enrolment_code_hash")),
    )
    op.create_table(
        "form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="form", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_form_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_form_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
    )
    op.create_index(op.f("ix_form_site_id"), "form", ["site_id"], unique=False)
    op.create_table(
        "route",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("order", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="route", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_route_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_route_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
    )
    op.create_index(op.f("ix_route_site_id"), "route", ["site_id"], unique=False)
    op.create_table(
        "tag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("target_kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("print_no", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("short_code", sa.String(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="tag", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_tag_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_tag_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("organisation_id", "short_code", name=op.f("uq_tag_organisation_id_short_code")),
        sa.UniqueConstraint("organisation_id", "token_hash", name=op.f("uq_tag_organisation_id_token_hash")),
        sa.UniqueConstraint(
            "target_kind", "target_id", "print_no", name=op.f("uq_tag_target_kind_target_id_print_no")
        ),
    )
    op.create_index("ix_tag_site_id", "tag", ["site_id"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="team", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_team_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_team_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index(op.f("ix_team_site_id"), "team", ["site_id"], unique=False)
    op.create_table(
        "zone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["zone.id"], name=op.f("fk_zone_parent_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_zone_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
    )
    op.create_index(op.f("ix_zone_site_id"), "zone", ["site_id"], unique=False)
    op.create_table(
        "asset",
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("zone_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="asset", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_asset_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_asset_site_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_asset_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_asset_site_id_number")),
    )
    op.create_index(op.f("ix_asset_site_id"), "asset", ["site_id"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("zone_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="checkpoint", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_checkpoint_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_checkpoint_site_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_checkpoint_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_checkpoint_site_id_number")),
    )
    op.create_index(op.f("ix_checkpoint_site_id"), "checkpoint", ["site_id"], unique=False)
    op.create_table(
        "form_edition",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_form_edition_form_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_form_edition_site_id")),
        sa.PrimaryKeyConstraint("form_id", "edition", name=op.f("pk_form_edition")),
    )
    op.create_table(
        "membership",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=14), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="person", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "person_id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_membership_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_membership_site_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id")),
        sa.PrimaryKeyConstraint("person_id", "site_id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_site_id"), "membership", ["site_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("demand", sa.String(), nullable=True),
        sa.Column("crew", sa.BigInteger(), nullable=False),
        sa.Column("grace_min", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="plan", nullable=False),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"], name=op.f("fk_plan_route_id")),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_plan_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_plan_site_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_plan_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_site_id"), "plan", ["site_id"], unique=False)
    op.create_table(
        "route_edition",
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("stops", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"], name=op.f("fk_route_edition_route_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_route_edition_site_id")),
        sa.PrimaryKeyConstraint("route_id", "version", name=op.f("pk_route_edition")),
    )
    op.create_index(op.f("ix_route_edition_site_id"), "route_edition", ["site_id"], unique=False)
    op.create_table(
        "stop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("target_kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("removed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_stop_form_id")),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"], name=op.f("fk_stop_route_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stop_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
    )
    op.create_index("ix_stop_route_id", "stop", ["route_id", "number"], unique=False)
    op.create_table(
        "cutting",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_cutting_plan_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cutting_site_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_cutting")),
    )
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("to_ms", sa.BigInteger(), nullable=False),
        sa.Column("grace_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.Column("fed", sa.Boolean(), nullable=False),
        sa.Column("excused_why", sa.String(), nullable=True),
        sa.Column("excused_by", sa.Uuid(), nullable=True),
        sa.Column("excused_ms", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="occurrence", nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_occurrence_plan_id")),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_occurrence_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_occurrence_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
    )
    op.create_index("ix_occurrence_fed_to_ms", "occurrence", ["fed", "to_ms"], unique=False)
    op.create_index(op.f("ix_occurrence_plan_id"), "occurrence", ["plan_id"], unique=False)
    op.create_index("ix_occurrence_site_id_from_ms", "occurrence", ["site_id", "from_ms"], unique=False)
    op.create_table(
        "plan_edition",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("crew", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_edition_plan_id")),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"], name=op.f("fk_plan_edition_route_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_plan_edition_site_id")),
        sa.PrimaryKeyConstraint("plan_id", "version", name=op.f("pk_plan_edition")),
    )
    op.create_index(op.f("ix_plan_edition_site_id"), "plan_edition", ["site_id"], unique=False)
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    """Drop everything; all data is lost. The tables' triggers go with them."""
    op.drop_index(op.f("ix_plan_edition_site_id"), table_name="plan_edition")
    op.drop_table("plan_edition")
    op.drop_index("ix_occurrence_site_id_from_ms", table_name="occurrence")
    op.drop_index(op.f("ix_occurrence_plan_id"), table_name="occurrence")
    op.drop_index("ix_occurrence_fed_to_ms", table_name="occurrence")
    op.drop_table("occurrence")
    op.drop_table("cutting")
    op.drop_index("ix_stop_route_id", table_name="stop")
    op.drop_table("stop")
    op.drop_index(op.f("ix_route_edition_site_id"), table_name="route_edition")
    op.drop_table("route_edition")
    op.drop_index(op.f("ix_plan_site_id"), table_name="plan")
    op.drop_table("plan")
    op.drop_index(op.f("ix_membership_site_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_table("form_edition")
    op.drop_index(op.f("ix_checkpoint_site_id"), table_name="checkpoint")
    op.drop_table("checkpoint")
    op.drop_index(op.f("ix_asset_site_id"), table_name="asset")
    op.drop_table("asset")
    op.drop_index(op.f("ix_zone_site_id"), table_name="zone")
    op.drop_table("zone")
    op.drop_index(op.f("ix_team_site_id"), table_name="team")
    op.drop_table("team")
    op.drop_index("ix_tag_site_id", table_name="tag")
    op.drop_table("tag")
    op.drop_index(op.f("ix_route_site_id"), table_name="route")
    op.drop_table("route")
    op.drop_index(op.f("ix_form_site_id"), table_name="form")
    op.drop_table("form")
    op.drop_table("enrolment")
    op.drop_index(op.f("ix_console_session_person_id"), table_name="console_session")
    op.drop_table("console_session")
    op.drop_index(op.f("ix_site_organisation_id"), table_name="site")
    op.drop_table("site")
    op.drop_index("ix_shift_device", table_name="shift")
    op.drop_table("shift")
    op.drop_index("uq_person_number", table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_log_device_id"), table_name="log")
    op.drop_table("log")
    op.drop_table("waiting")
    op.drop_index("ix_visit_site_id_estimate_ms", table_name="visit")
    op.drop_index("ix_visit_occurrence_id", table_name="visit")
    op.drop_index("ix_visit_log_seq", table_name="visit")
    op.drop_table("visit")
    op.drop_index("ix_verdict_open", table_name="verdict")
    op.drop_index("ix_verdict_log", table_name="verdict")
    op.drop_table("verdict")
    op.drop_table("throttle")
    op.drop_index("ix_record_log", table_name="record")
    op.drop_table("record")
    op.drop_table("receipt")
    op.drop_index("ix_reading_site_id_target_id", table_name="reading")
    op.drop_table("reading")
    op.drop_table("private_part")
    op.drop_table("organisation")
    op.drop_table("ledger_head")
    op.drop_table("lease")
    op.drop_index(op.f("ix_finding_visit_id"), table_name="finding")
    op.drop_index("ix_finding_site_id_estimate_ms", table_name="finding")
    op.drop_table("finding")
    op.drop_table("feed_head")
    op.drop_index("ix_feed_scope", table_name="feed")
    op.drop_table("feed")
    op.drop_table("epoch")
    op.drop_index(op.f("ix_device_site_id"), table_name="device")
    op.drop_index(op.f("ix_device_organisation_id"), table_name="device")
    op.drop_table("device")
    op.drop_index("ix_blob_claim_photo", table_name="blob_claim")
    op.drop_index("ix_blob_claim_log", table_name="blob_claim")
    op.drop_table("blob_claim")
    op.drop_table("blob")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_site", table_name="audit")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION roundsman_version_must_rise()")
        op.execute("DROP FUNCTION roundsman_insert_only()")
