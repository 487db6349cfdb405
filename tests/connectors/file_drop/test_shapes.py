"""Posts and organisations: kinds by words, ends by rule, countries by name, and what is left out on purpose."""

import pytest

from aggregator.intake.reading import Rejected
from connectors.base.contract import Organisation, Skipped
from connectors.generic.file_drop.organisations import country_of
from connectors.generic.file_drop.posts import OUR_RULE, kind_of
from tests.connectors.file_drop.pages import notices, organisations, read

POST = "post_id,section,sector,title,body_html,author_organisation,author_country,languages,created_at,expires_at,url,contact_channel\n"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Cooperative seeks tour operators", "business_request"),
        ("Consorzio cerca partner per un cantiere", "business_request"),
        ("Cooperativa busca distribuidores", "business_request"),
        ("Recherche imprimeur coopératif", "business_request"),
        ("Genossenschaft sucht Lieferanten", "business_request"),
        ("We offer printing capacity", "business_offer"),
        ("Notre coopérative offre des ateliers", "business_offer"),
        ("La cooperativa propone corsi di formazione", "business_offer"),
        ("Offriamo ospitalità a chi cerca un alloggio", "business_offer"),
        ("Cerchiamo chi offre trasporti", "business_request"),
        ("Rete europea di cooperative", "partner_search"),
        ("Progetto di ricerca sulla pesca", "partner_search"),
        ("Officina meccanica cooperativa", "partner_search"),
    ],
)
def test_the_first_word_of_seeking_or_offering_tells_what_a_post_is(title: str, kind: str) -> None:
    assert kind_of(title, "") == kind


def test_the_text_is_asked_where_the_title_says_nothing() -> None:
    assert kind_of("Trasporti", "La cooperativa offre mezzi attrezzati") == "business_offer"


def test_a_post_holds_until_the_day_that_it_names_else_half_a_year_by_our_own_rule() -> None:
    first, second, third = notices(
        POST
        + "1,post,ict,Cerca A,x,A,IT,it,2026-11-01,2026-12-24,https://c.example/1,\n"
        + "2,post,ict,Cerca B,x,B,IT,it,2026-11-01T23:30:00+01:00,,https://c.example/2,\n"
        + "3,post,ict,Cerca C,x,C,IT,it,,,https://c.example/3,\n",
        shape="coopspace",
        zone="Europe/Rome",
    )
    assert [(str(one.on), one.kind, one.label) for one in first.deadlines] == [("2026-12-24", "validity", None)]
    assert [(str(one.on), one.kind, one.label) for one in second.deadlines] == [("2027-04-30", "validity", OUR_RULE)]
    assert third.deadlines == ()


def test_F15_a_post_whose_end_cannot_be_read_is_refused_and_its_beginning_is_left_out() -> None:
    bad, good = read(
        POST + "1,post,ict,Cerca A,x,A,IT,it,2026-11-01,31/02/2027,https://c.example/1,\n"
        "2,post,ict,Cerca B,x,B,IT,it,chissà,2027-02-01,https://c.example/2,\n",
        shape="coopspace",
    )
    assert isinstance(bad, Rejected)
    assert "'31/02/2027' is no day that can be read" in bad.reason
    assert not isinstance(good, Rejected | Skipped | Organisation)


def test_the_way_to_the_author_is_a_page_and_never_a_mail_address() -> None:
    (found,) = notices(
        POST + "1,post,ict,Cerca A,x,A,IT,it,2026-11-01,,https://c.example/1,pia.neri@example.org\n", shape="coopspace"
    )
    assert found.contact is not None
    assert (found.contact.url, "neri" in found.model_dump_json()) == ("https://c.example/1", False)


def test_a_country_is_known_by_its_code_or_its_name_and_never_guessed() -> None:
    given = ("IT", "ita", "Italia", "France", "Palestine, State of", "Stati Uniti", "International", "Asia+Pacific", "")
    assert [country_of(one) for one in given] == ["IT", "IT", "IT", "FR", "PS", "US", None, None, None]


def test_a_list_of_organisations_with_names_of_its_own_is_read_by_the_offices_mapping() -> None:
    (found,) = organisations(
        "Cod.;Ragione;Web;Mail;Telefono;Presidente\n7;Coop Aurora;aurora.example.org;a@b.example;051 123456;Pia Neri\n",
        shape="organisations",
        columns={"id": "Cod.", "title": "Ragione", "url": "Web"},
    )
    assert found.model_dump(mode="json") == {
        "source_id": "7",
        "name": "Coop Aurora",
        "website": "http://aurora.example.org",
        "domains": ["aurora.example.org"],
    }


def test_a_row_without_a_number_keeps_its_identity_wherever_it_stands() -> None:
    rows = ["Coop Uno,IT,https://uno.example\n", "Coop Due,FR,\n"]
    head = "name,country,website\n"
    there = {one.name: one.source_id for one in organisations(head + "".join(rows), shape="organisations")}
    turned = {one.name: one.source_id for one in organisations(head + "".join(reversed(rows)), shape="organisations")}
    assert there == turned
    assert len(set(there.values())) == 2


def test_places_are_numbers_within_the_world_or_left_out() -> None:
    body = "identifier,name,latitude,longitude\n1,A,91,10\n2,B,0,0\n3,C,nan,x\n4,D,44.5,11.25\n"
    assert [(one.lat, one.lon) for one in organisations(body, shape="sse")] == [(None, None)] * 3 + [(44.5, 11.25)]


def test_an_export_with_every_line_in_quotes_and_windows_letters_is_read() -> None:
    lines = ["Contact ID,Organisation Name,Country", '1,"Coopérative, Société",France', "2,Über Genossenschaft,Germany"]
    body = "\r\n".join('"' + line.replace('"', '""') + '"' for line in lines).encode("cp1252")
    assert [(one.source_id, one.name, one.country) for one in organisations(body, shape="organisations")] == [
        ("1", "Coopérative, Société", "FR"),
        ("2", "Über Genossenschaft", "DE"),
    ]
