"""Every table, for `Base.metadata`: migrations and tests import this one module."""

from server import throttle
from server.assets import models as assets
from server.audit import models as audit
from server.demands import models as demands
from server.feed import models as feed
from server.forms import models as forms
from server.ledger import models as ledger
from server.meters import models as meters
from server.orders import models as orders
from server.people import login_models as logins
from server.people import models as people
from server.privacy import models as privacy
from server.reports import models as reports
from server.requests import models as requests
from server.rounds import changes, office, said, skips, told
from server.rounds import models as rounds
from server.sites import maps
from server.sites import models as sites
from server.stock import models as stock
from server.tick import models as tick
from server.upkeep import models as upkeep

__all__ = [
    "assets",
    "audit",
    "changes",
    "demands",
    "feed",
    "forms",
    "ledger",
    "logins",
    "maps",
    "meters",
    "office",
    "orders",
    "people",
    "privacy",
    "reports",
    "requests",
    "rounds",
    "said",
    "sites",
    "skips",
    "stock",
    "throttle",
    "tick",
    "told",
    "upkeep",
]
