"""The parts of Brainport, on a neutral site: by addresses, words and rules, for nobody has seen the pages."""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import brainport
from connectors.base.client import Client
from connectors.base.contract import FetchError, Notice, Page, Seen, Skipped
from connectors.brainport import fund
from tests.connectors.brainport.conftest import only, page, visit
from tests.portals.site_pages import PagesPortal

NEWS = """<html lang=en><body><nav><a href="/int/news">News</a></nav><main>
<div><a href="/int/news/photonics-call"><h3>Photonics pilot lines</h3></a><span>21 May 2026</span></div>
<div><a href="/en/news/award"><h3>A prize for a lamp</h3></a><span>20 May 2026</span></div></main></body></html>"""
CALL = """<html lang=en><body><main><h1>Photonics pilot lines</h1><p>23 June 2026</p>
<p>Small firms may submit proposals for a pilot. Apply by 15 January 2027.</p></main></body></html>"""
AWARD = (
    "<html lang=en><body><main><h1>A prize for a lamp</h1><p>The region is proud of its lamp.</p></main></body></html>"
)


def test_of_news_what_speaks_of_an_opportunity_is_kept_with_its_days(loopback_client: Client) -> None:
    pages = {"/int/news": NEWS, "/int/news/photonics-call": CALL, "/en/news/award": AWARD}
    with PagesPortal(pages) as portal:
        found = visit(loopback_client, "news", f"{portal.url}/int/news").run(brainport)
    cards = [card.source_id for card in found if isinstance(card, Seen)]
    assert cards == ["news/photonics-call", "news/award"]
    (notice,) = [reading for reading in found if isinstance(reading, Notice)]
    assert notice.source_id == "news/photonics-call"
    assert (notice.countries, notice.regions, notice.lang) == (("NL",), ("nuts:NL414",), "en")
    assert str(notice.published_at) == "2026-06-23"
    assert [str(deadline.on) for deadline in notice.deadlines] == ["2027-01-15"]
    assert Skipped("news without a word of an opportunity", "news/award") in found


def test_all_news_is_kept_where_an_admin_wants_it(loopback_client: Client) -> None:
    pages = {"/int/news": NEWS, "/int/news/photonics-call": CALL, "/en/news/award": AWARD}
    with PagesPortal(pages) as portal:
        made = visit(loopback_client, "news", f"{portal.url}/int/news", opportunities_only=False)
        found = made.run(brainport)
    assert sum(isinstance(reading, Notice) for reading in found) == 2


def test_the_same_story_under_two_languages_is_one() -> None:
    html = '<main><a href="/int/news/lamp">Lamp</a> <a href="/en/news/lamp">Lamp again</a></main>'
    assert len(list(brainport.split(page(html, "news", role="listing")))) == 1


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Nieuwe subsidie voor fotonica", "grant_call"),
        ("Fabriek zoekt een partner in Italië", "partner_search"),
        ("Bijeenkomst voor toeleveranciers: aanmelden", "event"),
        ("Aanmelden voor de nieuwsbrief", "news"),
    ],
)
def test_dutch_titles_say_what_an_item_is(title: str, kind: str) -> None:
    html = f"<html lang=nl><main><h1>{title}</h1><p>Aanmelden kan op deze pagina van het cluster.</p></main></html>"
    assert only(page(html, "industries")).kind == kind


def test_a_challenge_is_a_search_for_partners() -> None:
    html = '<main><a href="/int/techxperience/challenges/pump/">Quieter pumps</a></main>'
    given = page(html, "challenges", role="listing")
    (record,) = brainport.split(given)
    card = brainport.read(record, given)
    assert isinstance(card, Seen)
    assert card.says is not None
    assert card.says.kind == "rd_partner_search"


def test_the_test_district_takes_proposals_at_any_time() -> None:
    html = "<main><h1>Business challenge</h1><p>Send us your proposal for the test district.</p></main>"
    notice = only(page(html, "smart_district"))
    (deadline,) = notice.deadlines
    assert (deadline.on, deadline.certainty) == (None, "continuous")
    assert notice.extra["brainport"]["requires_local_partner"] is True
    assert notice.source_id == "/en/business-challenge-regulations/"


