"""Breakages of the phone: the app in TypeScript, and the phone in Python."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

PHONE = (
    # -- the store ------------------------------------------------------------------------------------
    Mutant(
        "relaxed durability",
        "pwa/src/db/connection.ts",
        "{ durability: 'strict' }",
        "{ durability: 'relaxed' }",
        "src/db/store.test.ts > every write asks for the disk before it counts as done",
    ),
    Mutant(
        "the head is not compared when a record is saved",
        "pwa/src/db/log.ts",
        "          if (!(await headIs(tx, expected))) return false;\n          await place(tx, row);",
        "          await place(tx, row);",
        "src/sync/round.test.ts > saves that race never take the same place",
    ),
    Mutant(
        "no reserve for records",
        "pwa/src/db/room.ts",
        "    await tx.objectStore('meta').delete('ballast');\n    return isThere;",
        "    return false;",
        "src/db/store.test.ts > for a record: the ballast goes first, and the record is saved",
    ),
    Mutant(
        "a step that was written is written again after a lost connection",
        "pwa/src/db/log.ts",
        "          if (await alreadyIn(tx, row)) return true;\n",
        "",
        "src/db/store.test.ts > just after the record was written: the repeat does not write it twice",
    ),
    # -- what counts as an answer ------------------------------------------------------------------
    Mutant(
        "any answer with a 200 counts",
        "pwa/src/sync/api.ts",
        "    return value && echoes ? { ok: true, value: value.value } : noAnswer('server', 200);",
        "    return value ? { ok: true, value: value.value } : noAnswer('server', 200);",
        "src/sync/push.test.ts > to a push: nothing is taken for received, and the next round mends it",
    ),
    Mutant(
        "receipts are not verified",
        "pwa/src/protocol/receipts.ts",
        "  if (!(await verifyText(crypto, publicKey, `fieldsync/1 receipt\\n${body}`, sig))) return null;\n",
        "  await verifyText(crypto, publicKey, body, sig);\n",
        "src/protocol/vectors.test.ts > receipts and anchors",
    ),
    Mutant(
        "what the server put off counts as stored",
        "pwa/src/db/log.ts",
        "          if (row && isStored(outcome)) await",
        "          if (row) await",
        "src/sync/push.test.ts > what the server puts off stays unsent",
    ),
    Mutant(
        "redirects are followed",
        "pwa/src/sync/ports-browser.ts",
        "        redirect: 'manual',",
        "        redirect: 'follow',",
        "src/sync/ports-browser.test.ts > sends no cookie, reads no cache, follows no redirect",
    ),
    Mutant(
        "a record is sent whatever its bytes are",
        "pwa/src/sync/push.ts",
        "    if ((await recordHash(phone.crypto, row.body)) !== row.hash) {",
        "    if (false as boolean) {",
        "src/sync/outbox.test.ts"
        " > a record whose bytes changed in the store is set aside, and the rest goes on",
    ),
    # -- healing ---------------------------------------------------------------------------------------
    Mutant(
        "a restored phone goes on under its old numbers",
        "pwa/src/sync/healing.ts",
        "  if (server.max_seq > head.seq) return true;\n  const mine",
        "  if (server.max_seq > 0) return false;\n  const mine",
        "src/sync/healing.test.ts > a phone that was set back opens a new log that the old key vouches for,"
        " and loses nothing",
    ),
    Mutant(
        "hello by numbers only",
        "pwa/src/sync/healing.ts",
        "  if (!(await isDue(phone))) return { ok: true, value: 0 };",
        "  return { ok: true, value: 0 };",
        "src/testing/simulation/directed.test.ts > is found by its hash, for no number shows it",
    ),
    Mutant(
        "a server that was set back is not noticed",
        "pwa/src/sync/healing.ts",
        "  const gone = await phone.store.storedIn(log, [...server.missing, above]);",
        "  const gone = await phone.store.storedIn(log, [...server.missing, above].slice(2));",
        "src/sync/healing.test.ts > a server that was set back gets everything again, each once, photos too",
    ),
    Mutant(
        "a server's wish to wait has no bounds",
        "pwa/src/sync/backoff.ts",
        "  const asked = Math.min(Math.max(retryAfterS, LEAST_RETRY_AFTER_S), MOST_RETRY_AFTER_S) * 1_000;",
        "  const asked = retryAfterS * 1_000;",
        "src/sync/engine.test.ts > keeps what a server asks for within five seconds and half an hour",
    ),
    Mutant(
        "phones that failed together come back together",
        "pwa/src/sync/backoff.ts",
        "  const own = Math.floor(share * most);",
        "  const own = most;",
        "src/sync/engine.test.ts > spreads over the whole of a wait that doubles up to a quarter of an hour",
    ),
    Mutant(
        "hello by numbers only, in Python",
        "sync/phone/healing.py",
        "    return abs(rig.clock.wall() - int(last)) >= HAVE_EVERY_MS",
        "    return False",
        "tests/simulation/test_wrong_ideas.py::test_once_a_day_what_no_number_shows_is_found_missing",
    ),
)
