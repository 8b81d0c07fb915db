"""What may be done with service plans: the functions that views call."""

from server.demands.service.copying import Copy, carry_origins, copy_of
from server.demands.service.copying_promises import copy_promises, look_copied
from server.demands.service.making import Made, Outcome, TemplateChanged, draft_for, look, make
from server.demands.service.promised import Promise, look_promises, make_promises, promised_by
from server.demands.service.renewal import Renewal
from server.demands.service.renewing import look_newer, take_newer
from server.demands.service.standing import USUAL, Origin, day_of, origins

__all__ = [
    "USUAL",
    "Copy",
    "Made",
    "Origin",
    "Outcome",
    "Promise",
    "Renewal",
    "TemplateChanged",
    "carry_origins",
    "copy_of",
    "copy_promises",
    "day_of",
    "draft_for",
    "look",
    "look_copied",
    "look_newer",
    "look_promises",
    "make",
    "make_promises",
    "origins",
    "promised_by",
    "take_newer",
]
