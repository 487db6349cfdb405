"""Strong keys: an address has one form, and an address of a platform is that platform's own number."""

import pytest

from aggregator.store.keys import keys_of

PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.org/calls/7/",
        "http://example.org:80/calls/7#how",
        "https://EXAMPLE.org/calls/7?utm_source=letter&utm_medium=mail",
        "https://example.org/calls/7?fbclid=abc",
    ],
)
def test_one_address_has_one_form_however_it_is_written(address: str) -> None:
    assert keys_of([f"url:{address}"]) == ("url:example.org/calls/7",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/calls?id=7", "https://example.org/calls?id=8"),
        ("https://example.org/calls/7", "https://example.org/Calls/7"),
        ("https://example.org:8443/calls/7", "https://example.org/calls/7"),
        ("https://a.example.org/calls/7", "https://example.org/calls/7"),
    ],
)
def test_what_may_be_two_pages_are_two_keys(one: str, other: str) -> None:
    assert keys_of([f"url:{one}"]) != keys_of([f"url:{other}"])


def test_the_order_of_what_is_asked_makes_no_difference() -> None:
    assert keys_of(["url:https://example.org/?b=2&a=1"]) == keys_of(["url:https://example.org/?a=1&b=2"])


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://ted.europa.eu/en/notice/-/detail/383667-2026", "ted:383667-2026"),
        ("https://ted.europa.eu/it/notice/-/detail/00383667-2026/html", "ted:383667-2026"),
        ("https://ted.europa.eu/notice/383667-2026", "ted:383667-2026"),
        (f"{PORTAL}/topic-details/CERV-2026-DAPHNE", "topic:cerv-2026-daphne"),
        ("https://www.grants.gov/search-results-detail/355018", "grants-gov:355018"),
    ],
)
def test_a_page_of_a_platform_is_its_number(address: str, key: str) -> None:
    assert keys_of([f"url:{address}"]) == (key,)


def test_a_cascade_call_of_the_portal_is_not_its_parent_topic() -> None:
    address = f"{PORTAL}/competitive-calls-cs/2525"
    assert keys_of([f"url:{address}"]) == (f"url:{address.removeprefix('https://')}",)


def test_other_keys_stay_as_they_are_and_each_stands_once() -> None:
    keys = ["een:TRLT20260720004", "url:https://example.org/7", "url:http://www.example.org/7", "een:TRLT20260720004"]
    assert keys_of(keys) == ("een:TRLT20260720004", "url:example.org/7")


@pytest.mark.parametrize("broken", ["url:", "url:javascript:alert(1)", "url:https://[::1", "url:https://x:99999/"])
def test_what_is_no_address_stays_a_key_of_its_own(broken: str) -> None:
    assert keys_of([broken]) == (broken,)