FUND = "<html lang=nl><main><h1>Stimuleringsfonds</h1><p>Voor projecten van partners uit de regio. {}</p></main></html>"


def test_the_fund_names_its_next_four_closing_days_and_says_that_a_rule_does() -> None:
    notice = only(page(FUND.format(""), "fund"))
    closing = [(str(d.on), d.label) for d in notice.deadlines if d.kind == "submission"]
    assert closing == [(day, fund.CLOSING) for day in ("2027-01-01", "2027-04-01", "2027-07-01", "2027-10-01")]
    talks = [str(d.on) for d in notice.deadlines if d.kind == "stage"]
    assert talks == ["2026-12-18", "2027-03-18", "2027-06-17", "2027-09-17"]
    assert notice.extra["brainport"]["rule"] == fund.RULE
    assert notice.eligibility is not None
    assert notice.eligibility.verdict == "restricted"
    assert notice.lang == "nl"


def test_the_fund_keeps_a_day_that_its_page_states_and_needs_no_rule() -> None:
    html = FUND.format("De eerstvolgende sluitingsdatum is dus 15 februari 2027.")
    notice = only(page(html, "fund", fund_by_quarter=False))
    assert [(str(d.on), d.label) for d in notice.deadlines] == [("2027-02-15", None)]
    assert "rule" not in notice.extra["brainport"]


def test_the_rule_gives_the_day_that_the_fund_announced_in_2022() -> None:
    html = FUND.format("De eerstvolgende sluitingsdatum is dus 1 juli 2022.")
    notice = only(page(html, "fund", at=datetime(2022, 4, 20, tzinfo=UTC)))
    assert str(next(d.on for d in notice.deadlines if d.kind == "submission")) == "2022-07-01"
    assert [d.on for d in notice.deadlines].count(date(2022, 7, 1)) == 1


def test_a_talk_that_can_not_be_had_any_more_is_no_day() -> None:
    first, *_ = fund.deadlines(datetime(2026, 12, 28, tzinfo=UTC))
    assert (str(first.on), first.kind) == ("2027-01-01", "submission")


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_closing_days_are_the_next_four_quarters(since: date) -> None:
    days = fund.closing_days(since)
    assert len(days) == 4
    assert all(day.day == 1 and day.month in (1, 4, 7, 10) for day in days)
    assert days[0] >= since
    assert (days[0] - since).days <= 92
    assert all(80 < (later - earlier).days < 93 for earlier, later in pairwise(days))


def test_every_day_of_the_fund_is_counted_from_a_fresh_page() -> None:
    assert brainport.sweep_days(brainport.Params(section="fund")) == 7
    assert brainport.sweep_days(brainport.Params(section="news")) is None


def test_the_help_desk_is_watched_for_the_office(loopback_client: Client) -> None:
    with PagesPortal({"/the-gate": "<main><p>One.</p></main>"}) as portal:
        made = visit(loopback_client, "support", f"{portal.url}/the-gate")
        first = list(brainport.fetch(made))
        portal.pages["/the-gate"] = "<main><p>One.</p><p>A voucher for start-ups, apply by 1 March 2027.</p></main>"
        made.cursor = first[0].cursor_after
        (notice,) = [reading for reading in made.run(brainport) if isinstance(reading, Notice)]
    assert brainport.rights(notice, made.params).audience == "office"
    assert brainport.rights(notice, made.params.model_copy(update={"share": True})).audience == "public"
    assert notice.extra["brainport"]["needs_review"] is True


class _Broken:
    def get(self, url: str, **_: Any) -> Page:
        raise FetchError("transient", url, "the certificate of the server cannot be verified")


@pytest.mark.parametrize("section", ["news", "fund", "support", "vacancies"])
def test_a_broken_certificate_is_said_with_the_way_out(section: str) -> None:
    made = visit(_Broken(), section, "https://brainporteindhoven.com/x")  # type: ignore[arg-type]
    with pytest.raises(FetchError, match=r"extra_ca.*never switched off") as error:
        made.run(brainport)
    assert error.value.kind == "blocked"


def test_what_it_says_of_itself_is_unproven() -> None:
    assert brainport.ABOUT.recorded is False
    assert {"news", "fund", "vacancies"} <= set(brainport.about.PLACES)
