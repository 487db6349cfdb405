"""Persons stay out, facts stay in: people.py. Every name, number and address here is invented."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base.people import CUT, without_people

PLANTED = {
    "it": [
        ("Responsabile unico del procedimento: Dott.ssa Ginevra Tassinari, tel. 0599 123456", ["Tassinari", "123456"]),
        ("RUP: Ing. Oreste Malaspina (oreste.malaspina@comune.example)", ["Malaspina", "Oreste", "oreste.malaspina"]),
        ("Per informazioni il Sig. Ubaldo De Carolis, cell. 347 5550123.", ["Carolis", "Ubaldo", "5550123"]),
        ("Referente ZANARDELLI PIA - fax +39 0599 765432", ["ZANARDELLI", "PIA", "765432"]),
        ("A cura di Ersilia Bonfanti. Presidente: Avv. Lapo Degli Innocenti", ["Bonfanti", "Innocenti"]),
        ("Scrivere a bandi@comune.example o al 0599/123456", ["bandi@", "123456"]),
    ],
    "en": [
        ("Contact person: Winifred A. Thistlewood, +44 7700 900123", ["Thistlewood", "900123"]),
        ("Mr Barnaby Quill will answer on (202) 555-0143.", ["Quill", "Barnaby", "555-0143"]),
        ("Point of contact: Prof. Imogen van der Meer <imogen@uni.example>", ["Imogen", "Meer", "imogen@"]),
        ("Programme officer Lysander O'Rourke, phone: 00353 1 555 0199", ["Rourke", "0199"]),
        ("Posted by Tabitha Fenwick; write to info (at) coop.example", ["Fenwick", "coop.example"]),
    ],
    "fr": [
        ("Personne à contacter : Mme Solange Vaucourt, tél. 01 99 00 12 34", ["Vaucourt", "01 99"]),
        ("Suivi par Monsieur Aurélien de La Roche au +33 1 99 00 56 78", ["Aurélien", "Roche", "56 78"]),
        ("Interlocutrice : Clémence D'Aubrac, c.daubrac@ville.example", ["Aubrac", "Clémence", "daubrac"]),
    ],
    "de": [
        ("Ansprechpartnerin: Frau Dr. Roswitha Lindenthal, Tel.: 030/5550123", ["Lindenthal", "5550123"]),
        ("Kontakt: Hartmut von der Aue, 0211 5550199", ["Hartmut", "Aue", "5550199"]),
        ("z. Hd. Herrn Egon Scharnagl, egon@amt.example", ["Scharnagl", "egon@"]),
    ],
}
KEPT = [
    "Scadenza 31/12/2026 ore 12:00, apertura 2026-12-01, pubblicato il 01.12.2026",
    "Importo € 350.000,00 oppure 1.234.567,89 euro, 350 000 000 euro, EUR 50 mila, £2.5m",
    "CPV 72000000-5 e 03130000, CUP B12C34000560001, CIG 9876543210, P.IVA 01234567890",
    "Prot. n. 0012345/2026, determina n. 0532/123456, rif. 02 123456",
    "Bando 2021-2027, fondi 2027-2030, art. 61 d.lgs. 36/2023, reg. 2021/1060",
    "Responsabile: Settore Lavori Pubblici. Contatti: Piazza Verdi 3. Direttore Generale Ufficio Gare",
    "Contact us today for details. Contact: European Commission, Procurement Service Desk",
    "D.M. Sviluppo Economico, Presidente della Regione, coordinatore del progetto",
    "https://www.example.org/0532-123456/tel/3475550123 e https://social.example/@coop",
    "Kontakt: Amt für Wirtschaft. Responsable du Service Achats",
    "5 < 7 e 9 > 8; ditte con 10 000 000 di fatturato",
]


@pytest.mark.parametrize(("text", "gone"), [pair for pairs in PLANTED.values() for pair in pairs])
def test_a_planted_person_is_cut(text: str, gone: list[str]) -> None:
    left = without_people(text)
    assert CUT in left
    assert not [part for part in gone if part in left], left


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_person_stays_to_the_letter(text: str) -> None:
    assert without_people(text) == text


def test_a_name_is_cut_across_tags_and_the_tags_stay() -> None:
    html = "<p><strong>RUP</strong>: Ing. <em>Oreste</em> Malaspina,&nbsp;tel:&nbsp;+39 0599 123456</p>"
    left = without_people(html)
    assert "Oreste" not in left
    assert "Malaspina" not in left
    assert "123456" not in left
    assert re.findall(r"<[^>]+>", left) == re.findall(r"<[^>]+>", html)


def test_a_mailto_or_tel_address_of_a_link_is_dropped() -> None:
    left = without_people('<a href="mailto:pia@x.example">scrivi</a> <a href="tel:+390599123456">chiama</a>')
    assert left == "<a>scrivi</a> <a>chiama</a>"


def test_a_role_mailbox_stays_only_when_the_caller_says_so() -> None:
    text = "Scrivere a procurement@city.example o a pia.rossetti@city.example"
    assert without_people(text) == f"Scrivere a {CUT} o a {CUT}"
    assert without_people(text, keep_role_boxes=True) == f"Scrivere a procurement@city.example o a {CUT}"


@given(st.text(alphabet=st.sampled_from("ab1 0+39@.<>/-RUP:Mrio€,"), max_size=80))
def test_cutting_twice_cuts_no_more(text: str) -> None:
    once = without_people(text)
    assert without_people(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "tel. ",
        "a.b-",
        "Mario-",
        "a@",
        "RUP: ",
        "Sig. ",
        "Responsabile di del ",
        "1 2 3 ",
        "<",
        "&nbsp;",
        "M. ",
        "A.Bc",
        "\n",
        "RUP è l'",
        "Responsabile è ",
        "mobile",
        "dott.",
        "RUP A. de la ",
        "contact ",
    ],
)
def test_a_hostile_repetition_costs_no_more_than_its_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begun = time.perf_counter()
        without_people(text)
        return time.perf_counter() - begun

    # Ten times the text may cost ten times the time and some noise; a hundred times would be a trap.
    assert min(seconds(20_000) for _ in range(3)) < 40 * min(seconds(2_000) for _ in range(3)) + 0.05


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Contact Jane Doe, jane.doe@agency.example.org", "Contact […]"),
        (
            "Questions: Jane Doe, Grants Management Specialist, phone 202-555-0100",
            "Questions: […], Grants Management Specialist, phone […]",
        ),
        ("<p>Jane Doe<br>Grantor<br>Phone 202-555-0100</p>", "<p>[…]<br>Grantor<br>Phone […]</p>"),
        ("Write to Maria Rossi (maria(at)example.org)", "Write to […] ([…])"),
        ("Contact: City of Hill, procurement@hill.example.org", "Contact: City of Hill, […]"),
        ("Contact the Rural Business Service, phone 202-555-0100", "Contact the Rural Business Service, phone […]"),
        ("Write to Green Valley Cooperative, valley@example.org", "Write to Green Valley Cooperative, […]"),
        ("Contact Monte Sereno, info@example.org", "Contact Monte Sereno, […]"),
    ],
)
def test_a_name_beside_its_own_address_is_cut_and_an_office_stays(text: str, left: str) -> None:
    assert without_people(text) == left


def test_a_role_box_with_a_persons_name_behind_it_is_a_persons() -> None:
    assert without_people("grants.jane.doe@example.org", keep_role_boxes=True) == "[…]"
    assert without_people("grants.office@example.org", keep_role_boxes=True) == "grants.office@example.org"
