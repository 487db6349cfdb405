"""What the pages say: home, list, one opportunity, sources, about, health."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from aggregator.intake.tables import sources
from aggregator.store.opportunity import ShownBy
from aggregator.store.session import Store
from aggregator.store.tables import opportunities, stamp
from connectors.base.contract import Deadline, Title
from tests.web import seed


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:400]
    return BeautifulSoup(answer.text, "html.parser")


def text(found: Tag) -> str:
    return re.sub(r"\s+", " ", found.get_text(" "))


def number(client: FlaskClient, title: str) -> str:
    """The address of the opportunity with this in its title."""
    link = soup(client, "/opportunities?status=open&status=forthcoming&status=unknown&status=closed&size=100").find(
        "a", string=re.compile(re.escape(title))
    )
    assert link is not None
    return str(link["href"])


def test_the_front_page_says_how_much_is_open_and_how_much_closes_soon(client: FlaskClient) -> None:
    page = soup(client, "/")
    assert page.h1 is not None
    assert text(page.h1).strip() == "9 opportunità per le cooperative, 4 chiudono entro due settimane"
    soon = page.select("[aria-labelledby=soon] time .num")
    assert [number.get_text() for number in soon] == ["23", "24", "2", "6"]


def test_the_front_page_counts_each_kind_and_leads_to_it(client: FlaskClient) -> None:
    link = soup(client, "/").find("a", href="/opportunities?kind=tender")
    assert link is not None
    assert " ".join(link.get_text(" ").split()) == "Gare d'appalto 4"
    assert "<b>4</b>" in client.get("/opportunities?kind=tender").text


@pytest.mark.parametrize(
    "line",
    [
        "TED: cleaning and green care : last read 2 hours ago",
        "TED: reserved contracts : last read 32 minutes ago",
        "Northern grants : not reached: it does not admit programs; last tried 32 minutes ago",
        "Notizie delle cooperative : not reached: it did not answer; last tried 32 minutes ago, last read 3 days ago",
        "Fund watch : never read yet",
    ],
)
def test_each_source_says_in_one_line_how_fresh_it_is(client: FlaskClient, line: str) -> None:
    assert line in text(soup(client, "/?lang=en"))


def test_the_sources_page_says_which_platform_was_never_met(client: FlaskClient) -> None:
    said = text(soup(client, "/sources?lang=en"))
    assert said.count("confirmed live: never") == 4
    assert "confirmed live: 2 November 2026" in said


def test_B4_a_deadline_shows_the_clock_of_the_source_and_the_readers_own(client: FlaskClient) -> None:
    page = soup(client, number(client, "Servizi di mensa") + "?lang=en")
    lead = page.select_one(".lead")
    assert lead is not None
    assert "Sunday 6 December 2026, 15:00 Helsinki time · for you: 6 December 2026, 14:00" in text(lead)
    assert "13 days left" in text(lead)
    assert lead.time is not None
    assert lead.time["datetime"] == "2026-12-06T15:00:00+02:00"


def test_B4_a_day_without_a_time_ends_with_the_day_in_the_zone_of_the_source(client: FlaskClient) -> None:
    page = soup(client, number(client, "Social economy partnerships") + "?lang=en")
    said = text(page)
    assert "20 January 2027 until the end of the day, Brussels time" in said
    assert page.select_one(".lead time")["datetime"] == "2027-01-20"  # type: ignore[index]


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Etc/GMT-2", "17:00 UTC+2 ·"),
        ("Etc/GMT+3", "17:00 UTC-3 ·"),
        ("UTC", "17:00 UTC ·"),
        ("CET", "17:00 Brussels time"),
    ],
)
def test_B4_a_clock_without_a_city_is_named_by_its_distance_from_utc(
    store: Store, app: Flask, zone: str, said: str
) -> None:
    (put,) = seed.put(store, seed.opportunity(deadlines=[Deadline(on=seed.day(5), at="17:00", zone=zone)]))
    assert said in text(soup(app.test_client(), f"/opportunities/{put.id}?lang=en"))


def test_B4_what_closed_a_minute_ago_is_closed_and_what_closes_in_a_minute_is_not(store: Store, app: Flask) -> None:
    item = seed.opportunity(titles={"en": Title(text="Narrow gate")}, zone="Europe/Helsinki")
    # 9:30 UTC is 11:30 in Helsinki, where the day and the hour are decided.
    for at, open_now in (("11:29", False), ("11:31", True)):
        timed = item.model_copy(update={"deadlines": (Deadline(on=seed.NOW.date(), at=at),)})
        (put,) = seed.put(store, timed.model_copy(update={"summary": at}))
        said = text(soup(app.test_client(), f"/opportunities/{put.id}?lang=en"))
        assert ("every date of this opportunity has passed" not in said) == open_now
        assert (" today " in said) == open_now


def test_B4_the_list_shows_the_day_of_publication_beside_the_deadline(client: FlaskClient) -> None:
    row = soup(client, "/opportunities?q=Valdor%C3%A9e").select_one(".row")
    assert row is not None
    assert [time["datetime"] for time in row.select("time")] == ["2026-11-24T17:00:00+01:00", "2026-11-20"]


def test_the_page_of_an_opportunity_holds_all_that_the_source_said(client: FlaskClient) -> None:
    page = soup(client, number(client, "Servizi di pulizia") + "?lang=en")
    said = text(page)
    for fact in (
        "Tender · France",
        "Ville de Valdorée",
        "€1,250,000",
        "French",
        "Reserved for sheltered workshops: check Art. 20 of Directive 2014/24/EU (lot 2)",
        "Restricted: read the conditions at the source",
        "Marché réservé pour le lot 2",
        "Registration: Visite des lieux",
        "Dossier de consultation",
        "CPV 90919200",
        "NUTS FRK26",
        "TED, © European Union, 1998-2026",
        "notice 100001-2026",
        "23 November 2026, 08:30",
        "On this board since 21 November 2026",
    ):
        assert fact in said, fact
    body = page.select_one(".text")
    assert body is not None
    assert body["lang"] == "fr"
    assert body.find("li") is not None


def test_a_value_that_the_source_does_not_give_is_said_to_be_not_stated(client: FlaskClient) -> None:
    page = soup(client, number(client, "Servizi di assistenza") + "?lang=en")
    facts = {d.dt.get_text(): d.dd.get_text().strip() for d in page.select(".facts div") if d.dt and d.dd}
    assert facts["Value"] == "not stated"
    assert facts["Language of the offer"] == "not stated"
    assert "None" not in text(page)


def test_continuous_until_funds_and_not_stated_are_three_different_things(client: FlaskClient) -> None:
    undated = [" ".join(d.get_text(" ").split()) for d in soup(client, "/opportunities?lang=en").select(".nodate")]
    assert undated == [
        "Deadline: until funds run out",
        "Deadline: date not stated",
        "Deadline: date not stated",
        "Deadline: continuous",
    ]


def test_the_official_title_in_the_readers_language_comes_first_and_the_others_follow(client: FlaskClient) -> None:
    path = number(client, "Servizi di pulizia")
    italian, english = soup(client, path + "?lang=it"), soup(client, path + "?lang=en")
    assert italian.h1 is not None
    assert english.h1 is not None
    assert italian.h1.get_text().startswith("Francia – ")
    assert english.h1.get_text().startswith("France – Office")
    assert {dd["lang"] for dd in italian.select(".titles dd")} == {"fr", "en"}


def test_a_title_in_another_language_carries_that_language(client: FlaskClient) -> None:
    link = soup(client, "/opportunities").find("a", string=re.compile("Grünflächenpflege"))
    assert link is not None
    assert link["lang"] == "de"


def test_the_original_opens_in_the_readers_language_where_the_source_has_one(client: FlaskClient) -> None:
    path = number(client, "Servizi di pulizia")
    links = [soup(client, path + f"?lang={code}").select_one(".action a") for code in ("it", "en")]
    assert [link["href"] for link in links if link] == [
        "https://notices.example.org/it/notice/100001-2026",
        "https://notices.example.org/en/notice/100001-2026",
    ]


def test_a_moved_deadline_stands_in_the_history_with_both_dates(client: FlaskClient, store: Store) -> None:
    first = seed.samples()[0]
    moved = first.deadlines[0].model_copy(update={"on": seed.day(9)})
    seed.put(store, first.model_copy(update={"deadlines": (moved, first.deadlines[1])}))
    said = text(soup(client, number(client, "Servizi di pulizia") + "?lang=en"))
    assert "Deadline : 25 November 2026, 12:00 → 2 December 2026, 12:00" in said


def test_what_members_alone_may_see_is_on_no_public_page(client: FlaskClient, store: Store) -> None:
    with store.read() as connection:
        hidden = connection.scalar(sa.select(opportunities.c.id).where(opportunities.c.audience == "members"))
    assert client.get(f"/opportunities/{hidden}").status_code == 404
    for path in ("/", "/opportunities?size=100", "/opportunities?q=riservata", "/opportunities?source=news-coop"):
        assert "Solo per i soci" not in client.get(path).text


def test_a_text_that_may_only_be_linked_is_not_shown_and_not_in_the_history(store: Store, app: Flask) -> None:
    secret = seed.opportunity(
        summary="the words of the source",
        body="<p>the words of the source</p>",
        eligibility={"text": "the words of the source"},
        rights=ShownBy(show="link", basis="contract of 2 May 2026"),
    )
    (put,) = seed.put(store, secret)
    seed.put(store, secret.model_copy(update={"titles": {"it": Title(text="the words of the source")}}))
    seed.put(store, secret)
    for path in ("/", "/opportunities", f"/opportunities/{put.id}"):
        assert "the words of the source" not in app.test_client().get(path).text


def test_a_withdrawn_opportunity_keeps_its_page_and_says_since_when(client: FlaskClient, store: Store) -> None:
    path = number(client, "Servizi di pulizia")
    with store.write() as connection:
        gone = stamp(seed.NOW - timedelta(days=1))
        connection.execute(
            sa.update(opportunities).where(opportunities.c.id == int(path.rsplit("/", 1)[1])).values(withdrawn_at=gone)
        )
    said = text(soup(client, path + "?lang=en"))
    assert "Withdrawn by the source; not to be found there since 22 November 2026" in said
    assert soup(client, "/opportunities").find("a", href=path) is None


def test_an_unknown_number_is_a_page_that_does_not_exist(client: FlaskClient) -> None:
    for path in ("/opportunities/4711", "/opportunities/0", "/opportunities/99999999999999999999", "/opportunities/x"):
        assert client.get(path).status_code == 404


def test_the_contact_page_names_our_user_agent_and_what_is_not_proven(client: FlaskClient) -> None:
    said = text(soup(client, "/about?lang=en"))
    assert re.search(r"worldwidewe/\d\S* \(\+http://board\.example\.org/about\)", said)
    for part in ("Federazione di prova", "What is not proven", "Accessibility", "robots.txt"):
        assert part in said


def test_health_tells_the_age_of_the_last_good_visit(client: FlaskClient) -> None:
    assert client.get("/health").json == {
        "ok": True,
        "database": "ok",
        "last_good_visit": "2026-11-23T08:58:00+00:00",
        "last_good_visit_age": 32 * 60,
    }


def test_health_of_a_board_without_its_database_is_bad(board: Flask, store: Store) -> None:
    board.config["BOARD_STORE"] = replace(store, engine=sa.create_engine("sqlite:////nowhere/at/all.sqlite"))
    answer = board.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.json == {"ok": False, "database": "failing"}


def test_an_empty_board_is_a_page_too(app: Flask) -> None:
    for path in ("/", "/opportunities", "/sources"):
        assert app.test_client().get(path).status_code == 200
    assert "Non c'è ancora nessuna fonte." in app.test_client().get("/").text


def test_a_source_that_nobody_has_switched_on_rests_below_and_a_mailbox_is_nobodys_business(
    client: FlaskClient, store: Store
) -> None:
    rows = (
        {"name": "resting", "connector": "feed", "title": "Bandi che riposano", "enabled": False},
        {"name": "box", "connector": "mailbox", "title": "La posta dell'ufficio", "enabled": True},
    )
    with store.write() as connection:
        for row in rows:
            connection.execute(sa.insert(sources).values(**row, params="{}", added_at=stamp(seed.NOW)))
    page = soup(client, "/sources")
    resting = page.select_one("details.resting")
    assert resting is not None
    assert "Bandi che riposano" in text(resting)
    assert "La posta dell'ufficio" not in text(page)
    assert "Bandi che riposano" not in text(soup(client, "/"))
