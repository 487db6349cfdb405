"""What an item says, and only that: texts, dates, deadlines, money, kinds."""

import json
from datetime import date

import pytest

from connectors.generic.feed import Params
from connectors.generic.kinds import kind_of
from tests.connectors.feed.pages import notices, only, page, rss, title


def item(text: str = "", **parts: str) -> str:
    told = {"title": "Bando casa", "link": "https://www.example.org/a", "description": f"<![CDATA[{text}]]>"} | parts
    return "".join(f"<{name}>{value}</{name}>" for name, value in told.items())


def test_F15_deadlines_and_amounts_of_the_prose_are_found() -> None:
    notice = only(
        page(
            rss(
                item(
                    "<p>Dotazione 2 mln di euro, contributo fino a € 50.000,00.</p><p>Entro le ore 12:00 del 30/06/2027.</p>"
                )
            )
        )
    )
    assert notice.model_dump(mode="json")["deadlines"] == [
        {"on": "2027-06-30", "at": "12:00", "zone": "Europe/Rome", "kind": "submission", "certainty": "stated"}
    ]
    assert notice.budget is not None
    assert notice.grant is not None
    assert (str(notice.budget.total), str(notice.grant.max), notice.grant.raw) == (
        "2000000",
        "50000.00",
        "fino a € 50.000,00",
    )


def test_F15_a_date_that_cannot_be_read_is_left_out_and_named() -> None:
    notice = only(page(rss(item("Scade il 31/02/2027.", pubDate="Tue, 31 Feb 2026 10:00:00 +0100"))))
    assert notice.published_at is None
    assert notice.deadlines == ()
    assert notice.extra["feed"]["unread"] == [
        "published or updated: Tue, 31 Feb 2026 10:00:00 +0100",
        "no such day: 31/02/2027",
    ]


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("lun, 09 nov 2026 10:00:00 +0100", "2026-11-09 10:00:00+01:00"),
        ("lun., 9 nov. 2026 10:00:00 GMT", "2026-11-09 10:00:00+00:00"),
        ("Mon, 9 Nov 2026 10:00:00 EST", "2026-11-09 10:00:00-05:00"),
        ("09/11/2026 10:00", "2026-11-09 10:00:00+01:00"),
        ("2026-11-09", "2026-11-09"),
        ("&lt;span content=&quot;2026-11-09T00:00:00-05:00&quot;&gt;ieri&lt;/span&gt;", "2026-11-09 00:00:00-05:00"),
    ],
)
def test_the_publication_is_read_in_local_spellings(raw: str, read: str) -> None:
    assert str(only(page(rss(item(pubDate=raw)))).published_at) == read


def test_F14_a_publication_in_the_future_is_left_out_and_named() -> None:
    notice = only(page(rss(item(pubDate="Mon, 14 Dec 2026 10:00:00 +0100"))))
    assert notice.published_at is None
    assert notice.extra["feed"]["unread"] == ["published in the future: Mon, 14 Dec 2026 10:00:00 +0100"]


def test_an_item_without_dates_has_none() -> None:
    notice = only(page(rss(item())))
    assert (notice.published_at, notice.updated_at, notice.deadlines) == (None, None, ())


def test_an_update_is_not_made_up_from_the_publication() -> None:
    assert only(page(rss(item(pubDate="Mon, 9 Nov 2026 10:00:00 GMT")))).updated_at is None


def test_day_and_month_follow_the_language_and_only_a_publisher_in_the_us_writes_the_month_first() -> None:
    body = rss(item("Closing date 05/06/2027", title="Call"), head="<language>en-us</language>")
    assert [d.on for d in only(page(body)).deadlines] == [date(2027, 6, 5)]
    assert [d.on for d in only(page(body, origin_country="US")).deadlines] == [date(2027, 5, 6)]


