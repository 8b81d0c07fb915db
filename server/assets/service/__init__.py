"""What may be done with assets: the functions that views and other features call."""

from server.assets.service.cards import change_asset, find, make_asset

__all__ = ["change_asset", "find", "make_asset"]
