"""The whole way over real sockets: simulator, client, feed reader; and the simulator held against recorded feeds."""

import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import FetchError, Notice, Page, ParseError
from connectors.generic import feed
from tests.connectors.memory import DictMemory
from tests.connectors.visit import SimpleVisit
from tests.portals import feeds
from tests.portals.feed_content import template_count
from tests.portals.feeds import FeedPortal

PATHS = ("/rss.xml", "/atom.xml", "/feed.json", "/rdf.xml")
SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES", "")


@pytest.fixture
def portal() -> Iterator[FeedPortal]:
    with FeedPortal(items=30) as running:
        yield running


def visit(client: Client, portal: FeedPortal, path: str = "/rss.xml") -> SimpleVisit:
    return SimpleVisit(http=client, params=feed.Params(url=portal.url + path), mode="recent")


def pages(made: SimpleVisit) -> list[Page]:
    return [page.with_params(made.params) for page in feed.fetch(made)]


def notices(page: Page) -> list[Notice]:
    return [reading for record in feed.split(page) if isinstance(reading := feed.read(record, page), Notice)]


@pytest.mark.parametrize("path", PATHS)
def test_every_dialect_gives_the_newest_twenty_items_with_their_titles(
    loopback_client: Client, portal: FeedPortal, path: str
) -> None:
    made = visit(loopback_client, portal, path)
    (page,) = pages(made)
    read = notices(page)
    shown = [portal.item(path, number) for number in range(29, 9, -1)]
    assert [next(iter(notice.titles.values())).text for notice in read] == [item.title for item in shown]
    assert [notice.url for notice in read] == [portal.url + item.path for item in shown]
    assert made.log.lines == []


@pytest.mark.parametrize("path", PATHS[:3])
def test_publications_and_documents_are_those_of_the_portal(
    loopback_client: Client, portal: FeedPortal, path: str
) -> None:
    (page,) = pages(visit(loopback_client, portal, path))
    for notice, number in zip(notices(page), range(29, 9, -1), strict=True):
        item = portal.item(path, number)
        assert notice.published_at == item.published
        assert [link.url for link in notice.documents] == ([portal.url + item.document] if item.document else [])


def test_the_prose_of_most_calls_and_tenders_gives_a_deadline(loopback_client: Client) -> None:
    with FeedPortal(items=60, window=60) as portal:
        for path in PATHS:
            (page,) = pages(visit(loopback_client, portal, path))
            due = [notice for notice in notices(page) if notice.kind in ("grant_call", "tender", "partner_search")]
            assert len(due) > 30
            assert all(notice.deadlines for notice in due), path


def test_F4_an_unchanged_feed_is_answered_with_304_and_a_new_item_is_seen(
    loopback_client: Client, memory: DictMemory, portal: FeedPortal
) -> None:
    (first,) = pages(visit(loopback_client, portal))
    loopback_client.confirm(first)
    (second,) = pages(visit(loopback_client, portal))
    assert second.unchanged
    assert list(feed.split(second)) == []
    portal.publish()
    (third,) = pages(visit(loopback_client, portal))
    assert [n.source_id for n in notices(third)][1:] == [n.source_id for n in notices(first)][:-1]
    assert memory.writes > 0


def test_older_pages_end_with_404(loopback_client: Client, portal: FeedPortal) -> None:
    page = loopback_client.get(portal.url + "/rss.xml?paged=2")
    assert len(list(feed.split(page))) == 10
    with pytest.raises(FetchError) as error:
        loopback_client.get(portal.url + "/rss.xml?paged=3")
    assert error.value.status == 404


def test_F5_a_login_page_is_refused(loopback_client: Client, portal: FeedPortal) -> None:
    portal.fail(feeds.login_page())
    (page,) = pages(visit(loopback_client, portal))
    with pytest.raises(ParseError, match="web page"):
        list(feed.split(page))


def test_a_feed_that_is_gone_says_so(loopback_client: Client, portal: FeedPortal) -> None:
    portal.fail(feeds.gone())
    with pytest.raises(FetchError) as error:
        pages(visit(loopback_client, portal))
    assert error.value.kind == "gone"


def test_F2_a_busy_site_says_when_to_come_again(loopback_client: Client, portal: FeedPortal) -> None:
    portal.fail(feeds.busy("7200"))
    with pytest.raises(FetchError) as error:
        pages(visit(loopback_client, portal))
    assert (error.value.kind, error.value.retry_after) == ("throttled", 7200)


