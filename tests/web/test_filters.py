"""The list as an address: filters, order, pages, and what happens to values that nobody knows."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from aggregator.store.session import Store
from connectors.base.contract import Deadline, Title
from tests.web import seed
from web.filters import Filters, read


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
    return BeautifulSoup(answer.text, "html.parser")


def titles(client: FlaskClient, path: str) -> list[str]:
    return [link.get_text() for link in soup(client, path).select(".row h2 a, .row h3 a")]


def short(client: FlaskClient, path: str) -> list[str]:
    """The first word of every title, in the order of the page."""
    return [title.split(" ")[0] for title in titles(client, path)]


def test_B1_the_list_opens_with_what_is_open_nearest_deadline_first_and_undated_last(client: FlaskClient) -> None:
    assert short(client, "/opportunities") == [
        "Incontri",
        "Francia",
        "Österreich",
        "Finlandia",
        "Social",
        "Vouchers",
        "Dutch",
        "Spagna",
        "Aide",
    ]


def test_B1_undated_ones_stand_under_their_own_label(client: FlaskClient) -> None:
    page = soup(client, "/opportunities")
    label = page.find(id="undated")
    assert label is not None
    after = label.find_next("ol")
    assert after is not None
    assert [row.select_one("h3").get_text().split()[0] for row in after.select(".row")] == [  # type: ignore[union-attr]
        "Vouchers",
        "Dutch",
        "Spagna",
        "Aide",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=grant_call", ["Social"]),
        ("kind=cascade_funding&kind=grant_call", ["Social", "Vouchers"]),
        ("country=FR", ["Incontri", "Francia", "Aide"]),
        ("country=AT&country=FI", ["Österreich", "Finlandia"]),
        ("kind=tender&country=FR", ["Francia"]),
        ("sector=facility_cleaning", ["Francia"]),
        ("source=ted-reserved", ["Finlandia"]),
        ("status=closed", ["Belgio"]),
        ("status=forthcoming", ["Spagna"]),
        ("status=open&deadline=7", ["Incontri", "Francia"]),
        ("status=closed&posted=30", []),
        ("reserved=any", ["Francia", "Finlandia"]),
        ("reserved=res-pub-ser", ["Finlandia"]),
        ("q=catering", ["Finlandia"]),
        ("q=formaggio", []),
        ("q=cheese&sort=relevance", ["Dutch"]),
    ],
)
def test_B1_every_state_of_the_list_is_an_address(client: FlaskClient, query: str, found: list[str]) -> None:
    assert short(client, f"/opportunities?{query}") == found


def test_B1_closed_ones_are_shown_only_on_request(client: FlaskClient) -> None:
    assert "Belgio" not in short(client, "/opportunities?size=100")
    assert "Belgio" in short(client, "/opportunities?status=open&status=closed")


def test_one_state_has_one_address_whatever_a_form_sends(client: FlaskClient) -> None:
    sent = (
        "/opportunities?q=&country=FR,AT&status=unknown&status=forthcoming&status=open&deadline=&sort=deadline&size=20"
    )
    answer = client.get(sent)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/opportunities?country=AT&country=FR"


def test_a_facet_counts_its_values_as_if_it_were_not_set(client: FlaskClient) -> None:
    options = soup(client, "/opportunities?kind=grant_call").select("input[name=kind]")
    counts = {str(o["value"]): o.parent.select_one(".n").get_text() for o in options if o.parent}  # type: ignore[union-attr]
    assert counts == {
        "grant_call": "1",
        "tender": "4",
        "business_request": "1",
        "cascade_funding": "1",
        "event": "1",
        "incentive": "1",
    }
    assert [o["value"] for o in options if o.has_attr("checked")] == ["grant_call"]


def test_every_chosen_value_has_a_pill_that_takes_it_away_alone(client: FlaskClient) -> None:
    page = soup(client, "/opportunities?q=x&country=AT&country=FR&reserved=any")
    pills = {" ".join(a.get_text(" ").split()): a["href"] for a in page.select(".pills a")}
    assert pills == {
        "Togli il filtro «x» ×": "/opportunities?country=AT&country=FR&reserved=any",
        "Togli il filtro Paese Austria ×": "/opportunities?q=x&country=FR&reserved=any",
        "Togli il filtro Paese Francia ×": "/opportunities?q=x&country=AT&reserved=any",
        "Togli il filtro Appalti riservati Tutti gli appalti riservati ×": "/opportunities?q=x&country=AT&country=FR",
        "Togli tutti": "/opportunities",
    }


def test_an_empty_page_says_which_filter_to_drop_the_most_rewarding_first(client: FlaskClient) -> None:
    page = soup(client, "/opportunities?kind=tender&country=NL&lang=en")
    ways = [(a.get_text(), a["href"]) for a in page.select(".nothing li a")]
    assert ways == [
        ("without Country: Netherlands", "/opportunities?kind=tender"),
        ("without Kind: Tenders", "/opportunities?country=NL"),
    ]
    assert [n.get_text() for n in page.select(".nothing li .quiet")] == ["4 opportunities", "2 opportunities"]


def test_any_of_the_words_is_a_choice_an_address_and_a_way_out(client: FlaskClient) -> None:
    page = soup(client, "/opportunities?q=francia+spagna")
    assert [o["value"] for o in page.select("select[name=match] option[selected]")] == ["all"]
    ways = [(a.get_text(), a["href"]) for a in page.select(".nothing li a")]
    assert ("con almeno una parola", "/opportunities?q=francia+spagna&match=any") in ways
    assert short(client, "/opportunities?q=francia+spagna&match=any") == ["Francia", "Spagna"]
    chosen = soup(client, "/opportunities?q=francia+spagna&match=any")
    assert [o["value"] for o in chosen.select("select[name=match] option[selected]")] == ["any"]
    assert [a["href"] for a in chosen.select(".pills a")] == ["/opportunities", "/opportunities"]
    for sent in ("match=any", "q=francia&match=all"):
        assert client.get(f"/opportunities?{sent}").status_code == 302


def test_B3_orders_are_words_and_relevance_comes_only_with_words(client: FlaskClient) -> None:
    def offered(path: str) -> list[str]:
        return [option.get_text() for option in soup(client, path).select("select[name=sort] option")]

    usual = ["Deadline soonest", "Newest on the board", "Newest published"]
    assert offered("/opportunities?lang=en") == usual
    assert offered("/opportunities?q=catering&lang=en") == [*usual, "Best match for the words"]


def test_B3_newest_and_newest_published_are_two_orders(store: Store, app: Flask) -> None:
    late = seed.opportunity(source_id="1", titles={"en": Title(text="Late news")}, published_at=seed.day(-30))
    early = seed.opportunity(
        source_id="2",
        titles={"en": Title(text="Early news")},
        published_at=seed.day(-2),
        first_seen=seed.NOW - timedelta(days=8),
    )
    seed.put(store, early, late)
    client = app.test_client()
    assert short(client, "/opportunities?sort=newest") == ["Late", "Early"]
    assert short(client, "/opportunities?sort=published") == ["Early", "Late"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=lottery", "Kind «lottery»"),
        ("country=ZZ", "Country «ZZ»"),
        ("country=france", "Country «france»"),
        ("sector=magic", "Sector «magic»"),
        ("source=nowhere", "Source «nowhere»"),
        ("status=ajar", "Status «ajar»"),
        ("deadline=soon", "Closing «soon»"),
        ("deadline=-3", "Closing «-3»"),
        ("posted=99999999999999999999", "New on the board «99999999999999999999»"),
        ("posted=%C2%B2", "New on the board «²»"),
        ("reserved=me", "Reserved contracts «me»"),
        ("sort=sideways", "Order «sideways»"),
        ("size=33", "Per page «33»"),
        ("page=minus", "Page «minus»"),
    ],
)
def test_an_unknown_value_is_left_aside_with_a_visible_note(client: FlaskClient, query: str, said: str) -> None:
    page = soup(client, f"/opportunities?{query}&lang=en")
    note = page.select_one(".note")
    assert note is not None
    assert said in note.get_text()
    assert len(page.select(".row")) == 9


SIGNS = (
    '"',
    '""',
    '"open phrase',
    "AND",
    "OR NOT",
    "NEAR(a b)",
    "NEAR/2",
    "*",
    "(",
    ")",
    "-",
    "--",
    "-cheese",
    "title:cheese",
    "^cheese",
    "{title}: x",
    "cheese*",
    "'; DROP TABLE opportunities; --",
    "%",
    "_",
    "\\",
    "\x00",
    "a\x00b",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "ß ı İ ﬁ",
    "x" * 5000,
    "<&>",
    ":|&!()'",
)


def test_signs_of_query_languages_are_only_words(client: FlaskClient) -> None:
    for words in SIGNS:
        answer = client.get("/opportunities", query_string={"q": words}, follow_redirects=True)
        assert answer.status_code == 200, words
    assert len(titles(client, "/opportunities")) == 9


def test_pages_follow_each_other_and_show_everything_once(store: Store, app: Flask) -> None:
    seed.put(
        store,
        *(
            seed.opportunity(
                source_id=f"{n}",
                titles={"en": Title(text=f"Notice number {n:02}")},
                deadlines=[Deadline(on=seed.day(20 + n % 3))],
            )
            for n in range(47)
        ),
    )
    client = app.test_client()
    path, seen = "/opportunities?lang=en", list[str]()
    for _ in range(3):
        page = soup(client, path)
        seen += [link.get_text() for link in page.select(".row h2 a")]
        onward = page.select_one("a[rel=next]")
        path = str(onward["href"]) if onward else ""
    assert path == ""
    assert len(seen) == len(set(seen)) == 47
    assert "41 to 47" in page.text
    assert client.get("/opportunities?page=9").headers["Location"] == "/opportunities?page=3"


def test_reading_an_address_and_writing_it_again_gives_the_same_state() -> None:
    filters = Filters(
        q="pulizia scuole",
        kind=("grant_call", "tender"),
        country=("*", "FR"),
        source=("ted",),
        status=("closed",),
        deadline=30,
        posted=7,
        reserved="res-ws",
        sort="relevance",
        size=50,
        page=4,
    )
    again, ignored = read(MultiDict(filters.pairs()), sources={"ted"})
    assert again == filters
    assert not ignored


def test_a_deadline_filter_that_no_list_offers_is_kept_and_offered(client: FlaskClient) -> None:
    chosen = soup(client, "/opportunities?deadline=10&lang=en").select_one("select[name=deadline] option[selected]")
    assert chosen is not None
    assert re.sub(r"\s+", " ", chosen.get_text()) == "within 10 days"
