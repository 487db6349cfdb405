"""When a profile closes, what its project costs, and the countries that its labels name."""

from datetime import UTC, date, datetime

import pytest

from aggregator.store.opportunity import Opportunity, status
from connectors.base.contract import Deadline
from connectors.een import ABOUT
from connectors.een.countries import country_named
from connectors.een.profile import Field, Profile
from connectors.een.terms import Terms, budget

VALID = "20 October 2026 - 20 October 2027"


def profile(**fields: str) -> Profile:
    names = {"validity": "Term of Validity", "eoi": "Deadline for EoI", "call": "Deadline of the call"}
    names |= {"budget": "Anticipated project budget"}
    return Profile("A title", tuple(Field("", names[name], text, (text,)) for name, text in fields.items()))


def deadlines(**fields: str) -> tuple[Deadline, ...]:
    said, read = profile(**fields), Terms()
    return read.deadlines(said, read.validity(said)[1])


def told(found: tuple[Deadline, ...]) -> list[tuple[str, str]]:
    return [(each.kind, str(each.on)) for each in found]


def test_the_end_of_validity_is_no_submission_deadline() -> None:
    assert told(deadlines(validity=VALID)) == [("validity", "2027-10-20")]


def test_expressions_of_interest_are_the_gate_and_the_call_is_a_stage_for_those_inside() -> None:
    found = deadlines(validity=VALID, eoi="15 Jan 2027", call="2 Mar 2027")
    assert told(found) == [("eoi", "2027-01-15"), ("stage", "2027-03-02")]


def test_a_search_without_a_day_for_interest_is_open_until_the_call_closes() -> None:
    assert told(deadlines(validity=VALID, call="2 Mar 2027")) == [("submission", "2027-03-02")]


def test_a_profile_that_ends_before_its_call_closes_with_its_validity() -> None:
    found = deadlines(validity="20 October 2025 - 20 October 2026", eoi="15 Jan 2027", call="2 Mar 2027")
    assert told(found) == [("validity", "2026-10-20"), ("stage", "2027-01-15"), ("stage", "2027-03-02")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2027, 1, 15, 22, 59, tzinfo=UTC), "open"),
        (datetime(2027, 1, 15, 23, 0, tzinfo=UTC), "closed"),
        (datetime(2027, 3, 1, 12, 0, tzinfo=UTC), "closed"),
    ],
)
def test_a_search_is_closed_after_its_day_for_interest_although_it_is_valid_for_a_year(
    now: datetime, expected: str
) -> None:
    item = Opportunity.model_validate(
        {
            "id": 1,
            "kind": "rd_partner_search",
            "titles": {"en": {"text": "A title"}},
            "url": "https://example.org/",
            "zone": ABOUT.zone,
            "deadlines": deadlines(validity=VALID, eoi="15 Jan 2027", call="2 Mar 2027"),
            "first_seen": datetime(2026, 11, 1, tzinfo=UTC),
            "changed_at": datetime(2026, 11, 1, tzinfo=UTC),
        }
    )
    assert status(item, now) == expected


@pytest.mark.parametrize("text", ["30 Sep 2026", "30 September 2026", "30 Sept 2026", "30 Sep. 2026"])
def test_both_ways_to_write_a_day_are_read(text: str) -> None:
    assert told(deadlines(eoi=text)) == [("eoi", "2026-09-30")]


@pytest.mark.parametrize("dash", ["-", "–", "—", "to"])
def test_a_term_is_two_days(dash: str) -> None:
    assert Terms().validity(profile(validity=f"16 July 2026 {dash} 16 July 2027")) == (
        date(2026, 7, 16),
        date(2027, 7, 16),
    )


@pytest.mark.parametrize(
    "text", ["until further notice", "16 July 2026", "16 July 2027 - 16 July 2026", "31 February 2026 - 1 March 2027"]
)
def test_a_term_that_cannot_be_read_is_left_out_and_noted(text: str) -> None:
    read = Terms()
    assert read.validity(profile(validity=text)) == (None, None)
    assert read.notes == [f"Term of Validity: {text}"]


def test_a_day_that_cannot_be_read_is_left_out_and_noted() -> None:
    read = Terms()
    assert read.deadlines(profile(eoi="as soon as possible"), None) == ()
    assert read.notes == ["Deadline for EoI: as soon as possible"]


@pytest.mark.parametrize("text", ["31 Sep 2026", "soon", "30 Sep 2026 or 15 Oct 2026"])
def test_the_call_is_no_gate_where_a_day_for_interest_is_stated_that_cannot_be_read(text: str) -> None:
    assert told(deadlines(validity=VALID, eoi=text, call="2 Mar 2027")) == [
        ("validity", "2027-10-20"),
        ("stage", "2027-03-02"),
    ]
    assert told(deadlines(eoi=text, call="2 Mar 2027")) == [("stage", "2027-03-02")]
    read = Terms()
    read.deadlines(profile(eoi=text, call="2 Mar 2027"), None)
    assert read.notes == [f"Deadline for EoI: {text}"]


@pytest.mark.parametrize(
    ("raw", "amounts", "currency"),
    [
        ("750000", ("", "", "750000"), None),
        ("1.500.000 Euro", ("", "", "1500000"), "EUR"),
        ("Approx. EUR 700000-900000", ("700000", "900000", ""), "EUR"),
        ("between 1 and 2 million EUR", ("1000000", "2000000", ""), "EUR"),
        ("€ 1,200,000.00", ("", "", "1200000.00"), "EUR"),
        ("1.5 M€", ("", "", "1500000"), "EUR"),
        ("about 1 500 000 EUR", ("", "", "1500000"), "EUR"),
        ("up to 300k EUR", ("", "300000", ""), "EUR"),
    ],
)
def test_a_budget_that_can_mean_one_thing_only_is_read(
    raw: str, amounts: tuple[str, str, str], currency: str | None
) -> None:
    money = budget(profile(budget=raw))
    assert money is not None
    assert tuple(str(each) if each is not None else "" for each in (money.min, money.max, money.total)) == amounts
    assert (money.currency, money.raw) == (currency, raw)


@pytest.mark.parametrize(
    "raw",
    [
        "60%", "750", "1.500", "2026-2027", "€ 400,000 per partner", "1.500 million EUR", "not defined", "500000 USD",
        "2 partners, 300000 EUR each", "60% of 1.000.000 EUR", "500000 EUR and 300000 EUR", "TBD",
    ],
)  # fmt: skip
def test_a_budget_that_may_mean_more_is_kept_as_it_was_written(raw: str) -> None:
    money = budget(profile(budget=raw))
    assert money is not None
    assert (money.min, money.max, money.total, money.currency, money.raw) == (None, None, None, None, raw)


def test_no_budget_is_none() -> None:
    assert budget(profile()) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Türkiye", "TR"), ("TURKEY", "TR"), ("Czechia", "CZ"), ("Czech Republic", "CZ"), ("United Kingdom", "GB"),
        ("Netherlands", "NL"), ("The Netherlands", "NL"), ("Bosnia and Herzegovina", "BA"), ("North Macedonia", "MK"),
        ("Republic of Moldova", "MD"), ("Kosovo *", "XK"), ("Korea, Republic of", "KR"), ("United States", "US"),
        ("Côte d'Ivoire", "CI"), ("Greece", "GR"), (" italy ", "IT"), ("All countries", "*"), ("Viet Nam", "VN"),
        ("Europe", None), ("EU", None), ("NON-EU", None), ("Western Balkans", None), ("", None), ("World", None), ("IT", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_english_name_and_nothing_else_is_guessed(name: str, code: str | None) -> None:
    assert country_named(name) == code
