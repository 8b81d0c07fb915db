"""What may be done with assets: the functions that views and other features call."""

from server.assets.service.cards import change_asset, find, make_asset
from server.assets.service.duties import due, reminders
from server.assets.service.scoring import cards_at, duties_at, ran, standing_at, taken_over
from server.assets.service.states import downtime, stretches_of

__all__ = [
    "cards_at",
    "change_asset",
    "downtime",
    "due",
    "duties_at",
    "find",
    "make_asset",
    "ran",
    "reminders",
    "standing_at",
    "stretches_of",
    "taken_over",
]
