"""What every view of the ledger stands on: the blueprint, its secrets, and the nonce of each answer."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from flask.sansio.blueprints import BlueprintSetupState

from server.clock import now_ms
from server.config import Settings
from server.ledger.valve import Valve
from server.ledger.wire import BadMessage
from server.secrets import Secrets
from sync import messages
from sync.proof import NONCE_HEADER, make_nonce

bp = Blueprint("ledger", __name__, url_prefix="/api/v1")


def its_secrets() -> Secrets:
    """Return the secrets of the running application."""
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    return secrets


def its_settings() -> Settings:
    """Return the settings of the running application."""
    settings: Settings = current_app.extensions["roundsman.settings"]
    return settings


@bp.record_once
def _make_valve(state: BlueprintSetupState) -> None:
    settings: Settings = state.app.extensions["roundsman.settings"]
    state.app.extensions["roundsman.valve"] = Valve(settings.pulls_at_once)


def its_valve() -> Valve:
    """Return the valve of what comes down, one for the process."""
    valve: Valve = current_app.extensions["roundsman.valve"]
    return valve


@bp.after_app_request
def give_nonce(response: Response) -> Response:
    """Give every answer to a phone, refusals too, the nonce of its next proof."""
    if request.path.startswith((messages.PREFIX, "/api/v1/blobs/")):
        response.headers[NONCE_HEADER] = make_nonce(its_secrets().proof, now_ms())
        response.headers.setdefault("Cache-Control", "no-store, no-transform")
    return response


def same_log(named: str, proven: str) -> None:
    """Refuse a message that names another log than its proof.

    :raises BadMessage: it does
    """
    if named != proven:
        raise BadMessage("log is not the one of the proof", reason="log")
