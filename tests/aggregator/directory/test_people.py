"""No person, telephone or mail address reaches the directory, whatever field it is planted in; nor does any markup."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.intake.organisations import DESCRIPTION, UNLICENSED, prepared
from aggregator.store.session import Store
from aggregator.store.tables import unpack
from connectors.base.contract import About, Organisation, ParseError, Relation, Rights
from tests.aggregator.directory.sample import ABOUT, draft, keep, look, organisation
from tests.aggregator.intake.reading import tables

UNKNOWN = About(name="list", title="A list", home="https://list.example.org/", rights=Rights())

PLANTED = (
    "Referente: Marta Quercia, tel. 333 1234567, marta.quercia@latteria.example",
    "Contact: Piet Zilver (piet.zilver@dairy.example)",
    "Ansprechpartnerin: Ilse Bernstein, Telefon +43 512 123456",
    "Personne à contacter : Odile Ambre, 01 23 45 67 89",
    "Dott.ssa Rosa Corallo · r.corallo [at] latteria.example",
    "<p>Presidente: <b>Vasco Diaspro</b></p><a href='mailto:vasco.diaspro@latteria.example'>mail</a>",
)
SECRETS = (
    *("Quercia", "Zilver", "Bernstein", "Ambre", "Corallo", "Diaspro"),
    *("1234567", "123456", "45 67", "@latteria", "@dairy", "[at]"),
)


def planted(text: str) -> dict[str, Any]:
    return {
        "description": f"Formaggi di malga. {text}",
        "other_names": (f"Latteria, {text}",),
        "place": f"Valdorata, {text}",
        "type": f"cooperative, {text}",
        "sectors": (f"dairy, {text}",),
        "networks": (f"alpine, {text}",),
        "source": f"List of the valley. {text}",
        "licence": f"CC0. {text}",
        "relations": (
            Relation(type="contact_office", of=f"Office of the valley. {text}"),
            Relation(type="director", of="Marta Quercia"),
            Relation(type="member_of", of="https://www.linkedin.com/in/marta-quercia"),
        ),
    }


@pytest.mark.parametrize("text", PLANTED)
def test_planted_persons_phones_and_addresses_reach_neither_store_nor_index(store: Store, text: str) -> None:
    given = planted(text)
    keep(store, "a", draft("1", f"Latteria Montana. {text}", **given), draft("2", "Caseificio", **given))
    said = "\n".join(
        unpack(value).decode() if isinstance(value, bytes) and value[:4] == b"\x28\xb5\x2f\xfd" else str(value)
        for rows in tables(store).values()
        for row in rows
        for value in row
    )
    assert [secret for secret in SECRETS if secret in said] == []
    for secret in ("quercia", "zilver", "bernstein", "ambre", "corallo", "diaspro"):
        assert look(store, secret) == []
    assert len(look(store, "formaggi")) == 2


@pytest.mark.parametrize("name", ["Dott.ssa Rosa Corallo", "Dr. Pia Neri", "marta@latteria.example", "…", "<b></b>"])
def test_what_is_a_person_or_nothing_is_no_organisation(name: str) -> None:
    with pytest.raises(ParseError):
        prepared(organisation("1", name), about=ABOUT)


@pytest.mark.parametrize(
    "name",
    [
        'Cooperativa de Ahorro y Crédito "Dr. Manuel Fontana Gris"',
        "Istituto Prof. Aldo Marini",
        "Cooperativa Ing. Gatti & C.",
    ],
)
def test_an_organisation_that_is_named_after_somebody_keeps_its_name(name: str) -> None:
    assert prepared(organisation("1", name), about=ABOUT).organisation.name == name


def test_a_website_is_a_website_and_no_page_or_address_of_a_person() -> None:
    def website(address: str) -> str | None:
        return prepared(organisation("1", website=address), about=ABOUT).organisation.website

    assert website("https://latteria.example/contact?to=marta@latteria.example") == "https://latteria.example/"
    assert website("https://www.linkedin.com/in/marta-quercia") is None
    assert website("https://marta:secret@latteria.example/") is None
    assert website("https://latteria.example/it#top") == "https://latteria.example/it"


def test_ties_are_named_alike_however_a_source_writes_them_and_strangers_ties_need_an_address() -> None:
    given = (
        ("memberOf", "A guild"),
        ("seat in", "Valdorata"),
        ("knows", "Marta Quercia"),
        ("knows", "https://x.example/"),
    )
    said = prepared(organisation("1", relations=tuple(Relation(type=t, of=of) for t, of in given)), about=ABOUT)
    told = [(tie.type, tie.of) for tie in said.organisation.relations]
    assert told == [("member_of", "A guild"), ("seat_in", "Valdorata"), ("knows", "https://x.example/")]


def test_markup_hidden_signs_and_fillers_are_taken_out() -> None:
    said = prepared(
        organisation(
            "1",
            "<b>Latteria</b>\u202e Montana<script>alert(1)</script>",
            description="<img src=x onerror=alert(1)>Cheese &amp; butter\u200b",
            place="<i>Valdorata</i>",
            domains=("LATTERIA.example", "not a host", "javascript:x", "latteria.example"),
            country="EU",
            members_country="UK",
            lat=0.0,
            lon=0.0,
            codes=("nace:10.51", "mail:marta@latteria.example"),
        ),
        about=ABOUT,
    ).organisation
    assert (said.name, said.description, said.place) == ("Latteria Montana", "Cheese & butter", "Valdorata")
    assert (said.domains, said.country, said.members_country, said.lat) == (("latteria.example",), None, "GB", None)
    assert said.codes == ("nace:10.51",)


@pytest.mark.parametrize(("lat", "lon"), [(float("nan"), 1.0), (float("inf"), 1.0), (91.0, 1.0), (1.0, None)])
def test_a_place_that_is_on_no_globe_is_left_out(lat: float, lon: float | None) -> None:
    said = prepared(organisation("1", lat=lat, lon=lon), about=ABOUT).organisation
    assert (said.lat, said.lon) == (None, None)


def test_without_a_written_basis_no_more_than_400_characters_of_a_description_are_kept() -> None:
    long = "word " * 2_000
    licensed = prepared(organisation("1", description=long), about=ABOUT).organisation.description
    unknown = prepared(organisation("1", description=long), about=UNKNOWN).organisation
    assert len(licensed or "") in range(DESCRIPTION - 10, DESCRIPTION + 1)
    assert len(unknown.description or "") in range(UNLICENSED - 10, UNLICENSED + 1)
    assert (unknown.licence, unknown.source) == ("not known", "A list")


def test_what_an_organisation_says_makes_its_hash_and_what_we_call_its_source_does_not() -> None:
    other = About(name="list", title="Another title", home="https://list.example.org/", rights=ABOUT.rights)
    assert draft("1").hash == draft("1", about=other).hash
    assert draft("1").hash != draft("1", place="Valdorata").hash


_text = st.text(max_size=60)


@given(_text, _text, st.lists(_text, max_size=4), st.floats(), st.floats())
def test_whatever_a_stranger_says_is_cleaned_or_refused(
    name: str, text: str, many: list[str], lat: float, lon: float
) -> None:
    try:
        said = Organisation(
            source_id=text or "1",
            name=name,
            description=text,
            place=text,
            other_names=tuple(many),
            domains=tuple(many),
            sectors=tuple(many),
            networks=tuple(many),
            relations=tuple(Relation(type="member_of", of=one) for one in many),
            lat=lat,
            lon=lon,
        )
    except ValueError:
        return
    try:
        cleaned = prepared(said, about=ABOUT)
    except ParseError:
        return
    again = Organisation.model_validate_json(unpack(cleaned.doc))
    assert again == cleaned.organisation
    assert "<script" not in cleaned.organisation.model_dump_json()
