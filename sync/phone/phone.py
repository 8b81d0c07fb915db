"""A phone: join, sign in, walk, send. What a person does, one method each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync import forms, messages
from sync.enrolment import (
    EnrolAnswer,
    EnrolRequest,
    EnrolStateAnswer,
    EnrolStateRequest,
    check_word,
    enrol_message,
)
from sync.geo import Geo, geo_value
from sync.phone import logs, visits
from sync.phone.api import Api
from sync.phone.engine import Engine, RoundReport
from sync.phone.orders import OrderActs
from sync.phone.people import People, SignIn
from sync.phone.ports import Clock, Crypto, Locks, Net, Randomness
from sync.phone.rig import Rig
from sync.phone.saving import Draft, Picture, Saver, current
from sync.phone.stock import StockActs
from sync.phone.store import Entity, Record, Store
from sync.records import Base, parse_body
from sync.tags import tag_proof


class NotReady(Exception):
    """What a person wants is not possible yet: nobody is signed in, something is missing."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The six ports of a phone."""

    store: Store
    net: Net
    clock: Clock
    randomness: Randomness
    crypto: Crypto
    locks: Locks


class Phone(OrderActs, StockActs):
    """One phone. It lives in its store: another object on the same store is the same phone."""

    def __init__(self, ports: Ports, *, app: str, tz: str = "Asia/Shanghai") -> None:
        self.store = ports.store
        self._ports = ports
        self._app = app
        self._api = Api(
            ports.net,
            ports.crypto,
            ports.randomness,
            prover=lambda log: logs.prover(ports.store, ports.crypto, log),
        )
        self.saver = Saver(
            store=ports.store,
            clock=ports.clock,
            randomness=ports.randomness,
            crypto=ports.crypto,
            app=app,
            tz=tz,
        )
        rig = Rig(ports.store, self._api, ports.clock, ports.crypto, self.saver, app)
        self._engine = Engine(rig, ports.locks)
        self._people = People(
            store=ports.store, api=self._api, crypto=ports.crypto, randomness=ports.randomness
        )

    # -- joining -----------------------------------------------------------------------

    def enrol(
        self,
        code: str,
        *,
        name: str = "",
        capabilities: Mapping[str, str | bool] | None = None,
        weak: bool = False,
    ) -> str:
        """Ask to join and return the check word that the supervisor compares.

        A phone whose old key was lost joins again with the key of its new log, which nobody vouches
        for until then.

        :param weak: the phone cannot keep a key: its records are not signed, and say so
        :raises NoAnswer: the server did not take the code, or did not answer
        """
        crypto, clock = self._ports.crypto, self._ports.clock
        heads = self.store.heads()
        begun = heads[-1].log if heads and heads[-1].seq > 0 else None
        log = begun or self._joining_key(code)
        public_key = crypto.public_key(log)
        request = EnrolRequest(
            proto=1,
            nonce=self._api.new_nonce(),
            code=code,
            public_key=public_key,
            sig=crypto.sign(log, enrol_message(code, public_key)),
            name=name,
            app=self._app,
            clock=messages.Clock(clock.wall(), clock.mono(), self.saver.boot, self.saver.tz),
            capabilities=dict(capabilities or {}),
        )
        answer = self._api.call("enrol", request, EnrolAnswer)
        with self.store.transaction():
            if begun is None:
                self.store.open_log(log, alg="none" if weak else "ES256")
            self.store.set_meta("device", answer.device.id)
            self.store.set_meta("site", answer.site.id)
            self.store.set_meta("server_key", answer.server_key.public_key)
            self.store.set_meta("capabilities", json.dumps(dict(capabilities or {})))
        # The phone's own reckoning: a server in the middle would show another word.
        return check_word(code, public_key)

    def _joining_key(self, code: str) -> str:
        """Return the log whose key asks with this code: always the same, for an answer may be lost."""
        asked = json.loads(self.store.meta("joining") or "[null, null]")
        if asked[0] == code:
            return str(asked[1])
        log = self._ports.crypto.new_key()
        self.store.set_meta("joining", json.dumps([code, log]))
        return log

    def confirm(self) -> str:
        """Ask whether the supervisor has confirmed the phone; once `active`, open the log.

        :return: `waiting`, `active` or `refused`
        :raises NoAnswer: no answer came
        """
        head = current(self.store)
        request = EnrolStateRequest(1, self._api.new_nonce())
        state = self._api.call("enrol-state", request, EnrolStateAnswer, log=head.log).state
        if state == "active" and head.seq == 0:
            logs.open_first(self.store, self.saver, self._ports.crypto)
        return state

    @property
    def log(self) -> str:
        """The name of the log that is written to."""
        return current(self.store).log

    # -- shifts ------------------------------------------------------------------------

    @property
    def person(self) -> str | None:
        """Who is signed in."""
        return self.store.meta("person")

    def sign_in(self, person: str, pin: str) -> SignIn:
        """Sign a person in for a shift, online if possible; writes `shift.start` when it is right.

        :raises NotReady: the phone is taken out of service
        """
        if self.store.meta("leaving"):
            raise NotReady("the phone only hands over what it has")
        found = self._people.check(person, pin)
        if found.ok:
            if self.person not in (None, person):
                self.sign_out("switch")
            payload = {"method": "pin", "online": found.online, "failed_tries": found.failed_tries}
            self.store.set_meta("person", person)
            self._save("shift.start", payload)
        return found

    def sign_out(self, reason: str = "person") -> None:
        """End the shift. Nothing is discarded; the outbox goes on uploading."""
        self._save("shift.end", {"reason": reason})
        self.store.set_meta("person", None)

    # -- what came down ----------------------------------------------------------------

    def rows(self, kind: str) -> list[Entity]:
        """Return what came down of a kind: `site`, `checkpoint`, `occurrence`, `person` and so on."""
        return self.store.entities(kind)

    def stops(self, occurrence: str) -> list[Mapping[str, object]]:
        """Return the stops of an occurrence's route, in order."""
        return list(visits.stops(self.store, occurrence))

    # -- walking -----------------------------------------------------------------------

    def scan(
        self,
        text: str,
        *,
        occurrence: str | None = None,
        stop: str | None = None,
        geo: Geo | None = None,
        frame: bytes | None = None,
        method: str = "camera",
        out_of_order: bool = False,
    ) -> Record:
        """Save that a code was read. Where that was is part of it only if the person agreed to it.

        :param text: what the camera saw, or a bare token
        :param stop: id of the stop that is meant; None takes the round's stop with this target
        :param frame: the camera's frame in which the code was read (JPEG)
        """
        reading = visits.read(self.store, text, occurrence=occurrence, stop=stop)
        private = self._place(geo)
        location = "given" if private else "unavailable" if self.agreed() else "refused"
        if reading.tag is None:
            private["raw"] = text[:1_000]

        def payload(log: str, seq: int) -> Mapping[str, object]:
            tag = None
            if reading.tag is not None and reading.token is not None:
                tag = {
                    "hash": reading.tag.body["hash"],
                    "proof": tag_proof(log=log, seq=seq, token=reading.token),
                    "version": reading.tag.body["version"],
                }
            return {
                "occurrence": occurrence,
                "stop": None if reading.stop is None else reading.stop["id"],
                "target": reading.target,
                "tag": tag,
                "result": reading.result,
                "method": method,
                "walk_on": visits.walks_on(self.store, reading.stop),
                "out_of_order": out_of_order,
                "location": location,
            }

        pictures = [] if frame is None else [Picture(frame, role="frame")]
        logs.ensure_key(self.store, self.saver, self._ports.crypto)
        return self.saver.save(
            Draft("scan", payload, self._actor(), self._site(), private=private, pictures=pictures, tv=2)
        )

    def answers(
        self,
        scan: Record,
        values: Mapping[str, object],
        *,
        texts: Mapping[str, str] | None = None,
        note: str | None = None,
        photos: Sequence[Picture] = (),
    ) -> Record:
        """Save the filled form of the stop that `scan` was made at.

        :param values: field id → answer; texts do not stand here
        :param texts: field id → text, of text fields or as a note on a fault; private
        :raises NotReady: the stop has no form, or a required answer or photo is missing
        """
        scanned = self._payload(scan)
        stop = next((s for s in self._stops_of(scanned) if s["id"] == scanned["stop"]), None)
        form = visits.form_of(self.store, stop)
        if form is None:
            raise NotReady("the stop has no form")
        fields = {field["id"]: field for field in _fields(form)}
        given = dict(values)
        for field_id in texts or {}:
            if fields.get(field_id, {}).get("kind") == "text":
                given[field_id] = {"private": True}
        counts = {field_id: sum(photo.field == field_id for photo in photos) for field_id in fields}
        judgement = forms.judge(form.body, given, counts)
        if judgement.incomplete:
            raise NotReady(f"missing {judgement.missing}, not fitting {judgement.invalid}")
        payload = {
            "occurrence": scanned["occurrence"],
            "stop": scanned["stop"],
            "target": scanned["target"],
            "scan": scan.hash,
            "form": {"id": form.id, "edition": form.body["edition"]},
            "values": given,
        }
        private = {f"text.{field_id}": text for field_id, text in (texts or {}).items()}
        return self._save("answers", payload, note=note, private=private, deps=(scan.hash,), pictures=photos)

    def finding(
        self,
        kind: str,
        *,
        note: str | None = None,
        urgency: str = "normal",
        photos: Sequence[Picture] = (),
        scan: Record | None = None,
        geo: Geo | None = None,
    ) -> Record:
        """Save something wrong that was seen, at the place of `scan` or anywhere."""
        place: Mapping[str, object] = {} if scan is None else self._payload(scan)
        payload = {name: place.get(name) for name in ("occurrence", "stop", "target")}
        payload |= {"urgency": urgency, "kind": kind}
        return self._save("finding", payload, note=note, private=self._place(geo), pictures=photos)

    def skip(
        self,
        occurrence: str,
        stop: str,
        reason: str,
        *,
        note: str | None = None,
        photos: Sequence[Picture] = (),
    ) -> Record:
        """Save that a stop of a round cannot be reached, and why. It is no visit of it.

        :param reason: one of `sync.payloads.SKIP_REASONS`
        :raises NotReady: the round has no such stop, or another reason is given and neither words nor a photo
        """
        found = next((one for one in visits.stops(self.store, occurrence) if one["id"] == stop), None)
        if found is None:
            raise NotReady("the round has no such stop")
        if reason == "other" and not note and not photos:
            raise NotReady("another reason takes words or a photo")
        target: Any = found["target"]
        entity = self.store.entity(target["kind"], target["id"])
        seen = None if entity is None else {**target, "version": entity.version}
        payload = {"occurrence": occurrence, "stop": stop, "target": seen, "reason": reason}
        return self._save("stop.skip", payload, note=note, pictures=photos)

    # -- consent -----------------------------------------------------------------------

    def consent(self, version: int, language: str, *, location: bool) -> Record:
        """Save what the person who is signed in said to the text about what is recorded."""
        record = self._save("consent", {"version": version, "language": language, "location": location})
        self.store.set_meta(f"location:{self._actor()}", "yes" if location else "no")
        return record

    def agreed(self) -> bool:
        """Whether the person who is signed in agreed on this phone to their places being recorded."""
        return self.store.meta(f"location:{self._actor()}") == "yes"

    def _place(self, geo: Geo | None) -> dict[str, str]:
        return {"geo": geo_value(geo)} if geo is not None and self.agreed() else {}

    # -- sending -----------------------------------------------------------------------

    def sync(self) -> RoundReport:
        """Do one round: hello, push, pull, photos. Raises nothing for the network's sake."""
        return self._engine.round()

    def all_sent(self) -> bool:
        """Whether everything on this phone is with the server, photos included."""
        return self.store.count_unsent() == 0 and not self.store.uploads(state="waiting")

    # -- parts -------------------------------------------------------------------------

    def _save(
        self,
        kind: str,
        payload: Mapping[str, object],
        *,
        note: str | None = None,
        private: Mapping[str, str] | None = None,
        deps: Sequence[str] = (),
        pictures: Sequence[Picture] = (),
        base: Base | None = None,
    ) -> Record:
        parts = dict(private or {})
        if note is not None:
            parts["note"] = note
        draft = Draft(
            kind,
            lambda _log, _seq: payload,
            self._actor(),
            self._site(),
            private=parts,
            deps=deps,
            pictures=pictures,
            base=base,
        )
        logs.ensure_key(self.store, self.saver, self._ports.crypto)
        return self.saver.save(draft)

    def _actor(self) -> str:
        person = self.person
        if person is None:
            raise NotReady("nobody is signed in")
        return person

    def _site(self) -> str:
        site = self.store.meta("site")
        if site is None:
            raise NotReady("the phone has not joined")
        return site

    def _payload(self, record: Record) -> Mapping[str, object]:
        return parse_body(record.wire.body).envelope.p

    def _stops_of(self, scanned: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
        occurrence = scanned["occurrence"]
        return visits.stops(self.store, occurrence) if isinstance(occurrence, str) else ()


def _fields(form: Entity) -> list[dict[str, Any]]:
    fields = form.body["fields"]
    return fields if isinstance(fields, list) else []
