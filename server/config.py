"""Settings: one frozen value, made from the environment once, at the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from qr.payload import tag_url


class ConfigError(ValueError):
    """A setting that cannot be meant; the server does not start with it."""


def _bool(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise ConfigError(f"{name} must be true or false, not {text!r}")
    return text == "true"


def _count(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 100_000):
        raise ConfigError(f"{name} must be a count from 1, not {text!r}")
    return int(text)


def _version(text: str) -> str | None:
    if text and not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}", text):
        raise ConfigError(f"ROUNDSMAN_MIN_APP must be a version such as 0.2.0, not {text!r}")
    return text or None


_HOST = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:[0-9]{1,5})?")


def _hosts(text: str) -> frozenset[str]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        if not _HOST.fullmatch(name):
            raise ConfigError(f"ROUNDSMAN_HOSTS must be names with or without a port, not {name!r}")
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the application takes from outside.

    Made by `from_env`; tests make it directly.
    """

    data_dir: Path
    """Folder of the embedded database, the photos and the secrets; made 0700 when it is missing."""

    database_url: str
    """SQLAlchemy URL; SQLite in `data_dir` unless another is given."""

    public_url: str
    """The address people use, without a slash at its end: tags and enrolment codes carry it."""

    pwa_dir: Path
    """Where `npm run build` put the phone app and the console."""

    owner_url: str | None = None
    """SQLAlchemy URL of the role that owns PostgreSQL's tables, where the server works under another one."""

    hosts: frozenset[str] = frozenset()
    """Further host names that may be asked for the server's health; pages lead from there to `public_url`."""

    trusted_proxies: int = 0
    """How many proxies stand in front and set `X-Forwarded-*`; those headers are ignored otherwise."""

    feed_days: int = 90
    """How long what a phone may have missed is kept in the feed; a phone that was away longer begins anew."""

    pulls_at_once: int = 4
    """How many pulls are answered at once in a process; the rest is told to come later. Pushes never are."""

    place_days: int = 90
    """How many days a place in a record is kept at most; never more than the text on the phones promises."""

    photo_days: int = 730
    """How many days a photo is kept at most."""

    body_s: int = 30
    """How long a request may take to arrive, and one second more for each KiB; at most 15 minutes."""

    min_app: str | None = None
    """The oldest phone app that will do: an older one asks to be renewed, and is served all the same."""

    testing: bool = False
    """Let bugs surface as exceptions instead of problem+json."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Return the settings of `ROUNDSMAN_*` variables.

        :raises ConfigError: a variable does not have a usable value
        """
        root = Path(__file__).resolve().parent.parent
        data_dir = Path(environ.get("ROUNDSMAN_DATA_DIR", root / "var")).resolve()
        port = environ.get("PORT", "8000")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise ConfigError(f"PORT must be a port number, not {port!r}")
        public_url = environ.get("ROUNDSMAN_PUBLIC_URL", f"http://localhost:{port}").rstrip("/")
        parts = urlsplit(public_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
            raise ConfigError(f"ROUNDSMAN_PUBLIC_URL must be http(s)://host[:port], not {public_url!r}")
        try:
            tag_url(public_url, "0" * 16)
        except ValueError as error:
            raise ConfigError(f"ROUNDSMAN_PUBLIC_URL cannot stand on a tag: {error}") from error
        proxies = environ.get("ROUNDSMAN_TRUSTED_PROXIES", "0")
        if not (proxies.isascii() and proxies.isdigit() and int(proxies) <= 10):
            raise ConfigError(f"ROUNDSMAN_TRUSTED_PROXIES must be a count up to 10, not {proxies!r}")
        return cls(
            data_dir=data_dir,
            database_url=environ.get("ROUNDSMAN_DATABASE_URL", f"sqlite:///{data_dir / 'roundsman.db'}"),
            public_url=public_url,
            pwa_dir=Path(environ.get("ROUNDSMAN_PWA_DIR", root / "pwa" / "dist")).resolve(),
            owner_url=environ.get("ROUNDSMAN_OWNER_URL") or None,
            hosts=_hosts(environ.get("ROUNDSMAN_HOSTS", "")),
            trusted_proxies=int(proxies),
            feed_days=_count(environ, "ROUNDSMAN_FEED_DAYS", 90),
            pulls_at_once=_count(environ, "ROUNDSMAN_PULLS_AT_ONCE", 4),
            place_days=_count(environ, "ROUNDSMAN_PLACE_DAYS", 90),
            photo_days=_count(environ, "ROUNDSMAN_PHOTO_DAYS", 730),
            body_s=_count(environ, "ROUNDSMAN_BODY_S", 30),
            min_app=_version(environ.get("ROUNDSMAN_MIN_APP", "")),
            testing=_bool("ROUNDSMAN_TESTING", environ.get("ROUNDSMAN_TESTING", "false")),
        )
