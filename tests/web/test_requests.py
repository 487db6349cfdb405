"""A request on the board: its page, who may open it, the feed, and its Murmurations profile."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from aggregator.people import requests
from aggregator.people.request import Consent, Held
from aggregator.store.session import Store
from tests.connectors.members.installations import wish
from tests.web import seed

SITE = "http://board.example.org"
Enter = Callable[..., Held]


@pytest.fixture
def enter(store: Store) -> Enter:
    def do(*, public: bool = True, **facts: object) -> Held:
        consent = Consent(by="Ermelinda Zanfrognini", on=date(2026, 11, 20), basis="lettera")
        with store.write() as connection:
            held = requests.add(connection, wish(**facts), now=seed.NOW)
            return requests.publish(connection, held.id, consent, now=seed.NOW) if public else held

    return do


def test_a_published_request_has_a_page_for_everybody(client: FlaskClient, enter: Enter) -> None:
    held = enter(expires=date(2027, 1, 12))
    answer = client.get(f"/requests/{held.id}")
    assert answer.status_code == 200
    for said in (
        "Cerchiamo un partner per un cantiere a Lione",
        "Consorzio Ponte Nuovo",
        "Francia, Belgio",
        "12 gennaio 2027",
        held.id,
    ):
        assert said in answer.text
    assert "Solo per i soci" not in answer.text
    assert "Zanfrognini" not in answer.text
    assert "How to answer" in client.get(f"/requests/{held.id}?lang=en").text


def test_a_request_for_members_opens_with_its_key_alone_and_is_kept_by_nobody(
    client: FlaskClient, enter: Enter
) -> None:
    held = enter(public=False)
    for wrong in ("", "?key=", "?key=x", f"?key={held.key[:-1]}", f"?key={held.key}x", "?key=%C3%A9"):
        assert client.get(f"/requests/{held.id}{wrong}").status_code == 404, wrong
    answer = client.get(f"/requests/{held.id}?key={held.key}")
    assert (answer.status_code, "Solo per i soci" in answer.text) == (200, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert client.get(f"/requests/{held.id}/murmurations.json?key={held.key}").status_code == 404
    assert held.id not in client.get("/requests/feed.json").text + client.get("/requests/murmurations.json").text


def test_an_old_key_opens_nothing_when_a_request_goes_back_among_the_members(
    client: FlaskClient, enter: Enter, store: Store
) -> None:
    held = enter()
    with store.write() as connection:
        requests.unpublish(connection, held.id, now=seed.NOW)
    assert client.get(f"/requests/{held.id}?key={held.key}").status_code == 404


def test_of_what_was_withdrawn_no_word_is_left(client: FlaskClient, enter: Enter, store: Store) -> None:
    held = enter()
    with store.write() as connection:
        requests.withdraw(connection, held.id, now=seed.NOW)
    for path in (f"/requests/{held.id}", f"/requests/{held.id}?key={held.key}"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Lione" not in answer.text
    assert client.get(f"/requests/{held.id}/murmurations.json").status_code == 404
    assert client.get("/requests/feed.json").json["items"] == []  # type: ignore[index]


def test_what_is_over_says_so_and_leaves_the_feed_at_the_end_of_its_last_day(client: FlaskClient, enter: Enter) -> None:
    here, over = enter(expires=seed.NOW.date()), enter(expires=seed.NOW.date() - timedelta(days=1))
    assert "è conclusa" in client.get(f"/requests/{over.id}").text
    assert "è conclusa" not in client.get(f"/requests/{here.id}").text
    feed = client.get("/requests/feed.json").json
    assert feed is not None
    assert [item["url"] for item in feed["items"]] == [f"{SITE}/requests/{here.id}"]


def test_the_feed_is_a_json_feed_that_says_whose_it_is(client: FlaskClient, enter: Enter) -> None:
    held = enter()
    answer = client.get("/requests/feed.json")
    assert answer.content_type == "application/feed+json"
    feed = answer.json
    assert feed is not None
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{SITE}/requests/feed.json"
    assert feed["_worldwidewe"] | {"licence": ""} == {
        "version": 1,
        "total": 1,
        "office": "Federazione di prova",
        "licence": "",
    }
    (item,) = feed["items"]
    assert (item["id"], item["url"]) == (f"worldwidewe:board.example.org:{held.id}", f"{SITE}/requests/{held.id}")
    assert item["_worldwidewe"]["notice"]["source_id"] == held.id
    for secret in (held.key, "Zanfrognini", "lettera"):
        assert secret not in answer.text


def test_a_feed_that_did_not_change_is_answered_with_304_and_one_that_did_is_not(
    client: FlaskClient, enter: Enter
) -> None:
    enter()
    first = client.get("/requests/feed.json")
    asked = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/requests/feed.json", headers=asked).status_code == 304
    enter(title="Cerchiamo un secondo partner")
    assert client.get("/requests/feed.json", headers=asked).status_code == 200


def test_a_reader_that_asks_by_the_day_hears_that_a_consent_was_taken_back(
    client: FlaskClient, enter: Enter, store: Store
) -> None:
    enter()
    taken_back = enter(title="Cerchiamo un secondo partner")
    first = client.get("/requests/feed.json")
    with store.write() as connection:
        requests.unpublish(connection, taken_back.id, now=seed.NOW + timedelta(hours=1))
    asked = {"If-Modified-Since": first.headers.get("Last-Modified", first.headers["Date"])}
    answer = client.get("/requests/feed.json", headers=asked)
    assert answer.status_code == 200
    assert taken_back.id not in answer.text


def test_hostile_text_of_a_request_is_text(client: FlaskClient, enter: Enter) -> None:
    held = enter(
        title="<script>alert(1)</script>Cerchiamo",
        text="Prima <img src=x onerror=alert(1)> riga\n<b>seconda</b>",
        keywords=("<i>x",),
    )
    for path in (f"/requests/{held.id}", f"/requests/{held.id}/murmurations.json", "/requests/feed.json"):
        assert not re.search(r"<script>|<img|<b>s|<i>x", client.get(path).text), path


@pytest.mark.parametrize("kind", ["request", "offer", "partner"])
def test_a_profile_has_what_the_schema_requires_in_the_form_that_it_asks_for(
    client: FlaskClient, enter: Enter, kind: str
) -> None:
    """After offers_wants_schema-v0.1.0 of the Murmurations library, read by hand: its parts are not published with it."""
    held = enter(kind=kind, expires=date(2027, 1, 12), item="service")
    answer = client.get(f"/requests/{held.id}/murmurations.json")
    assert answer.content_type == "application/json"
    profile = json.loads(answer.text)
    required = {
        "linked_schemas",
        "exchange_type",
        "transaction_type",
        "tags",
        "title",
        "description",
        "geographic_scope",
        "contact_details",
    }
    optional = {"item_type", "image", "details_url", "geolocation", "expires_at"}
    assert required <= profile.keys() <= required | optional
    assert profile["linked_schemas"] == ["offers_wants_schema-v0.1.0"]
    assert profile["exchange_type"] == ("offer" if kind == "offer" else "want")
    assert profile["item_type"] in ("good", "service")
    assert set(profile["transaction_type"]) <= {"borrow-lend", "rent-lease", "buy-sell", "receive-donate"}
    assert profile["geographic_scope"] in ("local", "regional", "national", "international")
    assert len(set(profile["tags"])) == len(profile["tags"]) > 0
    assert all(isinstance(profile[name], str) and profile[name] for name in ("title", "description"))
    assert profile["details_url"] == profile["contact_details"]["contact_form"] == f"{SITE}/requests/{held.id}"
    # Seconds; the last second of the day in Rome.
    assert datetime.fromtimestamp(profile["expires_at"], UTC) == datetime(2027, 1, 12, 22, 59, 59, tzinfo=UTC)


def test_the_profiles_are_listed_so_that_an_office_can_register_them(client: FlaskClient, enter: Enter) -> None:
    held = enter()
    assert client.get("/requests/murmurations.json").json == {
        "profiles": [f"{SITE}/requests/{held.id}/murmurations.json"]
    }


@pytest.mark.parametrize(
    "path",
    [
        "/requests/2026-zzzzz",
        "/requests/%2e%2e",
        "/requests/x/murmurations.json",
        "/requests/" + "a" * 3000,
        "/requests/%00",
    ],
)
def test_what_is_no_request_is_no_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
