"""Amounts of money, to the cent: money.py."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from connectors.base.contract import Money
from connectors.base.money import amounts_in, money

EUROS = st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2)


def short(read: Money | None) -> str:
    if read is None:
        return ""
    bounds = [f"{name} {value:f}" for name in ("min", "max", "total") if (value := getattr(read, name)) is not None]
    return " ".join([*bounds, read.currency or "?"])


@pytest.mark.parametrize(
    ("lang", "raw", "expected"),
    [
        ("it", "€ 1.234.567,89", "total 1234567.89 EUR"),
        ("it", "EUR 50 mila", "total 50000 EUR"),
        ("it", "2 mln di euro", "total 2000000 EUR"),
        ("it", "1,5 milioni di euro", "total 1500000 EUR"),
        ("it", "fino a 50.000 euro", "max 50000 EUR"),
        ("it", "massimo € 10.000,00", "max 10000.00 EUR"),
        ("it", "almeno 5.000 €", "min 5000 EUR"),
        ("it", "da 10.000 a 50.000 euro", "min 10000 max 50000 EUR"),
        ("it", "tra 50 e 200 mila euro", "min 50000 max 200000 EUR"),
        ("it", "€ 5.000,-", "total 5000 EUR"),
        ("en", "between €1,000 and €2,500.50", "min 1000 max 2500.50 EUR"),
        ("en", "up to EUR 1.5 million", "max 1500000 EUR"),
        ("en", "£2.5m", "total 2500000 GBP"),
        ("en", "US$ 300,000", "total 300000 USD"),
        ("fr", "jusqu'à 60\u202f000 €", "max 60000 EUR"),
        ("fr", "3 M€", "total 3000000 EUR"),
        ("de", "bis zu 12.500 Euro", "max 12500 EUR"),
        ("de", "CHF 12'500.50", "total 12500.50 CHF"),
        ("en", "$ 5,000", "total 5000 ?"),
        (None, "123456.78", "total 123456.78 ?"),
    ],
)
def test_an_amount_is_read_as_it_is_written(lang: str | None, raw: str, expected: str) -> None:
    read = money(raw, lang=lang)
    assert short(read) == expected
    assert read is not None
    assert read.raw == raw


@pytest.mark.parametrize(
    "raw", ["", "none", "da definire", "0", "€ 0,00", "31/12/2026", "10 euro e 20 dollari e 30 euro"]
)
def test_what_is_no_single_amount_is_none(raw: str) -> None:
    assert money(raw, lang="it") is None


def test_a_number_of_a_machine_stays_exact() -> None:
    assert money(Decimal("1234.567"), currency="EUR") == Money(
        total=Decimal("1234.567"), currency="EUR", raw="1234.567"
    )
    assert money(0) is None


def test_only_amounts_with_a_currency_are_found_in_running_text() -> None:
    text = "Bando 2026, CPV 72000000-5, 80% delle spese, 12 mesi, art. 61, tel. 0532 123456, del 31.12.2026"
    assert amounts_in(text, lang="it") == ()


def test_the_whole_and_the_part_of_one_applicant_are_told_apart() -> None:
    text = "Dotazione complessiva 2 milioni di euro; contributo a fondo perduto fino a 20.000 euro per impresa"
    assert [(amount.role, short(amount.money)) for amount in amounts_in(text, lang="it")] == [
        ("budget", "total 2000000 EUR"),
        ("grant", "max 20000 EUR"),
    ]


def test_what_stands_right_behind_an_amount_tells_its_role() -> None:
    for text in (
        "€ 2.000.000 di dotazione, contributo massimo di € 50.000",
        "Un contributo: € 2.000.000 di dotazione, fino a € 50.000 di contributo",
    ):
        told = [(amount.role, short(amount.money)) for amount in amounts_in(text, lang="it")]
        assert told == [("budget", "total 2000000 EUR"), ("grant", "max 50000 EUR")]


@pytest.mark.parametrize("lang", ["it", "en", "fr", "de", "es"])
@given(value=EUROS)
def test_every_amount_is_read_back_to_the_cent(lang: str, value: Decimal) -> None:
    written = format_decimal(value, "#,##0.00", locale=lang)
    assert short(money(f"€ {written}", lang=lang)) == f"total {value:f} EUR"
    assert short(money(f"{written} euro", lang=lang)) == f"total {value:f} EUR"


@given(st.text(max_size=80) | st.text(alphabet="0123456789.,' €kmln-aeuro", max_size=40))
def test_no_text_can_make_the_reader_fail(text: str) -> None:
    for lang in ("it", "en", None):
        money(text, lang=lang)
        amounts_in(text, lang=lang)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("per un totale di contributi richiesti pari a 8.312.857,53 euro.", [None]),
        ("Il contributo segue le regole del bando. 3 milioni di euro FESR", [None]),
        ("Il contributo ex art. 5 è di 20.000 euro", ["grant"]),
        ("Il contributo (Reg. (UE) 2023/2831) è di 20.000 euro", ["grant"]),
        ("La dotazione è di 3 milioni di euro. Il contributo è di 20.000 euro", ["budget", "grant"]),
    ],
)
def test_an_amount_is_what_its_own_sentence_says(text: str, roles: list[str | None]) -> None:
    assert [amount.role for amount in amounts_in(text, lang="it")] == roles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nella misura massima di 100.000 euro per singola PMI", [("grant", "max 100000 EUR")]),
        ("il contributo massimo è di 2 milioni di euro", [("grant", "max 2000000 EUR")]),
        ("il contributo non può superare l’importo di 145.000 euro", [("grant", "max 145000 EUR")]),
        ("6 premi di importo pari a 15.000 euro ciascuno", [("grant", "total 15000 EUR")]),
        ("è riservata una parte della dotazione, pari a 300.000 euro", [(None, "total 300000 EUR")]),
        ("apporto di capitale, il cui valore deve essere almeno pari a 10.000 euro", [(None, "min 10000 EUR")]),
        (
            "spese non devono risultare inferiori a 50.000 euro e quindi il costo totale",
            [(None, "min 50000 EUR")],
        ),
        (
            "Il contributo massimo concedibile è di 50.000 euro per le Micro Imprese, 100.000 euro per le Piccole Imprese e"
            " 150.000 euro per le Medie Imprese",
            [("grant", "max 50000 EUR"), ("grant", "max 100000 EUR"), ("grant", "max 150000 EUR")],
        ),
    ],
)
def test_bounds_and_parts_of_italian_calls_are_read_as_a_person_does(
    text: str, expected: list[tuple[str | None, str]]
) -> None:
    assert [(amount.role, short(amount.money)) for amount in amounts_in(text, lang="it")] == expected
