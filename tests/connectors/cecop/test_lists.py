"""CECOP's lists, on a neutral site: entries by their addresses, days alone on a line, one identity under two hosts."""

from typing import Any

import pytest

from connectors import cecop
from connectors.base.client import Client
from connectors.base.contract import Notice, ParseError, Seen
from connectors.generic.html_list.addresses import identity
from tests.connectors.visit import SimpleVisit
from tests.portals.site_pages import PagesPortal


def listing(*slugs: str, more: str = "") -> str:
    entries = "".join(
        f"<div class=entry><p>14 Mar 2026</p><h3>{slug.title()}</h3><p>News</p><p>The confederation says...</p>"
        f'<a href="/works/{slug}">Read more</a></div>'
        for slug in slugs
    )
    return f'<html lang=en><body><nav><a href="/works/about">About</a></nav><main>{entries}{more}</main></body></html>'


def entry(title: str, text: str) -> str:
    return f"<html lang=en><body><main><h1>{title}</h1><p>14 Mar 2026</p><p>{text}</p></main></body></html>"


PAGES = {
    "/works2/0?page=1": listing("worker-buyouts", "policy-officer"),
    "/works2/0?page=2": listing("policy-officer", "annual-report"),
    "/works/worker-buyouts": entry("Worker buyouts", "A seminar for confederations, register before 7 June 2026."),
    "/works/policy-officer": entry(
        "We are looking for a Policy Officer", "Send your application until 15 November 2026."
    ),
    "/works/annual-report": entry("Annual report", "What the members did in a year of work."),
}


def visit(client: Client, url: str, **params: Any) -> SimpleVisit:
    return SimpleVisit(http=client, params=cecop.Params(endpoint=f"{url}/works2", **params), mode="recent")


def test_entries_are_read_once_under_their_slug(loopback_client: Client) -> None:
    with PagesPortal(PAGES) as portal:
        found = visit(loopback_client, portal.url).run(cecop)
        asked = [f"{call.path}?{call.query.get('page', '')}" for call in portal.calls]
    assert asked[:3] == ["/works2/0?1", "/works2/0?2", "/works2/0?3"]
    assert sorted(asked[3:]) == ["/works/annual-report?", "/works/policy-officer?", "/works/worker-buyouts?"]
    notices = {reading.source_id: reading for reading in found if isinstance(reading, Notice)}
    assert set(notices) == {"worker-buyouts", "policy-officer", "annual-report"}
    first = notices["worker-buyouts"]
    assert (first.titles["en"].text, str(first.published_at)) == ("Worker buyouts", "2026-03-14")
    assert [str(d.on) for d in first.deadlines] == ["2026-06-07"]
    assert [str(d.on) for d in notices["policy-officer"].deadlines] == ["2026-11-15"]


def test_both_forms_of_the_host_are_one_entry() -> None:
    with_www = cecop.list_of(cecop.Params())
    assert [
        identity(f"https://{host}/works/x", with_www, page_url="") for host in ("cecop.coop", "www.cecop.coop")
    ] == ["x", "x"]


def test_a_visit_stops_where_everything_is_known(loopback_client: Client) -> None:
    with PagesPortal(PAGES) as portal:
        first = visit(loopback_client, portal.url)
        first.run(cecop)
        portal.calls.clear()
        again = visit(loopback_client, portal.url)
        again.stored = first.stored
        assert all(isinstance(reading, Seen) for reading in again.run(cecop))
        assert [call.path for call in portal.calls] == ["/works2/0"]


def test_a_rebuilt_site_is_said_and_nothing_is_lost(loopback_client: Client) -> None:
    html = "<main><a href='/news/item-1'>News</a></main>"
    with (
        PagesPortal({"/works2/growth?page=1": html}) as portal,
        pytest.raises(ParseError, match="url_pattern: removes all"),
    ):
        visit(loopback_client, portal.url, theme="growth").run(cecop)


@pytest.mark.parametrize("theme", ["../admin", "a/b", "", "x" * 81, "a?b"])
def test_a_theme_is_one_part_of_an_address(theme: str) -> None:
    with pytest.raises(ValueError, match="theme"):
        cecop.Params(theme=theme)


def test_it_asks_seldom_and_says_that_it_is_unproven() -> None:
    assert cecop.ABOUT.pace_seconds == 5
    assert cecop.ABOUT.rhythm_minutes == 7 * 24 * 60
    assert not cecop.ABOUT.recorded
