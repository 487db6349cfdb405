"""The whole way over real sockets: the simulated site, the client, the reader; and the simulator held against the record."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import ConnectorError, FetchError, Gone, Notice, ParamError, ParseError, Seen
from connectors.generic import wordpress
from tests.connectors.visit import SimpleVisit
from tests.portals.server import Answer, Fault
from tests.portals.wordpress import WordPressPortal

TODAY = date(2026, 11, 23)
SINCE = datetime(2026, 11, 20, 8, tzinfo=UTC)
SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES", "")


@pytest.fixture
def portal() -> Iterator[WordPressPortal]:
    with WordPressPortal(posts=60, today=TODAY) as running:
        yield running


def visit(
    client: Client, portal: WordPressPortal, *, given: dict[str, Any] | None = None, **params: Any
) -> SimpleVisit:
    chosen = {"url": portal.url, "post_type": "bandi", "lang": "it", "origin_country": "IT", "per_page": 25}
    return SimpleVisit(http=client, params=wordpress.Params(**chosen | params), **(given or {}))


def notices(made: SimpleVisit) -> dict[str, Notice]:
    return {one.source_id: one for one in made.run(wordpress) if isinstance(one, Notice)}


@pytest.mark.parametrize("headers", [True, False])
def test_a_sweep_reads_every_post_whether_or_not_a_proxy_takes_the_pager_away(
    loopback_client: Client, portal: WordPressPortal, headers: bool
) -> None:
    portal.headers = headers
    made = visit(loopback_client, portal)
    read = notices(made)
    assert set(read) == {str(4_000 + one.number) for one in portal.posts}
    assert made.totals[-1:] == ([60] if headers else [])
    assert made.log.lines == []
    for one in portal.posts:
        notice = read[str(4_000 + one.number)]
        assert notice.published_at == one.published
        assert notice.titles["it"].text == one.title
        assert [(each.on, each.at) for each in notice.deadlines if one.closes >= one.published.date()] == [
            (one.closes, "12:00")
        ]
        assert notice.eligibility
        assert "vc_row" not in (notice.body or "")


def test_a_list_that_fills_its_last_page_ends_where_wordpress_says_there_is_no_such_page(
    loopback_client: Client, portal: WordPressPortal
) -> None:
    portal.headers = False
    made = visit(loopback_client, portal, per_page=20)
    assert len(notices(made)) == 60
    assert len(portal.calls) == 4


def test_a_recent_visit_reads_what_has_changed_since_the_last_one(
    loopback_client: Client, portal: WordPressPortal
) -> None:
    made = visit(loopback_client, portal, given={"mode": "recent", "since": SINCE})
    due = {str(4_000 + one.number) for one in portal.posts if one.changed > SINCE - timedelta(days=2)}
    assert set(notices(made)) == due
    assert 0 < len(due) < 25


def test_an_old_site_that_ignores_the_date_is_left_at_the_first_page_without_anything_new(
    loopback_client: Client, portal: WordPressPortal
) -> None:
    portal.old = True
    made = visit(loopback_client, portal, given={"mode": "recent", "since": SINCE}, per_page=10)
    read = set(notices(made))
    due = {str(4_000 + one.number) for one in portal.posts if one.changed > SINCE - timedelta(days=2)}
    assert due <= read
    assert len(portal.calls) < 6


def test_F9_a_pager_that_gives_the_same_page_for_ever_ends_and_the_visit_is_incomplete(
    loopback_client: Client, portal: WordPressPortal
) -> None:
    portal.lying = True
    made = visit(loopback_client, portal)
    assert len(notices(made)) == 25
    assert len(portal.calls) == 2
    assert made.totals[-1] == 60
    assert made.log.warnings() == ["a page of items came again, the list ends here"]


def test_a_site_with_plain_permalinks_is_asked_by_its_route(loopback_client: Client, portal: WordPressPortal) -> None:
    portal.plain = True
    with pytest.raises(FetchError, match="plain_permalinks"):
        notices(visit(loopback_client, portal))
    assert len(notices(visit(loopback_client, portal, plain_permalinks=True))) == 60


def test_a_type_that_the_site_does_not_have_is_said_with_the_way_to_its_list(
    loopback_client: Client, portal: WordPressPortal
) -> None:
    with pytest.raises(FetchError, match="wp/v2/types") as error:
        notices(visit(loopback_client, portal, post_type="gare"))
    assert (error.value.kind, error.value.status) == ("gone", 404)


@pytest.mark.parametrize(
    ("answer", "error", "kind"),
    [
        (Answer(401, b'{"code":"rest_not_logged_in"}', {"content-type": "application/json"}), FetchError, "auth"),
        (Answer(403, b'{"code":"rest_forbidden"}', {"content-type": "application/json"}), FetchError, "auth"),
        (Answer(403, b"<html><title>Forbidden</title></html>", {"content-type": "text/html"}), FetchError, "blocked"),
        (Answer(404, b"<html><title>404</title></html>", {"content-type": "text/html"}), FetchError, "gone"),
        (Answer(400, b'{"code":"rest_invalid_param"}', {"content-type": "application/json"}), ParamError, None),
        (Answer(200, b"<!doctype html><title>Sito</title>", {"content-type": "text/html"}), ParseError, None),
        (Answer(200, b'{"code":"rest_forbidden","message":"no"}', {"content-type": "text/html"}), ParseError, None),
        (Answer(200, b'[{"id": 1', {"content-type": "application/json"}), ParseError, None),
    ],
)
def test_every_refusal_is_an_error_of_its_kind_and_names_what_to_do(
    loopback_client: Client, portal: WordPressPortal, answer: Answer, error: type[ConnectorError], kind: str | None
) -> None:
    portal.fail(Fault(answer=answer))
    with pytest.raises(error, match=r"html_list|refuses the question") as raised:
        notices(visit(loopback_client, portal))
    assert getattr(raised.value, "kind", None) == kind


def test_an_empty_list_is_a_list_and_announces_nothing(loopback_client: Client, portal: WordPressPortal) -> None:
    portal.posts.clear()
    made = visit(loopback_client, portal)
    assert notices(made) == {}
    assert made.totals == [0]


def test_titles_without_text_are_cards_and_their_pages_are_read(
    loopback_client: Client, portal: WordPressPortal
) -> None:
    portal.empty = True
    portal.posts = portal.posts[:4]
    made = visit(loopback_client, portal, follow_details=True)
    found = made.run(wordpress)
    assert len([one for one in found if isinstance(one, Seen)]) == 4
    read = {one.source_id: one for one in found if isinstance(one, Notice)}
    assert {id: [d.on for d in one.deadlines] for id, one in read.items()} == {
        str(4_000 + one.number): [one.closes] for one in portal.posts
    }
    assert all("Home" not in (one.body or "") for one in read.values())
    assert made.waiting == {}


def test_a_page_behind_that_is_gone_says_so_and_the_others_are_read(
    loopback_client: Client, portal: WordPressPortal
) -> None:
    portal.posts = portal.posts[:3]
    portal.fail(Fault(answer=Answer(410), when=lambda call: call.path == "/bandi/bando-1/", times=0))
    found = visit(loopback_client, portal, follow_details=True).run(wordpress)
    assert [one for one in found if isinstance(one, Gone)] == [Gone("4001")]
    assert len([one for one in found if isinstance(one, Notice)]) == 2


def test_the_events_to_come_are_read_with_their_days(loopback_client: Client, portal: WordPressPortal) -> None:
    made = visit(loopback_client, portal, events=True)
    read = notices(made)
    assert set(read) == {str(9_000 + one.number) for one in portal.posts}
    assert made.totals[-1] == 60
    (one_day,) = read["9000"].deadlines
    assert (str(one_day.on), one_day.at, one_day.zone, one_day.kind) == ("2026-11-24", "09:30", "Europe/Rome", "event")
    (two_days,) = read["9001"].deadlines
    assert (str(two_days.on), two_days.label) == ("2026-11-26", "2026-11-25 – 2026-11-26")
    assert read["9000"].kind == "event"


@pytest.mark.skipif(not SAMPLES, reason="the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)")
def test_the_simulator_has_the_fields_that_were_recorded(portal: WordPressPortal, loopback_client: Client) -> None:
    recorded = json.loads((Path(SAMPLES) / "italy/lazioinnova_wp_rest_2026-06-06.json").read_bytes())["posts"][0]
    (page, *_) = wordpress.fetch(visit(loopback_client, portal))
    (made, *_) = json.loads(page.body)
    assert set(recorded) <= set(made)
    assert all(type(made[name]) is type(value) for name, value in recorded.items())
    assert len(recorded["date"]) == len(made["date"])
