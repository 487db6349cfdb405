"""What is read of a feed of an installation: everything, or a sentence; and nothing that is not its own."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.intake.reading import Rejected, readings
from connectors import members
from connectors.base.contract import (
    Body,
    Contact,
    Deadline,
    Eligibility,
    FetchError,
    Link,
    Money,
    Notice,
    Page,
    ParseError,
    Programme,
    Reservation,
    Skipped,
    Title,
)
from tests.connectors.visit import SimpleVisit
from web.requests import item

URL = "https://other.example.org:8443/requests/feed.json"
HOST = "other.example.org:8443"
AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def feed(*items: Any, **changed: Any) -> bytes:
    told = {"version": members.VERSION, "total": len(items)}
    whole = {"version": "https://jsonfeed.org/version/1.1", "title": "B", "items": list(items), "_worldwidewe": told}
    return json.dumps(whole | changed).encode()


def page(body: bytes, url: str = URL) -> Page:
    return Page(url=url, body=body, fetched_at=AT, role="feed", params=members.Params(url=URL))


def notice(**facts: Any) -> Notice:
    id = facts.pop("source_id", "2026-aaaaa")
    usual: dict[str, Any] = {
        "source_id": id,
        "url": f"https://{HOST}/requests/{id}",
        "titles": {"it": {"text": "Cerchiamo partner"}},
        "kind": "business_request",
        "same_as": (f"worldwidewe:{HOST}:{id}",),
    }
    return Notice.model_validate(usual | facts)


WORD = st.text("abcdefghilmnopqrstuvzàèéìòù", min_size=3, max_size=12)
LINE = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
URLS = WORD.map(lambda word: f"https://{word.encode('idna').decode()}.example.org/")
COUNTRIES = st.sampled_from(["IT", "FR", "DE", "*"])
LANGS = st.sampled_from(["it", "fr", "de", "und"])
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
INSTANTS = st.one_of(DAYS, st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
AMOUNT = st.decimals(0, 10**9, places=2, allow_nan=False)
MONEY = st.builds(Money, total=AMOUNT, currency=st.sampled_from(["EUR", "USD"]), raw=LINE)
NOTICES = st.builds(
    notice,
    source_id=st.from_regex(r"2026-[a-z2-9]{5}", fullmatch=True),
    titles=st.dictionaries(LANGS, st.builds(Title, text=LINE), min_size=1, max_size=3),
    kind=st.sampled_from(["business_request", "business_offer", "partner_search"]),
    summary=st.none() | LINE,
    body=st.none() | LINE.map(lambda text: f"<p>{text}</p>"),
    lang=st.none() | LANGS,
    published_at=st.none() | INSTANTS,
    updated_at=st.none() | INSTANTS,
    opens_at=st.none() | INSTANTS,
    deadlines=st.lists(
        st.builds(
            Deadline, on=DAYS, at=st.sampled_from([None, "12:00"]), kind=st.just("validity"), label=st.none() | LINE
        ),
        max_size=3,
    ).map(tuple),
    countries=st.lists(COUNTRIES, max_size=3).map(tuple),
    origin_country=st.none() | st.sampled_from(["IT", "FR"]),
    regions=st.sampled_from([(), ("nuts:ITH5",)]),
    codes=st.sampled_from([(), ("cpv:45210000", "nace:62.01")]),
    keywords=st.lists(WORD, unique=True, max_size=3).map(tuple),
    budget=st.none() | MONEY,
    grant=st.none() | MONEY,
    organisation=st.none() | st.builds(Body, name=LINE, country=st.none() | st.just("IT"), url=st.none() | URLS),
    programme=st.none() | st.builds(Programme, code=st.none() | WORD, name=LINE),
    eligibility=st.none() | st.builds(Eligibility, text=LINE, verdict=st.just("open"), codes=st.just(("een:SME",))),
    reserved=st.sampled_from([(), (Reservation(type="res-ws", lots=("1",)),)]),
    offer_languages=st.sampled_from([(), ("it", "fr")]),
    documents=st.lists(st.builds(Link, url=URLS, title=st.none() | LINE), max_size=3).map(tuple),
    links=st.lists(st.builds(Link, url=URLS, lang=st.none() | st.just("fr")), max_size=3).map(tuple),
    contact=st.none() | st.builds(Contact, url=URLS, text=st.none() | LINE),
    extra=st.dictionaries(WORD, st.one_of(LINE, st.integers(), st.lists(LINE, max_size=2), st.booleans()), max_size=3),
)


def test_the_property_below_speaks_of_every_field_of_a_notice() -> None:
    from inspect import getsource

    said = getsource(__import__(__name__, fromlist=["x"])).partition("NOTICES = ")[2].partition("\ndef ")[0]
    assert {name for name in Notice.model_fields if f"    {name}=" not in said} == {"url", "same_as"}


@settings(max_examples=200, deadline=None)
@given(NOTICES)
def test_every_field_of_a_notice_survives_the_way(told: Notice) -> None:
    (found,) = readings(members, page(feed(item(told))))
    assert found == told


@pytest.mark.parametrize(
    "keys",
    [
        (),
        ("worldwidewe:else.example.org:2026-aaaaa",),
        (f"worldwidewe:{HOST}:2026-other",),
        (f"worldwidewe:{HOST}:2026-aaaaa", "worldwidewe:else.example.org:1"),
    ],
    ids=["none", "of another installation", "of another request", "of two"],
)
def test_what_is_not_the_installations_own_is_left_out(keys: tuple[str, ...]) -> None:
    (found,) = readings(members, page(feed(item(notice(same_as=keys)))))
    assert found == Skipped("not a request of the installation that publishes it", "2026-aaaaa")


@pytest.mark.parametrize("key", ["ted:383667-2026", "een:TRLT20260720004", "url:https://else.example.org/call"])
def test_a_request_does_not_stand_behind_somebody_elses_notice(key: str) -> None:
    told = notice(same_as=(f"worldwidewe:{HOST}:2026-aaaaa", key))
    assert list(readings(members, page(feed(item(told))))) == [notice()]


@pytest.mark.parametrize("kind", ["tender", "grant_call", "news", "vacancy"])
def test_what_no_member_can_enter_is_left_out(kind: str) -> None:
    (found,) = readings(members, page(feed(item(notice(kind=kind)))))
    assert found == Skipped("neither a request nor an offer nor a search for partners", "2026-aaaaa")


@pytest.mark.parametrize(
    "url", ["https://else.example.org/requests/2026-aaaaa", f"https://{HOST}@else.example.org/requests/2026-aaaaa"]
)
def test_the_way_to_the_author_is_a_page_of_the_installation_that_publishes_it(url: str) -> None:
    (found,) = readings(members, page(feed(item(notice(url=url)))))
    assert isinstance(found, Skipped)


@pytest.mark.parametrize("place", ["url", "contact", "links", "documents", "organisation"])
def test_an_address_that_runs_something_is_no_address(place: str) -> None:
    bad: dict[str, Any] = {"url": "javascript:alert(1)"}
    told = item(notice())
    given = {"url": bad["url"], "contact": bad, "links": [bad], "documents": [bad], "organisation": bad | {"name": "X"}}
    told["_worldwidewe"]["notice"][place] = given[place]
    (found,) = readings(members, page(feed(told)))
    assert isinstance(found, Rejected)


def test_persons_and_markup_of_a_stranger_are_cut() -> None:
    text = "<p onclick=x>Referente: Pia Neri, pia.neri@example.org<script>alert(1)</script></p>"
    told = notice(body=text, summary="Contact: Pia Neri, tel. 051 1234567", titles={"it": {"text": "<b>Cerchiamo</b>"}})
    (found,) = readings(members, page(feed(item(told))))
    said = found.model_dump_json() if isinstance(found, Notice) else ""
    assert "Cerchiamo" in said
    assert not [bad for bad in ("Neri", "1234567", "script", "onclick", "<b>") if bad in said]


def test_a_key_of_a_later_version_is_heard_and_harms_nothing() -> None:
    later = item(notice())
    later["_worldwidewe"]["notice"]["mood"] = "good"
    (record,) = members.split(page(feed(later)))
    assert members.audit(record) == ["mood"]
    assert members.read(record, page(b"")) == notice()


def test_one_bad_item_is_refused_alone_under_its_name() -> None:
    bad = item(notice(source_id="2026-bbbbb"))
    bad["_worldwidewe"]["notice"]["kind"] = "poem"
    found = list(readings(members, page(feed(item(notice()), bad, "no item", {"title": "of another feed"}))))
    assert [type(one).__name__ for one in found] == ["Notice", "Rejected", "Rejected", "Rejected"]
    assert isinstance(found[1], Rejected)
    assert found[1].source_id == "2026-bbbbb"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><head><title>Login</title></head><body><input type='password'></body></html>", "a login page"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "its address ends with /requests/feed.json"),
        (feed(_worldwidewe={"version": 2, "total": 0}), "speaks version 2"),
        (feed(items={}), "is no list"),
        (feed(_worldwidewe={"version": 1, "total": 7}), "holds 0 requests and announces 7"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_what_is_no_feed_of_ours_is_refused_with_a_sentence(body: bytes, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        list(members.split(page(body)))


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"worldwidewe": "requests", "version": 1, "total": 2}\n{}\n', b"\xff\xfe"]
)
def test_a_file_that_somebody_else_wrote_or_cut_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(members.split(Page(url="file:requests.jsonl", body=body, fetched_at=AT)))


def test_a_file_that_was_there_once_is_missed_and_one_that_never_was_is_not() -> None:
    class NoHTTP:
        pass

    visit = SimpleVisit(http=NoHTTP(), params=members.Params())  # type: ignore[arg-type]
    assert list(members.fetch(visit)) == []
    visit.cursor = "written"
    with pytest.raises(FetchError, match="worldwidewe requests rebuild") as missed:
        list(members.fetch(visit))
    assert missed.value.kind == "gone"


def test_rights_follow_the_consent_and_never_widen_what_a_stranger_says() -> None:
    said = {
        "members": {
            "audience": "public",
            "basis": "consent of the organisation, 2026-11-20",
            "attribution": "Federazione A",
        }
    }
    own, other = members.Params(), members.Params(url=URL)
    assert members.rights(notice(), own).audience == "members"
    assert members.rights(notice(extra=said), own).audience == "public"
    without_basis = {"members": {"audience": "public"}}
    assert members.rights(notice(extra=without_basis), own).audience == "members"
    assert members.rights(notice(), other).audience == "office"
    assert members.rights(notice(extra={"members": "public"}), other).audience == "office"
    read = members.rights(notice(extra=said), other)
    assert (read.audience, read.show, read.attribution) == ("public", "full", f"Federazione A ({HOST})")
    assert HOST in read.basis
