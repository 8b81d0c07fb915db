"""The field kinds: a module each. Registered here by name, sorted; a name is never reused."""

from __future__ import annotations

from sync.forms.base import Kind
from sync.forms.kinds.check import CHECK
from sync.forms.kinds.choice import CHOICE
from sync.forms.kinds.computed import COMPUTED
from sync.forms.kinds.meter import METER
from sync.forms.kinds.number import NUMBER
from sync.forms.kinds.part import PART
from sync.forms.kinds.photo import PHOTO
from sync.forms.kinds.several import SEVERAL
from sync.forms.kinds.signature import SIGNATURE
from sync.forms.kinds.text import TEXT
from sync.forms.kinds.time import TIME
from sync.forms.kinds.voice import VOICE

KINDS: dict[str, Kind] = {
    "check": CHECK,
    "choice": CHOICE,
    "computed": COMPUTED,
    "meter": METER,
    "number": NUMBER,
    "part": PART,
    "photo": PHOTO,
    "several": SEVERAL,
    "signature": SIGNATURE,
    "text": TEXT,
    "time": TIME,
    "voice": VOICE,
}
"""Every field kind by its name; sorted."""
