"""Where the API is and what proves who we are, checked before anything is sent."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from wizsync.errors import UsageError

_HINT = "An address looks like https://api.wizcommerce.com/v1"


def checked_base_url(text: str, *, where: str | None = None) -> str:
    """The base URL that paths such as `/customers` are appended to.

    Args:
        text: Like `https://api.wizcommerce.com/v1`; plain http is for this machine alone.
        where: The place it was given at, for the message.

    Returns:
        It without the slash at its end, its host in lower case.

    Raises:
        UsageError: It is not such an address.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")
    except (ValueError, UnicodeError):
        raise UsageError("The address cannot be read.", where=where, hint=_HINT) from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        # It is not shown: what stands there may well be a password or a key.
        raise UsageError(
            "The address holds a user name, or something after a ? or #.",
            where=where,
            hint="Take it out; the key goes into an environment variable, WIZSYNC_API_KEY.",
        )
    strange = not address.isprintable() or " " in address or port == 0
    if parts.scheme not in {"http", "https"} or not host or strange:
        raise UsageError(f'"{text}" is not the address of an API.', where=where, hint=_HINT)
    if parts.scheme == "http" and not is_loopback(address):
        raise UsageError(
            f'"{text}" is plain http, over which the key could be read by others.',
            where=where,
            hint="Use https://. Plain http is for a server on this machine only.",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def is_loopback(address: str) -> bool:
    """Whether an address names this machine itself: localhost, 127.0.0.0/8 or ::1."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin(base_url: str) -> str:
    """Scheme, host and port of an address, without its path."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


def can_be_key(text: str) -> bool:
    """Whether a text can be an API key at all: it is not empty, and fits a header as it is."""
    return bool(text) and all("!" <= character <= "~" for character in text)


def checked_key(key: str) -> str:
    """The key, if it can be a key at all.

    Raises:
        UsageError: It is empty, or holds what no key holds; the message does not show it.
    """
    if not key:
        raise UsageError(
            "There is no API key.", hint="Put the key into WIZSYNC_API_KEY and run again."
        )
    if not can_be_key(key):
        raise UsageError(
            "The API key holds spaces, line breaks or characters that no key holds.",
            hint="Copy it again, without what stands before or after it.",
        )
    return key
