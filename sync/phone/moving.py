"""The phone is given to another site."""

from __future__ import annotations

from sync.messages import NamedSite
from sync.phone.rig import Rig
from sync.phone.saving import Draft


def follow_site(rig: Rig, site: NamedSite | None) -> None:
    """Work for the site that the server names.

    Whoever is signed in belongs to the site before, so their shift ends and the phone is locked;
    what was recorded stays, and is still sent. It may stop half-way: the next `hello` repeats it.
    """
    before = rig.store.meta("site")
    if site is None or before in (None, site.id):
        return
    person = rig.store.meta("person")
    if person is not None:
        rig.saver.save(Draft("shift.end", lambda _log, _seq: {"reason": "moved"}, person, before or ""))
    with rig.store.transaction():
        rig.store.set_meta("person", None)
        rig.store.set_meta("site", site.id)
