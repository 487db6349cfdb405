"""Profiles become entries of the directory, or offers and wants; of people, telephones and mail addresses nothing is left."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.intake.reading import Rejected, readings
from connectors import murmurations
from connectors.base.contract import Deadline, Notice, Organisation, ParseError, Reading, Record, Relation, Skipped
from tests.connectors.murmurations.conftest import HOME, NOW, page_of
from tests.portals.murmurations import OFFERS, ORGANISATIONS

GROUP: dict[str, Any] = {
    "linked_schemas": [ORGANISATIONS],
    "name": "Orto Comune &amp; Soci",
    "nickname": "Orto",
    "primary_url": "www.Orto.example.org",
    "tags": ["coop", "food", "coop", 7, ""],
    "urls": [{"name": "shop", "url": "https://shop.example.org"}],
    "description": "<p>Verdure a <b>km zero</b>.</p> Referente: Dott.ssa Fiorella Bassani, tel. 0461 555123, f.bassani@example.org",
    "status": "active",
    "full_address": "Via dei Mestieri 4, Trento",
    "country_iso_3166": "it",
    "geolocation": {"lat": "46.07", "lon": 11.12},
    "relationships": [
        {"predicate_url": "https://schema.org/memberOf", "object_url": "https://federation.example.org"},
        {"predicate_url": "https://schema.org/knows", "object_url": "javascript:alert(1)"},
        "nobody",
    ],
    "contact_details": {"email": "f.bassani@example.org", "contact_form": "https://orto.example.org/form"},
    "telephone": "+39 0461 555123",
    "unique_id": "it-4711",
}
OFFER: dict[str, Any] = {
    "linked_schemas": [OFFERS],
    "exchange_type": "want",
    "item_type": "service",
    "transaction_type": ["buy-sell", "theft"],
    "tags": ["translation"],
    "title": "Translation into Slovene",
    "description": "Two pages a week. Write to f.bassani@example.org. <script>alert(1)</script>",
    "details_url": "https://orto.example.org/want?utm_source=x",
    "geolocation": {"lat": 46.07, "lon": 11.12},
    "geographic_scope": "international",
    "contact_details": {"email": "f.bassani@example.org", "contact_form": "https://orto.example.org/form"},
    "expires_at": 1_800_000_000,
}


def read(profile: dict[str, Any], **fields: Any) -> Reading | Rejected:
    given = {name: value for name, value in (profile | fields).items() if value is not None}
    (found,) = readings(murmurations, page_of(given))
    return found


def group(**fields: Any) -> Organisation:
    found = read(GROUP, **fields)
    assert isinstance(found, Organisation), found
    return found


def offer(**fields: Any) -> Notice:
    found = read(OFFER, **fields)
    assert isinstance(found, Notice), found
    return found


def test_an_organisation_says_what_its_profile_says() -> None:
    one = group()
    assert (one.source_id, one.source) == (HOME, HOME)
    assert (one.name, one.other_names, one.country) == ("Orto Comune & Soci", ("Orto",), "IT")
    assert (one.website, one.domains) == ("https://www.orto.example.org", ("orto.example.org",))
    assert (one.lat, one.lon) == (46.07, 11.12)
    assert (one.sectors, one.networks) == (("coop", "food"), ("Murmurations",))
    assert one.relations == (Relation(type="memberOf", of="https://federation.example.org"),)
    assert str(one.description).startswith("Verdure a km zero.")
    # No licence is stated, so none is told; a postal address is no place.
    assert (one.licence, one.place) == (None, None)


@pytest.mark.parametrize("profile", [GROUP, OFFER])
def test_nothing_of_a_person_is_left(profile: dict[str, Any]) -> None:
    found = read(profile)
    assert isinstance(found, Organisation | Notice)
    written = found.model_dump_json()
    for private in ("Fiorella", "Bassani", "555123", "f.bassani", "Mestieri"):
        assert private not in written


def test_a_page_on_somebody_else_s_site_is_no_domain_of_its_own() -> None:
    assert group(primary_url="https://social.example.com/orto").domains == ()
    assert group(primary_url=None).website is None


@pytest.mark.parametrize(
    "place",
    [None, {"lat": 0, "lon": 0}, {"lat": 91, "lon": 0}, {"lat": "x", "lon": 1}, {"lat": True, "lon": 1}, [1, 2]],
)
def test_a_place_that_is_none_is_left_out(place: object) -> None:
    assert (group(geolocation=place).lat, group(geolocation=place).lon) == (None, None)


@pytest.mark.parametrize("fields", [{"status": "completed"}, {"status": "cancelled"}, {"ends_at": 1_600_000_000}])
def test_an_organisation_that_is_no_more_is_left_out(fields: dict[str, Any]) -> None:
    assert read(GROUP, **fields) == Skipped("an organisation that is no more", HOME)
    assert group(ends_at=int(NOW.timestamp()) + 1).name


def test_the_mission_stands_in_for_a_missing_description() -> None:
    assert group(description=None, mission="To share land").description == "To share land"


def test_a_want_is_a_request_with_its_end_its_form_and_no_mailbox() -> None:
    one = offer()
    assert (one.kind, offer(exchange_type="offer").kind) == ("business_request", "business_offer")
    assert one.url == "https://orto.example.org/want"
    assert one.titles["und"].text == "Translation into Slovene"
    assert one.deadlines == (Deadline(on=date(2027, 1, 15), at="08:00", zone="UTC", kind="validity"),)
    assert one.contact is not None
    assert (one.contact.url, one.contact.text) == ("https://orto.example.org/form", None)
    assert one.countries == ("*",)
    assert one.extra["murmurations"] == {
        "item": "service",
        "deals": ["buy-sell"],
        "scope": "international",
        "place": {"lat": 46.07, "lon": 11.12},
    }
    assert "<script" not in str(one.body)


def test_an_offer_without_a_page_of_its_own_leads_to_its_form_and_else_to_its_profile() -> None:
    assert offer(details_url=None).url == "https://orto.example.org/form"
    assert offer(details_url="javascript:alert(1)", contact_details={"email": "a@example.org"}).url == HOME
    assert offer(contact_details={"email": "a@example.org"}).contact is None


def test_a_country_is_told_only_where_the_profile_tells_it() -> None:
    assert offer(geographic_scope="regional").countries == ()
    assert offer(geographic_scope="national", country_iso_3166="SI").countries == ("SI",)


@pytest.mark.parametrize("end", [1_800_000_000_000, -1, True, "soon", 10**30, 0.0])
def test_an_end_that_is_no_moment_in_seconds_is_named_and_not_guessed(end: object) -> None:
    one = offer(expires_at=end)
    assert one.deadlines == ()
    assert one.extra["murmurations"]["unread"] == [f"expires_at: {str(end)[:40]}"]


@pytest.mark.parametrize(
    ("profile", "fields", "why"),
    [
        (GROUP, {"name": None}, "profile.name"),
        (GROUP, {"name": {"x": 1}}, "profile.name"),
        (OFFER, {"title": None}, "profile.title"),
        (OFFER, {"exchange_type": "swap"}, "profile.exchange_type"),
    ],
)
def test_a_profile_that_breaks_its_own_schema_is_set_aside(profile: Any, fields: dict[str, Any], why: str) -> None:
    found = read(profile, **fields)
    assert isinstance(found, Rejected)
    assert found.reason.startswith(why)


def test_an_entry_without_an_address_is_set_aside_and_the_others_are_read() -> None:
    entries = [{"profile_url": "ftp://x"}, 7, {"profile_url": HOME, "linked_schemas": [OFFERS]}, {"profile_url": HOME}]
    found = list(readings(murmurations, page_of({"data": entries}, role="listing")))
    assert [type(each).__name__ for each in found] == ["Rejected", "Rejected", "Seen", "Skipped"]


def test_an_error_of_the_index_is_no_empty_list() -> None:
    with pytest.raises(ParseError, match="is not a list of profiles"):
        list(murmurations.split(page_of({"errors": []}, role="listing")))


def test_new_fields_are_heard() -> None:
    assert murmurations.audit(Record("x", GROUP | {"news": 1})) == {"news"}
    assert murmurations.audit(Record("x", OFFER | {"price": 1})) == {"price"}
    assert murmurations.audit(Record("x", {"profile_url": HOME, "score": 1})) == {"score"}
    assert murmurations.audit(Record("x", "no profile")) == set()


def test_the_published_schemas_name_no_field_that_is_neither_read_nor_left_out() -> None:
    # The properties of both schemas, as published in 2026.
    organisation = set(GROUP) | {"mission", "image", "header_image", "images", "rss", "starts_at", "ends_at"}
    assert murmurations.audit(Record("x", dict.fromkeys(organisation | {"geographic_scope"}, 1) | GROUP)) == set()
    assert murmurations.audit(Record("x", OFFER | {"image": ""})) == set()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([GROUP, OFFER]), st.dictionaries(st.sampled_from(sorted(GROUP | OFFER)), values, max_size=8))
def test_no_value_of_any_field_breaks_the_reader(profile: dict[str, Any], fields: dict[str, Any]) -> None:
    page = page_of({})
    try:
        found = murmurations.read(Record("profile", profile | fields), page)
    except (ParseError, ValueError):
        return
    assert isinstance(found, Organisation | Notice | Skipped)


@given(st.binary(max_size=300))
def test_no_bytes_of_a_stranger_make_a_bad_page(body: bytes) -> None:
    (found,) = readings(murmurations, page_of(body))
    assert isinstance(found, Skipped)
