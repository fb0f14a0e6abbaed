"""Where the API is and what proves who we are, checked before anything is sent."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from wizsync.errors import UsageError

_HINT = "Give it like https://api.wizcommerce.com/v1"


def checked_base_url(base_url: str) -> str:
    """The base URL without its trailing slash.

    Args:
        base_url: Like `https://api.wizcommerce.com/v1`; plain http is for this machine alone.

    Returns:
        The address that paths such as `/customers` are appended to.

    Raises:
        UsageError: It is not such an address.
    """
    address = base_url.strip()
    try:
        parts = urlsplit(address)
        host, port_is_a_number = parts.hostname or "", parts.port is None or parts.port > 0
        host.encode("idna")
    except (ValueError, UnicodeError):
        host, port_is_a_number = "", False
    if "@" in address:
        raise UsageError(
            "The address holds a user name or a password; the API takes neither.", hint=_HINT
        )
    if not host or not port_is_a_number or parts.scheme not in {"http", "https"}:
        raise UsageError("This is not an address of an API.", where=address, hint=_HINT)
    if parts.query or parts.fragment or not address.isprintable() or " " in address:
        raise UsageError(
            "The address holds more than a host and a path.", where=address, hint=_HINT
        )
    if parts.scheme == "http" and not is_loopback(address):
        raise UsageError(
            "Plain http would send the key and the customers unencrypted.",
            where=address,
            hint="Use https; plain http is accepted for this machine alone (localhost).",
        )
    return address.rstrip("/")


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


def checked_key(key: str) -> str:
    """The key, if it can be a key at all.

    Raises:
        UsageError: It is empty, or holds what no key holds; the message does not show it.
    """
    if not key:
        raise UsageError(
            "There is no API key.", hint="Put the key into WIZSYNC_API_KEY and run again."
        )
    if not all("!" <= character <= "~" for character in key):
        raise UsageError(
            "The API key holds spaces, line breaks or characters that no key holds.",
            hint="Copy it again, without what stands before or after it.",
        )
    return key


def checked_path_part(part: str) -> str:
    """An id that may stand in a path: an empty one, or dots, would name something else.

    Raises:
        UsageError: It would.
    """
    if part.strip() in {"", ".", ".."}:
        raise UsageError(f'"{part}" is not an id of a customer, address or contact.')
    return part
