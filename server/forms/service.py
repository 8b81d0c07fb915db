"""Publishing forms, and reading an answer by the edition it was filled under."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Engine, Text, bindparam, cast, select, tuple_
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.forms.models import Form, FormEdition
from server.problems import Invalid, NotFound
from server.sites.service import pictures
from sync.forms import check_form

Definition = dict[str, Any]


class Parts:
    """How the parts are called that forms name; who keeps the stock registers here."""

    asked: ClassVar[list[Callable[[Session, UUID, Collection[UUID]], Mapping[UUID, Mapping[str, str]]]]] = []
    """Each returns part → name, of those of a site that it knows."""

    @classmethod
    def named(
        cls, session: Session, *, site_id: UUID, parts: Collection[UUID]
    ) -> dict[UUID, Mapping[str, str]]:
        """Return part → name in two languages, for those that somebody knows."""
        if not parts:
            return {}
        return {part: name for ask in cls.asked for part, name in ask(session, site_id, parts).items()}


def form_of(session: Session, *, site_id: UUID, form_id: UUID) -> Form:
    """Return a form of the site.

    :raises NotFound: there is none, or it belongs to another site
    """
    form = session.get(Form, form_id)
    if form is None or form.site_id != site_id:
        raise NotFound
    return form


def forms_of(session: Session, *, site_id: UUID) -> list[Definition]:
    """Return the definitions in force on the site, by name."""
    query = (
        select(FormEdition)
        .join(Form, (Form.id == FormEdition.form_id) & (Form.edition == FormEdition.edition))
        .where(Form.site_id == site_id)
    )
    found = [edition.definition for edition in session.scalars(query)]
    return sorted(found, key=lambda d: (d["name"]["zh"], d["id"]))


def definition_of(session: Session, *, site_id: UUID, form_id: UUID, edition: int) -> Definition | None:
    """Return a form's edition as it was published, or None when the site has none such."""
    found = session.get(FormEdition, (form_id, edition))
    return None if found is None or found.site_id != site_id else found.definition


def in_force(session: Session, *, form_id: UUID) -> Definition:
    """Return the definition in force of a form that there is."""
    form = session.get_one(Form, form_id)
    return session.get_one(FormEdition, (form_id, form.edition)).definition


def in_force_at(session: Session, *, form_id: UUID, at_ms: int) -> Definition:
    """Return the edition that was in force at a moment; the first one for a moment before it."""
    editions = session.scalars(
        select(FormEdition).where(FormEdition.form_id == form_id).order_by(FormEdition.edition)
    ).all()
    return [editions[0], *(e for e in editions if e.made_ms <= at_ms)][-1].definition


def definitions_of(
    session: Session, *, editions: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, int], Definition]:
    """Return (form, edition) → definition for those that there are, in one query."""
    wanted = set(editions)
    if not wanted:
        return {}
    query = select(FormEdition).where(tuple_(FormEdition.form_id, FormEdition.edition).in_(wanted))
    return {(found.form_id, found.edition): found.definition for found in session.scalars(query)}


_STORED = select(
    FormEdition.site_id, FormEdition.form_id, FormEdition.edition, cast(FormEdition.definition, Text)
).where(tuple_(FormEdition.form_id, FormEdition.edition).in_(bindparam("editions", expanding=True)))


MOST_KEPT = 1_000
"""So many definitions are remembered at most."""

_kept: WeakKeyDictionary[Engine, dict[tuple[UUID, int], tuple[UUID, Mapping[str, Any]]]] = WeakKeyDictionary()
"""Database → (form, edition) → site and definition."""


def shared_definitions(
    session: Session, *, editions: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, UUID, int], Mapping[str, Any]]:
    """Return (site, form, edition) → definition for those that there are.

    Editions never change, so the process remembers those of each database that it has read. The
    same object is given to everybody who asks; nobody may change it.
    """
    wanted = set(editions)
    if not wanted:
        return {}
    connection = session.connection()
    kept = _kept.setdefault(connection.engine, {})
    found = {key: known for key in wanted if (known := kept.get(key)) is not None}
    unread = wanted - found.keys()
    if unread:
        if len(kept) > MOST_KEPT:
            kept.clear()
        for site_id, form_id, edition, stored in connection.execute(_STORED, {"editions": list(unread)}):
            found[form_id, edition] = kept[form_id, edition] = site_id, msgspec.json.decode(stored)
    return {(site_id, *key): definition for key, (site_id, definition) in found.items()}


def make_form(
    session: Session,
    *,
    organisation_id: UUID,
    site_id: UUID,
    name: dict[str, str],
    fields: Sequence[dict[str, Any]],
    now_ms: int,
) -> Definition:
    """Publish the first edition of a form; returns its definition.

    :raises Invalid: the definition is not a good form; `errors` name each field's path
    """
    form_id = uuid4()
    definition = _checked({"id": str(form_id), "name": name, "edition": 1, "fields": list(fields)})
    _know_pictures(session, site_id, definition)
    form = Form(id=form_id, organisation_id=organisation_id, site_id=site_id, edition=1, version=1)
    session.add(form)
    session.flush()
    _publish(session, form, definition, now_ms)
    return definition


def change_form(
    session: Session, *, site_id: UUID, form_id: UUID, changes: dict[str, Any], now_ms: int
) -> Definition:
    """Publish a new edition when name or fields changed; returns the definition in force.

    :raises NotFound: no such form on the site
    :raises Invalid: the definition is not a good form
    """
    form = form_of(session, site_id=site_id, form_id=form_id)
    current = in_force(session, form_id=form.id)
    changed = {**current, **changes}
    if changed == current:
        return current
    definition = _checked({**changed, "edition": form.edition + 1})
    _know_pictures(session, site_id, definition)
    form.edition += 1
    form.version += 1
    _publish(session, form, definition, now_ms)
    return definition


def _checked(definition: Definition) -> Definition:
    errors: dict[str, list[str]] = {}
    for fault in check_form(definition):
        errors.setdefault(fault.path, []).append(fault.code)
    if errors:
        raise Invalid(errors={"json": errors})
    return definition


def _know_pictures(session: Session, site_id: UUID, definition: Definition) -> None:
    """Refuse guide pictures that the site does not have: a phone would ask for them in vain."""
    errors: dict[str, list[str]] = {}
    for i, field in enumerate(definition["fields"]):
        picture = field.get("guide", {}).get("picture")
        if picture is None:
            continue
        try:
            pictures.image_of(session, sites=[site_id], sha256=picture["sha256"])
        except NotFound:
            errors[f"fields[{i}].guide.picture"] = ["unknown"]
    if errors:
        raise Invalid(errors={"json": errors})


def _publish(session: Session, form: Form, definition: Definition, now_ms: int) -> None:
    session.add(
        FormEdition(
            form_id=form.id,
            edition=form.edition,
            organisation_id=form.organisation_id,
            site_id=form.site_id,
            made_ms=now_ms,
            definition=definition,
        )
    )
    queue(
        session,
        Change(form.organisation_id, form.site_id, "form", form.id, form.version, "upsert", definition),
    )
