"""Breakages of the server and of the protocol that both sides share."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

SERVER = (
    # -- what a power cut takes -------------------------------------------------------------------
    Mutant(
        "SQLite commits without waiting for the disk",
        "server/db.py",
        '"synchronous=FULL",',
        '"synchronous=NORMAL",',
        "tests/api/keeping/test_witness.py::test_the_server_does_not_start_on_a_database_that_forgets",
    ),
    Mutant(
        "the start does not ask whether the database is durable",
        "server/db.py",
        'raise UnsafeDatabase("PostgreSQL synchronous_commit is off")',
        "pass",
        "tests/api/keeping/test_witness.py::test_an_asynchronous_commit_keeps_the_server_from_starting",
    ),
    Mutant(
        "pieces of a photo are not fsynced",
        "server/ledger/blobs/files.py",
        "            os.fsync(self._handle)\n        except",
        "        except",
        "tests/api/ledger/test_pieces.py::test_a_piece_is_durable_before_its_offset_is_told",
    ),
    Mutant(
        "a photo's name is not fsynced",
        "server/ledger/blobs/files.py",
        '        faults.at("blob.after_rename")\n        sync_folder(target.parent)',
        '        faults.at("blob.after_rename")',
        "tests/api/ledger/test_blobs.py::test_the_file_is_durable_before_the_row_says_so",
    ),
    Mutant(
        "a push is answered before it is committed",
        "server/ledger/views/records.py",
        '    feed.commit(session, now_ms=now)\n    faults.at("push.after_commit")\n',
        "    session.rollback()\n",
        "tests/api/ledger/test_push.py::test_a_batch_is_stored_byte_for_byte_and_applied",
    ),
    Mutant(
        "writers on SQLite do not wait in a line",
        "server/db.py",
        "        connection.line = line\n",
        "",
        "tests/unit/server/test_waiting.py::test_writers_write_in_the_order_in_which_they_came",
    ),
    Mutant(
        "pushes on PostgreSQL do not wait in a line",
        "server/ledger/store.py",
        "    wait_in_line(session, caller.organisation_id)\n",
        "",
        "tests/api/ledger/test_in_line.py::test_a_push_waits_in_the_line_for_its_place_in_the_ledger",
    ),
    # -- exactly once ------------------------------------------------------------------------------
    Mutant(
        "nothing looks for what is stored already",
        "server/ledger/push.py",
        "        if item.hash not in known:\n            new.setdefault(item.hash, item)",
        "        new.setdefault(item.hash, item)",
        "tests/api/ledger/test_push.py::test_the_same_batch_again_is_a_duplicate_and_changes_nothing",
    ),
    Mutant(
        "no unique hash",
        "server/ledger/models.py",
        '        UniqueConstraint("organisation_id", "hash", name="uq_record_hash"),\n',
        "",
        "tests/migrations/test_migrations.py::test_the_migrations_make_what_the_models_declare",
    ),
    Mutant(
        "a batch counts a record twice",
        "server/ledger/push.py",
        "new.setdefault(item.hash, item)",
        "new[f'{item.hash}{len(new)}'] = item",
        "tests/api/ledger/test_push.py::test_a_record_twice_in_one_batch_counts_once",
    ),
    # -- what may be believed ----------------------------------------------------------------------
    Mutant(
        "signatures are not checked",
        "server/ledger/push.py",
        "        check_signatures(at_hand.logs[name], group)\n",
        "",
        "tests/api/ledger/test_push.py::test_a_bad_signature_is_kept_in_quarantine",
    ),
    Mutant(
        "a good signature vouches also for what comes after it",
        "sync/chain.py",
        "        for link in reversed(run):",
        "        for link in run:",
        "tests/unit/sync/test_chain.py::test_a_record_is_bad_when_no_good_signature_stands_at_it_or_after",
    ),
    Mutant(
        "a chain that was altered counts as one run",
        "sync/chain.py",
        "link.seq == cut[-1][-1].seq + 1 and link.prev == cut[-1][-1].hash",
        "link.seq == cut[-1][-1].seq + 1",
        "tests/unit/sync/test_chain.py::test_an_edited_record_breaks_the_run_and_the_chain",
    ),
    Mutant(
        "the proof of a request is not checked",
        "server/ledger/wire.py",
        "    if not _signed(proof, caller.public_key, request, sent):\n        raise ProofWrong()\n",
        "",
        "tests/api/ledger/test_wire.py::test_a_proof_covers_method_path_and_body",
    ),
    Mutant(
        "a proof is good for ever",
        "server/ledger/wire.py",
        "    if not nonce_is_fresh(key, proof.nonce, now_ms):\n        raise ProofStale()\n",
        "",
        "tests/api/ledger/test_wire.py::test_a_stale_proof_gets_a_fresh_nonce_with_which_it_is_repeated",
    ),
    Mutant(
        "anybody may speak in another phone's name",
        "server/ledger/push.py",
        "            if not carried.can_be_carried(log, item):\n                log = None",
        "            pass",
        "tests/api/ledger/test_carried.py::test_a_weak_logs_records_are_taken_from_their_own_phone_only",
    ),
    Mutant(
        "who brings a record lends it his clock",
        "server/ledger/push.py",
        "            item.after = None  # the clocks of who brings it say nothing about it\n",
        "",
        "tests/api/ledger/test_carried.py::test_the_bringers_clock_says_nothing_about_when_it_was",
    ),
    # -- one bad record ----------------------------------------------------------------------------
    Mutant(
        "a projection that breaks takes the push with it",
        "server/ledger/projection.py",
        "        if trouble_of(error) is not None:\n            raise",
        "        raise",
        "tests/api/ledger/test_turns.py::test_a_projection_that_breaks_stops_no_other_record",
    ),
    Mutant(
        "a database that is away is taken for the record's fault",
        "server/ledger/projection.py",
        "        if trouble_of(error) is not None:\n            raise",
        "        if False:\n            raise",
        "tests/api/ledger/test_kept.py::test_a_database_that_is_away_fails_the_push_and_quarantines_nothing",
    ),
    # -- insert-only ---------------------------------------------------------------------------------
    Mutant(
        "records may be altered in the database",
        "server/migrations/versions/20261124_0001_first_tables.py",
        'CREATE TRIGGER "record_no_update" BEFORE UPDATE ON "record" FOR EACH ROW BEGIN'
        " SELECT RAISE(ABORT, \\'record is insert-only\\'); END",
        'CREATE TRIGGER "record_no_update" BEFORE UPDATE ON "record" FOR EACH ROW BEGIN SELECT 1; END',
        "tests/api/ledger/test_kept.py::test_what_was_written_can_neither_change_nor_go",
    ),
    Mutant(
        "INSERT OR REPLACE passes the triggers",
        "server/db.py",
        '            "recursive_triggers=ON",  # else INSERT OR REPLACE passes a delete trigger\n',
        "",
        "tests/api/ledger/test_kept.py::test_what_was_written_can_neither_change_nor_go",
    ),
    Mutant(
        "a record counts as archived before its photo is",
        "server/keeping/backup.py",
        "        through[log] = min(covered, unstored.get(log, covered + 1) - 1)",
        "        through[log] = covered",
        "tests/api/keeping/test_backup.py"
        "::test_a_record_whose_photo_is_not_in_the_backup_yet_is_not_archived",
    ),
    # -- the feed -----------------------------------------------------------------------------------
    Mutant(
        "a sequence instead of the locked counter",
        "server/feed/service.py",
        "    head = session.execute(\n        update(FeedHead)",
        "    head = Session(session.get_bind().engine).execute(\n        update(FeedHead)",
        "tests/api/feed/test_race.py::test_twelve_writers_in_three_organisations_and_not_one_row_is_skipped",
    ),
    Mutant(
        "no chain in the cursor",
        "server/feed/reading.py",
        "    if place.chain != (ZERO_HASH if place.pos == 0 else feed.chain_at):",
        "    if False:",
        "tests/simulation/test_wrong_ideas.py"
        "::test_a_position_without_its_chain_takes_another_history_for_its_own",
    ),
    Mutant(
        "no epoch in the cursor",
        "server/feed/reading.py",
        '    if place.epoch != feed.epoch:\n        raise reset("epoch")\n',
        "",
        "tests/api/feed/test_pull.py::test_a_restored_server_has_another_history",
    ),
    Mutant(
        "a cursor below the horizon is good",
        "server/feed/reading.py",
        '    if place.pos < feed.horizon:\n        raise reset("horizon")\n',
        "",
        "tests/api/feed/test_compaction.py::test_a_cursor_at_the_horizon_is_still_good_and_one_below_is_not",
    ),
    Mutant(
        "an empty page leaves the cursor where it was",
        "server/feed/reading.py",
        "    last = (found[-1].pos, found[-1].chain) if more else (feed.pos, feed.chain)",
        "    last = (found[-1].pos, found[-1].chain) if found else (at.pos, at.chain)",
        "tests/api/feed/test_pull.py::test_a_feed_full_of_other_sites_moves_the_cursor_on",
    ),
    Mutant(
        "every site's rows come to every phone",
        "server/feed/reading.py",
        '        FeedRow.site_id.in_(bindparam("scopes", expanding=True)),\n        FeedRow.pos >',
        "        FeedRow.pos >",
        "tests/api/feed/test_pull.py::test_a_phone_gets_its_sites_rows_and_no_others",
    ),
    # -- whose rows ------------------------------------------------------------------------------------
    Mutant(
        "a transaction does not say for whom it is",
        "server/tenancy.py",
        '    if who and not transaction.nested and connection.dialect.name == "postgresql":',
        "    if False:",
        "tests/edge/test_row_security.py"
        "::test_a_session_sees_its_organisation_alone_in_each_of_its_transactions",
    ),
    Mutant(
        "whoever was told nothing sees everything",
        "server/migrations/versions/20261129_0009_row_security.py",
        "OR (SELECT {SETTING} = '*'))",
        "OR (SELECT COALESCE({SETTING}, '') IN ('', '*')))",
        "tests/edge/test_row_security.py::test_who_was_told_nothing_sees_nothing_of_any_table",
    ),
    Mutant(
        "row security spares the owner of the tables",
        "server/migrations/versions/20261129_0009_row_security.py",
        """        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')\n""",
        "",
        "tests/edge/test_row_security.py"
        "::test_every_table_of_an_organisation_is_covered_also_against_its_owner",
    ),
    Mutant(
        "a look across does not end",
        "server/tenancy.py",
        "    finally:\n        _become(session, before)",
        "    finally:\n        pass",
        "tests/edge/test_row_security.py::test_a_look_across_ends_where_it_ends_whatever_happens",
    ),
    # -- the edge -----------------------------------------------------------------------------------------
    Mutant(
        "any host is ours",
        "server/edge.py",
        "        if host not in others and _without_port(host) not in others:",
        "        if False:",
        "tests/edge/test_requests.py::test_a_host_that_nobody_named_is_not_answered",
    ),
    Mutant(
        "a body is read to its end before it is measured",
        "server/http.py",
        "        req.max_content_length = MAX_JSON_BYTES + 1",
        "        req.max_content_length = 2**40",
        "tests/edge/test_requests.py::test_a_body_that_is_too_long_is_not_read",
    ),
    Mutant(
        "a proxy is believed that nobody named",
        "server/edge.py",
        "    if settings.trusted_proxies:\n        n = settings.trusted_proxies",
        "    if True:\n        n = max(1, settings.trusted_proxies)",
        "tests/edge/test_requests.py::test_without_a_proxy_nobody_is_believed_about_others",
    ),
    Mutant(
        "a photo is not decoded",
        "server/ledger/blobs/drawer.py",
        "        image.load()\n",
        "",
        "tests/edge/test_photos.py::test_data_that_cannot_be_decoded_make_a_photo_unreadable",
    ),
    Mutant(
        "the decoder takes what memory it wants",
        "server/ledger/blobs/drawer.py",
        "    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))\n",
        "",
        "tests/edge/test_photos.py::test_memory_and_time_of_the_decoder_are_bounded",
    ),
    Mutant(
        "a phone believes whatever key it is told",
        "sync/succession.py",
        "        if said is not None and said.old == known:",
        "        if said is not None:",
        "tests/edge/test_rotation.py::test_a_phone_believes_no_key_that_its_own_does_not_vouch_for",
    ),
    Mutant(
        "weak secrets will do",
        "server/secrets.py",
        "    if is_weak(value):",
        "    if len(value) != BYTES:",
        "tests/edge/test_rotation.py::test_a_secret_that_is_not_random_stops_the_start",
    ),
    Mutant(
        "a body may take as long as it likes",
        "server/arrival.py",
        "        return min(self.grace_s + size / self.rate, self.most_s)",
        "        return 3_600",
        "tests/unit/server/test_arrival.py::test_how_long_a_body_may_take_grows_with_what_has_come_and_has_an_end",
    ),
    Mutant(
        "half a body is a body",
        "server/arrival.py",
        "        if announced is not None and size < announced:",
        "        if False:",
        "tests/unit/server/test_arrival.py::test_what_ends_before_its_length_never_reaches_the_application",
    ),
    Mutant(
        "periodic work judges while a push does",
        "server/ledger/logs.py",
        "    wait_in_line(session, log.organisation_id)  # no push may miss what is settled now\n",
        "",
        "tests/api/ledger/test_two_at_once.py::test_periodic_work_and_a_push_do_not_miss_each_other",
    ),
    # -- time ---------------------------------------------------------------------------------------
    Mutant(
        "a record may be older than the one before it",
        "sync/clocks.py",
        "    lower = _highest(anchor.server_ms if anchor else None, floor)\n    upper",
        "    lower = anchor.server_ms if anchor else None\n    upper",
        "tests/unit/sync/test_clocks.py::test_the_bounds_hold_the_estimate_and_are_monotone_along_a_chain",
    ),
    Mutant(
        "a clock that is right again was never wrong",
        "sync/clocks.py",
        "    if _denied(estimate, t, anchor, received_ms, after):",
        "    if False:",
        "tests/unit/sync/test_clocks.py::test_an_interval_is_as_the_protocol_says",
    ),
    Mutant(
        "the estimate may leave its bounds",
        "sync/clocks.py",
        "        estimate = max(estimate, lower)",
        "        pass",
        "tests/unit/sync/test_clocks.py::test_the_bounds_hold_the_estimate_and_are_monotone_along_a_chain",
    ),
)