def test_P8_no_markup_of_the_source_survives_in_any_text_or_address() -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script><a href='javascript:alert(3)'>x</a>"
    escaped = evil.replace("<", "&lt;").replace(">", "&gt;")
    first = {"id": "1", "title": f"Bando {evil}", "content_html": f"<p>t {evil}</p>", "url": "javascript:alert(4)"}
    attached = [{"url": "data:text/html,x", "title": evil}, {"url": "https://www.example.org/a.pdf", "title": evil}]
    second = {"id": "2", "title": escaped, "content_html": "testo", "tags": [evil], "attachments": attached}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [first, second]}
    read = notices(page(json.dumps(feed))) + notices(page(rss(item(evil, title=escaped, category=escaped))))
    assert len(read) == 3
    for notice in read:
        told = notice.model_dump_json()
        assert not [sign for sign in ("javascript:", "<script", "<img", "onerror", "data:text") if sign in told], told


def test_P8_plain_text_that_looks_like_markup_is_text_and_stays_escaped() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "1", "title": "A", "content_text": "usa <b> e <script>"}],
    }
    assert only(page(json.dumps(feed))).body == "usa &lt;b&gt; e &lt;script&gt;"


def test_F25_invisible_signs_and_nul_do_not_reach_a_notice() -> None:
    notice = only(page(rss(item("te\u200bsto\u202e", title="Ban\u202edo\u2066 casa"))))
    assert (title(notice), notice.summary) == ("Bando casa", "testo")


def test_a_title_escaped_twice_is_read_and_a_missing_one_is_made_of_the_text() -> None:
    assert title(only(page(rss(item(title="Acqua &amp;amp; sale &amp;#8211; bando"))))) == "Acqua & sale – bando"
    long = "Il comune cerca una cooperativa " * 9
    made = title(only(page(rss(item(long, title="")))))
    assert made.startswith("Il comune cerca")
    assert len(made) <= 100


def test_persons_are_cut_from_every_text() -> None:
    text = "<p>RUP: Ing. Oreste Malaspina, tel. 0599 123456, oreste@comune.example</p>"
    notice = only(page(rss(item(text, title="Bando, referente Pia Zanardelli", category="A cura di Lapo Bonfanti"))))
    for part in ("Malaspina", "123456", "oreste@", "Zanardelli", "Bonfanti"):
        assert part not in notice.model_dump_json()


def test_the_summary_is_short_and_the_body_is_the_longer_text() -> None:
    body = rss(item("Breve.") + "<content:encoded><![CDATA[<p>" + "parola " * 200 + "</p>]]></content:encoded>")
    notice = only(page(body.replace("<rss ", '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" ')))
    assert notice.summary == "Breve."
    assert notice.body is not None
    assert len(notice.body) > 1000
    assert len(only(page(rss(item("parola " * 200)))).summary or "") <= 400


def test_what_is_structured_in_categories_is_read_as_such() -> None:
    categories = "".join(
        f"<category>{c}</category>"
        for c in ("CPV/24400000", "country/sn - Senegal", "deadline/2027/Apr/30", "Agricoltura")
    )
    notice = only(page(rss(item(title="Seeds") + categories, head="<language>en</language>")))
    assert (notice.codes, notice.countries, notice.keywords) == (("cpv:24400000",), ("SN",), ("Agricoltura",))
    assert [d.on for d in notice.deadlines] == [date(2027, 4, 30)]


def test_what_the_admin_says_holds_for_every_item() -> None:
    given = page(
        rss(item()),
        kind="incentive",
        countries=["IT"],
        origin_country="IT",
        lang="fr",
        organisation="Ente X",
        programme="PON",
    )
    notice = only(given)
    assert (notice.kind, notice.countries, notice.lang, list(notice.titles)) == ("incentive", ("IT",), "fr", ["fr"])
    assert notice.organisation is not None
    assert notice.programme is not None
    assert (notice.organisation.name, notice.organisation.country, notice.programme.name) == ("Ente X", "IT", "PON")