def test_an_empty_list_is_read_as_an_empty_list(loopback_client: Client, portal: FeedPortal) -> None:
    portal.fail(feeds.empty_list())
    (page,) = pages(visit(loopback_client, portal))
    assert list(feed.split(page)) == []


def test_F12_a_cut_off_feed_gives_whole_items_and_warns(loopback_client: Client, portal: FeedPortal) -> None:
    portal.fail(feeds.cut_off())
    made = visit(loopback_client, portal)
    (page,) = pages(made)
    read = notices(page)
    assert 0 < len(read) < 20
    assert [notice.body for notice in read] == [
        notice.body for notice in notices(pages(visit(loopback_client, portal))[0])[: len(read)]
    ]
    assert made.log.warnings() == ["feed_defect"]


def test_F12_a_cut_off_json_feed_is_refused(loopback_client: Client, portal: FeedPortal) -> None:
    portal.fail(feeds.cut_off())
    page = loopback_client.get(portal.url + "/feed.json")
    with pytest.raises(ParseError, match="cut off"):
        list(feed.split(page))


def test_P12_a_lying_charset_is_read_and_warned_of(loopback_client: Client, portal: FeedPortal) -> None:
    true = [notice.titles for notice in notices(pages(visit(loopback_client, portal))[0])]
    portal.fail(feeds.wrong_charset())
    made = visit(loopback_client, portal)
    (page,) = pages(made)
    assert [notice.titles for notice in notices(page)] == true
    assert "windows-1252" in made.log.lines[0].facts["why"]


def test_bare_ampersands_do_no_harm_and_are_warned_of(loopback_client: Client, portal: FeedPortal) -> None:
    portal.fail(feeds.bare_ampersands())
    made = visit(loopback_client, portal)
    (page,) = pages(made)
    assert len(notices(page)) == 20
    assert notices(page)[0].url.endswith("?a=1&b=2")
    assert made.log.warnings() == ["feed_defect"]


def test_a_permanent_move_is_followed_and_reported(loopback_client: Client, portal: FeedPortal) -> None:
    portal.fail(feeds.moved_for_good("/atom.xml"))
    (page,) = pages(visit(loopback_client, portal))
    assert page.url == portal.url + "/atom.xml"
    assert len(notices(page)) == 20


def test_the_same_seed_tells_the_same_story() -> None:
    first, again, other = FeedPortal(seed=3), FeedPortal(seed=3), FeedPortal(seed=4)
    told = [[portal.item("/rss.xml", n) for n in range(40)] for portal in (first, again, other)]
    assert told[0] == told[1] != told[2]
    assert template_count() >= 40


@pytest.mark.skipif(not SAMPLES, reason="WORLDWIDEWE_SAMPLES does not name the folder of recorded answers")
def test_the_portal_writes_no_element_that_no_recorded_feed_has(portal: FeedPortal, loopback_client: Client) -> None:
    recorded = _recorded_paths(Path(SAMPLES))
    for path in PATHS:
        body = loopback_client.get(portal.url + path, conditional=False).body
        ours = set(_json_paths(json.loads(body))) if path == "/feed.json" else set(_xml_paths(ET.fromstring(body)))
        assert len(ours) > 6
        assert ours <= recorded, f"{path}: only we believe in {sorted(ours - recorded)}"


def _recorded_paths(samples: Path) -> set[str]:
    found: set[str] = set()
    for file in [*(samples / "feeds").iterdir(), *(samples / "trade_gov").glob("*rss*")]:
        if file.suffix == ".json" and not file.name.startswith("wp_"):
            found.update(_json_paths(json.loads(file.read_bytes())))
        elif file.suffix in (".xml", ".rss", ".atom"):
            try:
                found.update(_xml_paths(ET.fromstring(file.read_bytes())))
            except (ET.ParseError, ValueError, LookupError):
                continue  # recorded because it is broken
    return found


def _xml_paths(element: ET.Element, above: str = "") -> Iterator[str]:
    here = f"{above}/{element.tag}"
    yield here
    yield from (f"{here}@{name}" for name in element.attrib)
    for child in element:
        yield from _xml_paths(child, here)


def _json_paths(value: Any, above: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _json_paths(inner, f"{above}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _json_paths(inner, f"{above}[]")
    else:
        yield f"{above}:{type(value).__name__}"
