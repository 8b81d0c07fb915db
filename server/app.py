"""Puts the application together: the only file that knows every feature."""

from __future__ import annotations

from flask import Flask

from server import VERSION, clock, edge, headers, pages, problems
from server.apidocs.views import bp as apidocs
from server.assets import apply as assets_apply
from server.assets.views import bp as assets
from server.config import Settings
from server.db import db, end_sessions_quietly, set_up_engine
from server.demands.views import bp as demands
from server.forms.views import bp as forms
from server.keeping import witness
from server.keeping.views import bp as keeping
from server.late_api import LateApi
from server.ledger import service as ledger_service
from server.ledger.views import bp as ledger
from server.meters import apply as meters_apply
from server.meters.views import bp as meters
from server.orders import apply as orders_apply
from server.orders.views import bp as orders
from server.people import policy
from server.people import service as people_service
from server.people.views import bp as people
from server.privacy import apply as privacy_apply
from server.privacy.views import bp as privacy
from server.reports.views import bp as reports
from server.requests import service as requests_service
from server.requests.views import bp as requests
from server.rounds import apply as rounds_apply
from server.rounds import apply_said, apply_skips
from server.rounds.views import bp as rounds
from server.secrets import Secrets, make_private
from server.sites.views import bp as sites
from server.stock import apply as stock_apply
from server.stock.views import bp as stock
from server.upkeep.views import bp as upkeep

UNPACKED_LIMIT = 16 * 1024 * 1024
"""No request is larger: a photo may have 12 MiB, a sync message 1 MiB as sent."""


def create_app(settings: Settings, *, now_ms: clock.NowMs = clock.system_ms) -> Flask:
    """Return the application for `settings`.

    :raises policy.UndeclaredPolicy: a route lacks its declared policy
    :raises SecretsError: the data folder or a secret in it can be used by others, or not at all
    """
    app = Flask("server", static_folder=None)
    app.testing = settings.testing
    make_private(settings.data_dir)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=UNPACKED_LIMIT,
        API_TITLE="Roundsman",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        PROPAGATE_EXCEPTIONS=settings.testing,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["roundsman.settings"] = settings
    app.extensions["roundsman.secrets"] = Secrets.load(settings.data_dir)
    clock.init_app(app, now_ms)
    db.init_app(app)
    end_sessions_quietly(app)
    with app.app_context():
        set_up_engine(db.engine)

    ledger_service.register_all()
    people_service.register_all()
    assets_apply.register_all()
    rounds_apply.register_all()
    apply_said.register_all()
    apply_skips.register_all()
    orders_apply.register_all()
    stock_apply.register_all()
    meters_apply.register_all()
    requests_service.register_all()
    privacy_apply.register_all()
    api = LateApi(app)
    problems.init_app(app)
    edge.init_app(app, settings)
    headers.init_app(app, settings)
    witness.init_app(app, settings)
    for blueprint in (pages.bp, ledger, apidocs):
        app.register_blueprint(blueprint)
    for described in (
        people,
        sites,
        assets,
        meters,
        forms,
        rounds,
        stock,
        orders,
        requests,
        upkeep,
        demands,
        reports,
        privacy,
        keeping,
    ):
        api.register_blueprint(described)
    policy.check_declared(app)
    return app
