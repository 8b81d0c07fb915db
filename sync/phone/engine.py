"""The round: hello → push until drained → pull → compare what is kept → photos.

What the server holds is believed by one thing only: an outcome in a valid answer that
echoes the nonce. Whatever else happens, a round can be broken off anywhere and begun
again.
"""

from __future__ import annotations

from sync import messages
from sync.messages import Head, HelloAnswer, HelloRequest, Unsent
from sync.phone import leaving, ports
from sync.phone.api import NoAnswer
from sync.phone.healing import check_kept, heal
from sync.phone.logs import ensure_key
from sync.phone.moving import follow_site
from sync.phone.pulling import pull
from sync.phone.pushing import ALONE_TRIES, push
from sync.phone.retention import forget_erased, prune
from sync.phone.rig import Rig, RoundReport
from sync.phone.saving import current
from sync.phone.uploads import upload_waiting

__all__ = ["ALONE_TRIES", "Engine", "RoundReport"]


class Engine:
    """Brings a store and the server together, one round at a time."""

    def __init__(self, rig: Rig, locks: ports.Locks) -> None:
        self._rig = rig
        self._locks = locks

    def round(self) -> RoundReport:
        """Do one round and say how far it came. Nothing that the network does raises."""
        report = RoundReport()
        with self._locks.hold("sync") as held:
            if not held:
                report.reason = "busy"
                return report
            try:
                self._steps(report)
            except NoAnswer as none:
                report.reason = none.slug or none.reason
                report.status = none.status
                report.retry_after_s = none.retry_after_s
        if report.complete and not report.wiped:
            self._rig.store.set_meta("last_round_wall", str(self._rig.clock.wall()))
        return report

    def _steps(self, report: RoundReport) -> None:
        rig = self._rig
        report.rotated = ensure_key(rig.store, rig.saver, rig.crypto)
        hello = self._greet(report)
        rig.store.set_meta("leaving", "1" if hello is None or hello.device.uploads_only else None)
        if hello is None:
            # The phone belongs to the site no more. What is to be said is said all the same.
            if self._say_all(report):
                self._leave(report)
            return
        report.device_state = hello.device.state
        if hello.device.state == "active":
            heal(rig, hello, log=self._greeted, report=report)
        if push(rig, report):
            report.reason = "later"
            return
        if hello.device.state != "active":
            report.reason = f"device-{hello.device.state}"
            return
        if hello.device.uploads_only:
            self._drain(report, hello.epoch)
            return
        if not hello.advice.pull:
            # Under load the server takes what there is and asks to come again for what comes down.
            report.reason = "later"
            return
        pull(rig, report)
        check_kept(rig, hello.epoch, report)
        if not self._say_all(report):
            report.reason = "later"
            return
        forget_erased(rig.store)
        prune(rig.store, log=self._greeted, archived_through=hello.log.archived_through)
        report.complete = True

    def _drain(self, report: RoundReport, epoch: str) -> None:
        """Hand over the rest: nothing comes down to a phone that leaves."""
        rig = self._rig
        check_kept(rig, epoch, report)
        if not self._say_all(report):
            report.reason = "later"
            return
        report.device_state = "draining"
        report.complete = True
        self._leave(report)

    def _say_all(self, report: RoundReport) -> bool:
        """Send every record and photo that waits; False when the server put some off."""
        rig = self._rig
        if push(rig, report):
            return False
        for _sha256 in upload_waiting(rig.store, rig.api, rig.saver, between=lambda: push(rig, report)):
            report.photos += 1
        return True

    def _leave(self, report: RoundReport) -> None:
        """Ask what is wanted of a phone that leaves, and do it.

        A phone that was revoked is not greeted, and learns only here that the server was set back:
        what was lost with that goes up again before anything is wiped. Nobody need have said that it
        was: before it wipes itself it asks for every record once more.
        """
        rig = self._rig
        answer = leaving.ask(rig)
        if answer is None:
            return
        before = report.again
        if answer.wipe is not None:
            rig.ask_about_all()
        check_kept(rig, answer.epoch, report)
        if report.again > before and push(rig, report):
            return
        for _sha256 in upload_waiting(rig.store, rig.api, rig.saver):
            report.photos += 1
        leaving.obey(rig, answer, report)

    def _greet(self, report: RoundReport) -> HelloAnswer | None:
        """Say hello; None when the phone was revoked.

        A log that the server does not know is opened first, with its first record.
        """
        try:
            return self._hello()
        except NoAnswer as none:
            if none.slug == "device-revoked":
                report.reason = none.slug
                return None
            opening = self._rig.store.record_at(self._greeted, 1)
            if none.slug != "unknown-log" or opening is None:
                raise
        if opening.stored:  # the server knew this log once: it was set back
            self._rig.ask_about_all()
        self._rig.store.mark_unsent([opening.hash])
        push(self._rig, report, only=opening.hash)
        return self._hello()

    def _hello(self) -> HelloAnswer:
        rig = self._rig
        head = current(rig.store)
        self._greeted = head.log
        clock = rig.request_clock()
        request = HelloRequest(
            proto=1,
            nonce=rig.api.new_nonce(),
            log=head.log,
            head=Head(head.seq, head.hash),
            oldest=rig.store.oldest_seq(head.log),
            app=rig.app,
            clock=clock,
            unsent=Unsent(
                records=rig.store.count_unsent(),
                photos=len(rig.store.uploads(state="waiting")),
                oldest_wall=rig.store.oldest_unsent_wall(),
            ),
            storage=messages.Storage(persisted=None, usage=None, quota=None),
        )
        answer = rig.api.call("hello", request, HelloAnswer, log=head.log)
        rig.limits = answer.limits
        rig.follow_key(answer.server_keys)
        rig.keep_anchor(head.log, answer.anchor, clock)
        follow_site(rig, answer.device.site)
        return answer
