"""What may be done with assets: the functions that views and other features call."""

from server.assets.service.cards import change_asset, find, make_asset
from server.assets.service.duties import due, reminders
from server.assets.service.states import downtime, stretches_of

__all__ = ["change_asset", "downtime", "due", "find", "make_asset", "reminders", "stretches_of"]
