"""Addresses and keys that are refused before anything is sent."""

import pytest

from wizsync.access import checked_base_url, checked_key, is_loopback, origin
from wizsync.api import Timing, WizCommerce
from wizsync.errors import UsageError


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://api.wizcommerce.com/v1", "https://api.wizcommerce.com/v1"),
        ("https://api.wizcommerce.com/v1/", "https://api.wizcommerce.com/v1"),
        (" https://api.wizcommerce.com/v1\n", "https://api.wizcommerce.com/v1"),
        ("http://localhost:8080/v1", "http://localhost:8080/v1"),
        ("http://127.3.2.1/v1", "http://127.3.2.1/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_addresses_that_can_be_used(given, used):
    assert checked_base_url(given) == used


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.wizcommerce.com/v1",
        "ftp://api.wizcommerce.com/v1",
        "https://",
        "https://a..b/v1",
        "https://host:port/v1",
        "https://host:0/v1",
        "https://[::1/v1",
        f"https://{'a' * 64}.com/v1",
        "https://host/v1?x=1",
        "https://host/v1#x",
        "https://host/v 1",
        "https://host/v\x001",
        "http://api.wizcommerce.com/v1",
        "http://localhost.example.com/v1",
        "http://0.0.0.0/v1",
        "http://192.168.1.2/v1",
    ],
)
def test_addresses_that_cannot_be_used(address):
    with pytest.raises(UsageError) as caught:
        checked_base_url(address)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://a.example", "is not the address of an API"),
        ("https://", "is not the address of an API"),
        ("http://a.example/v1", "plain http"),
        ("http://127.0.0.1.example/v1", "plain http"),
        ("https://[::1", "cannot be read"),
        ("https://a.example:port", "cannot be read"),
        ("https://me:secret@a.example", "user name"),
        ("https://me:secret@host:port/v1", "cannot be read"),
        ("https://a.example/v1?key=secret", "after a ?"),
    ],
)
def test_what_is_no_address_is_refused(address: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_base_url(address)
    assert said in caught.value.message
    assert "secret" not in f"{caught.value.message}{caught.value.where}{caught.value.hint}"


@pytest.mark.parametrize("key", ["", "ab\ncd", "abcd\n", "ab cd", "ab\x7fcd", "schlüssel", "ключ"])
def test_a_key_that_can_be_none_is_refused_and_not_shown(key):
    with pytest.raises(UsageError) as caught:
        WizCommerce("https://api.wizcommerce.com/v1", key)
    assert not key or key not in f"{caught.value} {caught.value.where} {caught.value.hint}"


def test_a_key_stays_as_it_is():
    assert checked_key("a.B-c_9=") == "a.B-c_9="


def test_the_origin_has_no_path():
    assert origin("https://api.wizcommerce.com:444/v1") == "https://api.wizcommerce.com:444"
    assert not is_loopback("https://api.wizcommerce.com/v1")


@pytest.mark.parametrize(
    "arguments",
    [
        {"rate": 0},
        {"rate": -1},
        {"attempts": 0},
        {"timing": Timing(timeout=0)},
        {"dialect": "kebab"},
    ],
)
def test_other_arguments_that_cannot_be_used(arguments):
    with pytest.raises(UsageError):
        WizCommerce("https://api.wizcommerce.com/v1", "key", **arguments)
