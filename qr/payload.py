"""What a tag says: a short web address that fits the alphanumeric mode of QR."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
"""The 45 characters that QR packs two to 11 bits."""

_TOKEN = re.compile(r"[0-9A-HJKMNP-TV-Z]{16}\Z", re.ASCII)
_HOST = re.compile(r"(?!-)[A-Z0-9-]{1,63}(?:\.(?!-)[A-Z0-9-]{1,63})*\.?\Z", re.ASCII)


def tag_url(base_url: str, token: str) -> str:
    """Return a tag's address, such as ``HTTPS://HOST:8443/T/7K2MQX49…``.

    :param base_url: the server's public address: scheme, host and perhaps a port, in any case; nothing else
    :param token: 16 characters of Crockford's base32, upper case, as printed
    :raises ValueError: the token is none, or the address cannot be written in the alphanumeric mode
    """
    if not _TOKEN.match(token):
        raise ValueError("A token is 16 characters of Crockford's base32, upper case")
    return f"{_base(base_url)}/T/{token}"


def _base(base_url: str) -> str:
    """Return the public address in upper case and without a slash at its end.

    A host in Chinese becomes its ASCII form. A path is refused: readers expect ``/T/`` after the host.
    """
    try:
        parts = urlsplit(base_url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii").upper()
        port = parts.port
    except ValueError as error:  # UnicodeError is one
        raise ValueError(f"Not a web address: {base_url!r}") from error
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        raise ValueError(f"A tag needs an address like https://host[:port], not {base_url!r}")
    if not host or len(host) > 253 or not _HOST.match(host):
        raise ValueError(
            f"A tag cannot carry the host of {base_url!r}: letters, digits, hyphens and dots only"
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"A tag's address has no path, query or fragment of its own: {base_url!r}")
    return f"{parts.scheme.upper()}://{host}" + ("" if port is None else f":{port}")
