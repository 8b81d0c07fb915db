"""Breakages of the service desk, of work orders, and of what goes between them and the phones."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

FOLD = "tests/unit/server/test_request_fold.py"
DEADLINES = "tests/unit/server/test_deadlines.py"
ON_ORDERS = "tests/api/requests/test_on_orders.py"
VECTORS = "tests/unit/sync/test_orders.py::test_what_becomes_of_an_order"

DESK = (
    # -- requests ----------------------------------------------------------------------------------
    Mutant(
        "a request that somebody follows is taken by another",
        "server/requests/fold.py",
        "    if state.owner is not None or state.ended:\n",
        "    if state.ended:\n",
        f"{FOLD}::test_who_was_asked_first_follows_it_until_another_accepts",
    ),
    Mutant(
        "a request is accepted by one to whom nobody offered it",
        "server/requests/fold.py",
        "    if state.offered_to is None or state.offered_to != event.person:\n",
        "    if state.offered_to is None:\n",
        f"{FOLD}::test_who_was_asked_first_follows_it_until_another_accepts",
    ),
    Mutant(
        "deadlines of a request do not begin anew when somebody is not satisfied",
        "server/requests/fold.py",
        "        since_ms=event.at_ms,\n        arrived_ms=None,\n",
        "        arrived_ms=None,\n",
        f"{FOLD}::test_deadlines_run_from_the_last_no_and_nothing_before_it_counts_for_them",
    ),
    Mutant(
        "a request is done while one of its orders is open",
        "server/requests/fold.py",
        '    if state.ended or "open" in state.orders.values() or state.state == "done":\n',
        '    if state.ended or state.state == "done":\n',
        f"{FOLD}::test_it_is_done_by_work_only_when_no_order_of_it_is_open",
    ),
    Mutant(
        "erasing a request leaves its words on the order",
        "server/requests/service/erasing.py",
        '        orders.forget_words(session, order.id, title=title_of(request, ""), now_ms=now_ms)\n',
        "        pass\n",
        f"{ON_ORDERS}::test_words_and_photos_go_to_the_phones_with_the_order_and_from_there_when_erased",
    ),
    Mutant(
        "a phone gets photos of requests that no order shows",
        "server/requests/service/photos.py",
        "        if orders.is_shown(session, site_id=photo.site_id, source_ids=asked, sha256=sha256):\n",
        "        if asked:\n",
        f"{ON_ORDERS}::test_a_photo_reaches_phones_only_while_an_order_of_theirs_shows_it",
    ),
    # -- work orders -------------------------------------------------------------------------------
    Mutant(
        "what was done on a cancelled order is no conflict",
        "sync/orders/records.py",
        '            self._conflict("done_cancelled", event.id, self._cancelling())\n',
        "            pass\n",
        VECTORS,
    ),
    Mutant(
        "two orders for the same thing are no conflict",
        "sync/orders/office.py",
        '        self._conflict("doubled", act.id, None)\n',
        "",
        VECTORS,
    ),
    Mutant(
        "the office opens an order again beside the one that took its place",
        "server/orders/service/doubling.py",
        '        raise OrderReplaced(f"{other.name} is under way", number=other.name)\n',
        "        return\n",
        "tests/api/orders/test_doubles.py::test_what_was_cancelled_for_another_is_not_opened_again_beside_it",
    ),
    Mutant(
        "the night counts for a word every four hours",
        "server/orders/deadlines/judging.py",
        '    if clause.in_hours and clause.unit in ("minutes", "hours"):\n        waits',
        "    if False:\n        waits",
        f"{DEADLINES}::test_nobody_is_asked_for_a_word_at_night",
    ),
    Mutant(
        "a pause puts no deadline off",
        "server/orders/deadlines/judging.py",
        "            due_ms += end - max(from_ms, begin_ms)\n",
        "            pass\n",
        f"{DEADLINES}::test_what_waits_for_parts_is_put_off_by_that_time",
    ),
    Mutant(
        "an arrival whose time is not known counts as in time",
        "server/orders/deadlines/judging.py",
        '        return "late" if self.lower is not None and self.lower > due_ms else "unproven"\n',
        '        return "late" if self.lower is not None and self.lower > due_ms else "met"\n',
        f"{DEADLINES}::test_an_arrival_is_judged_as_surely_as_its_time_is_known",
    ),
    # -- on the phone ------------------------------------------------------------------------------
    Mutant(
        "photos of whoever asked are not fetched large",
        "pwa/src/sync/pictures.ts",
        "    ...asked.filter((photo) => photo.isGoing).map((photo) => photo.sha256),\n",
        "",
        "src/sync/pictures.test.ts > of who asked for an order come small first, "
        "the large ones while there is work, and go with the order",
    ),
    Mutant(
        "a phone offers to correct orders that others have",
        "pwa/src/state/orders.ts",
        "  return shareOf(view, worker) !== 'others' || leads(worker) || ",
        "  return shareOf(view, worker) !== null || leads(worker) || ",
        "src/screens/order/order.test.tsx > "
        "an order in other hands is not corrected, and one that is done neither",
    ),
)