def test_an_event_closes_on_its_day_and_not_on_its_registration() -> None:
    notice = only(
        page(
            rss(
                item(
                    "Si terrà il 12 maggio 2027 alle 17:30. Iscrizioni entro il 5 maggio 2027.",
                    title="Webinar sui soci",
                )
            )
        )
    )
    assert [(str(d.on), d.at, d.kind) for d in notice.deadlines] == [
        ("2027-05-05", None, "registration"),
        ("2027-05-12", "17:30", "event"),
    ]


@pytest.mark.parametrize("text", ["Mancano 12 giorni alla scadenza.", "Domande entro il 21 novembre."])
def test_days_left_and_days_without_a_year_count_from_the_publication_or_not_at_all(text: str) -> None:
    dated = only(page(rss(item(text, pubDate="Mon, 9 Nov 2026 10:00:00 +0100"))))
    assert [str(d.on) for d in dated.deadlines] == ["2026-11-21"]
    assert only(page(rss(item(text)))).deadlines == ()


def test_a_day_before_the_publication_is_no_deadline_of_the_item() -> None:
    told = item("Scadenza 30/06/2026. Domande entro il 31/01/2027.", pubDate="Mon, 9 Nov 2026 10:00:00 +0100")
    assert [str(d.on) for d in only(page(rss(told))).deadlines] == ["2027-01-31"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Bando voucher digitali", "grant_call"),
        ("Avviso pubblico per le botteghe", "grant_call"),
        ("Call for proposals: textiles", "grant_call"),
        ("Appel à projets : habitat", "grant_call"),
        ("Bando di gara per pulizie", "tender"),
        ("Invitation to tender: school meals", "tender"),
        ("Appel d'offres : restauration", "tender"),
        ("Webinar sulle comunità energetiche", "event"),
        ("Cercasi partner per un progetto", "partner_search"),
        ("Looking for partners in food chains", "partner_search"),
        ("Esito della gara per la mensa", "news"),
        ("Nuovo presidente eletto", "news"),
        ("The garage of attention", "news"),
        ("Gara a procedura aperta con aggiudicazione secondo il criterio dell'offerta più vantaggiosa", "tender"),
        ("Aggiudicazione della gara per la mensa", "news"),
        ("Risposte ai quesiti - Gara servizi di pulizia", "tender"),
        ("Call for proposals: results-based financing for water", "grant_call"),
        ("Prize: winners receive EUR 50,000 - open call", "grant_call"),
        ("Call for artists: the winners", "news"),
        ("Incentivi per appalti innovativi: bando", "grant_call"),
    ],
)
def test_words_of_the_title_tell_the_kind(words: str, kind: str) -> None:
    assert kind_of(words, ()) == kind


def test_the_title_speaks_before_the_categories() -> None:
    assert kind_of("Nuovo regolamento", ("Gare e appalti",)) == "tender"
    assert kind_of("Webinar", ("Gare e appalti",)) == "event"


@pytest.mark.parametrize(
    "wrong",
    [{"url": "ftp://x"}, {"url": "x"}, {"zone": "Roma"}, {"kind": "sconto"}, {"countries": ["Italia"]}, {"foglia": 1}],
)
def test_wrong_parameters_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Params.model_validate({"url": "https://www.example.org/feed.xml"} | wrong)


def test_every_parameter_explains_itself_to_the_admin() -> None:
    for field in Params.model_fields.values():
        assert field.title
        assert field.description
        assert field.examples


@pytest.mark.parametrize(
    ("params", "zone"),
    [
        ({"origin_country": "IE"}, "Europe/Dublin"),
        ({"origin_country": "US"}, "Europe/Rome"),
        ({}, "Europe/Rome"),
        ({"origin_country": "IE", "zone": "Europe/Lisbon"}, "Europe/Lisbon"),
    ],
)
def test_a_day_ends_where_the_publisher_is_unless_the_admin_says_otherwise(params: dict[str, str], zone: str) -> None:
    assert Params.model_validate({"url": "https://example.org/feed.xml", **params}).clock == zone
