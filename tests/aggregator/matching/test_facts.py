"""Hard facts: what rules an item out, and what does not because it is not stated."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.matching.profile import Profile
from tests.aggregator.matching.items import NOW, ask, item, member

CLEANING: dict[str, Any] = {"sectors": ["facility_cleaning"]}
CODED: dict[str, Any] = {"sectors": [{"id": "facility_cleaning", "because": "cpv:90910000"}]}
MONEY: dict[str, Any] = {"raw": "as written"}


@pytest.mark.parametrize(
    ("wishes", "facts", "fault"),
    [
        ({}, {"withdrawn_at": NOW}, "withdrawn"),
        ({}, {"deadlines": [{"on": "2026-11-22"}]}, "closed"),
        ({"kinds": ["grant_call"]}, {}, "kind"),
        ({"kinds": ["tender"]}, {}, None),
        # Too late: whole days until the last date on which somebody can act.
        ({"least_days": {"tender": 29}}, {}, "too_late"),
        ({"least_days": {"tender": 28}}, {}, None),
        ({"least_days": {"grant_call": 99}}, {}, None),
        ({"least_days": {"tender": 29}}, {"deadlines": [{"on": "2026-12-01"}, {"on": "2026-12-31"}]}, None),
        ({"least_days": {"tender": 29}}, {"deadlines": []}, None),
        ({}, {"deadlines": [{"on": "2026-11-20", "kind": "eoi"}, {"on": "2027-06-01", "kind": "validity"}]}, "too_late"),
        # Abroad and EU-wide unless the profile says more.
        ({}, {"countries": ["IT"], "origin_country": "IT"}, "home"),
        ({}, {"countries": ["IT"], "origin_country": None}, "home"),
        ({}, {"countries": [], "origin_country": "IT"}, "home"),
        ({"home": True}, {"countries": ["IT"], "origin_country": "IT"}, None),
        ({"countries": ["IT", "FR"]}, {"countries": ["IT"], "origin_country": "IT"}, None),
        ({"home": True, "countries": ["FR"]}, {"countries": ["IT"], "origin_country": "IT"}, None),
        ({}, {"countries": ["IT"], "origin_country": "BE"}, None),
        ({}, {"countries": ["*"], "origin_country": "IT"}, None),
        ({}, {"countries": [], "origin_country": None}, None),
        ({"countries": ["DE"]}, {}, "country"),
        ({"countries": ["DE", "FR"]}, {}, None),
        ({"countries": ["DE"]}, {"countries": ["*"]}, None),
        ({"countries": ["DE"]}, {"countries": [], "origin_country": None}, None),
        ({"countries": ["DE"]}, {"countries": [], "origin_country": "FR"}, "country"),
        ({"countries": ["FR"]}, {"countries": ["ML"], "origin_country": "FR"}, None),
        # Words.
        ({"none": ["bureau"]}, {}, "none:bureau"),
        ({"none": ["bureaucratie"]}, {}, None),
        ({"none": ["nettoyage de vitres"]}, {}, None),
        ({"none": ["NETTOYAGES de bureau"]}, {}, "none:NETTOYAGES de bureau"),
        ({"all": ["nettoyage"]}, {}, None),
        ({"all": ["nettoyage", "vitres"]}, {}, "all:vitres"),
        ({"none": ["armi"]}, {"titles": {"en": {"text": "Cleaning of army barracks"}}}, None),
        ({"none": ["armi"]}, {"titles": {"it": {"text": "Custodia di ARMI"}}}, "none:armi"),
        # Money, only where both speak the same currency.
        ({"budget": {"max": 100}}, {"budget": MONEY | {"total": "101", "currency": "EUR"}}, "budget"),
        ({"budget": {"max": 100}}, {"budget": MONEY | {"total": "100", "currency": "EUR"}}, None),
        ({"budget": {"max": 100}}, {"budget": MONEY | {"total": "101", "currency": "PLN"}}, None),
        ({"budget": {"max": 100}}, {"budget": MONEY | {"total": "101"}}, None),
        ({"budget": {"min": 100}}, {"budget": MONEY | {"min": "1", "max": "99", "currency": "EUR"}}, "budget"),
        ({"budget": {"min": 100}}, {"budget": MONEY | {"min": "1", "max": "100", "currency": "EUR"}}, None),
        ({"budget": {"min": 100}}, {"budget": None}, None),
        # An open end is not stated, and nought is no amount.
        ({"budget": {"min": 100}}, {"budget": MONEY | {"min": "1", "currency": "EUR"}}, None),
        ({"budget": {"max": 100}}, {"budget": MONEY | {"max": "101", "currency": "EUR"}}, None),
        ({"budget": {"max": 100}}, {"budget": MONEY | {"min": "101", "currency": "EUR"}}, "budget"),
        ({"budget": {"min": 100}}, {"budget": MONEY | {"max": "99", "currency": "EUR"}}, "budget"),
        ({"budget": {"min": 100}}, {"budget": MONEY | {"total": "0", "currency": "EUR"}}, None),
        # A call's whole budget says nothing about one applicant.
        ({"budget": {"max": 100}}, {"kind": "grant_call", "budget": MONEY | {"total": "101", "currency": "EUR"}}, None),
        ({"budget": {"max": 100}}, {"kind": "grant_call", "grant": MONEY | {"max": "101", "min": "101", "currency": "EUR"}}, "budget"),
        # Language of the offer.
        ({"bid_languages": ["it", "en"]}, {"offer_languages": ["fr"]}, "bid_languages"),
        ({"bid_languages": ["it", "en"]}, {"offer_languages": ["fr", "en"]}, None),
        ({"bid_languages": ["it", "en"]}, {"offer_languages": []}, None),
        ({}, {"offer_languages": ["fr"]}, None),
        ({"reserved_only": True}, {}, "reserved_only"),
        ({"reserved_only": True}, {"reserved": [{"type": "res-ws"}]}, None),
        ({}, {"eligibility": {"verdict": "us_only"}}, "eligibility"),
        ({"us_only": True}, {"eligibility": {"verdict": "us_only"}}, None),
        ({}, {"eligibility": {"verdict": "restricted"}}, None),
        ({}, {"eligibility": {"verdict": "open"}}, None),
        ({}, {"eligibility": {"verdict": "not_stated"}}, None),
    ],
)  # fmt: skip
def test_only_what_is_stated_rules_out(wishes: dict[str, Any], facts: dict[str, Any], fault: str | None) -> None:
    verdict = ask(item(**(CODED | facts)), **(CLEANING | wishes))
    assert verdict.excluded_by == fault
    assert verdict.sent is (fault is None)
    assert bool(verdict.reasons) is (fault is None)


def test_the_last_second_of_the_deadline_is_still_open_and_the_next_is_not() -> None:
    what = item(**CODED)
    last = NOW.replace(month=12, day=21, hour=22, minute=59, second=59)
    assert ask(what, now=last, **CLEANING).sent
    assert ask(what, now=last + timedelta(seconds=1), **CLEANING).excluded_by == "closed"


def test_an_american_member_may_hear_of_what_is_for_americans() -> None:
    what = item(**CODED, eligibility={"verdict": "us_only"})
    assert ask(what, who={"country": "US"}, **CLEANING).sent


@pytest.mark.parametrize(
    ("legal", "lots", "fault"),
    [
        ({"form": "company"}, [], "eligibility"),
        ({"form": "company", "disadvantaged_share": 29}, [], "eligibility"),
        ({"form": "company", "disadvantaged_share": 30}, [], None),
        ({"form": "company"}, ["LOT-0001"], None),
        ({"form": "worker"}, [], None),
        ({"form": "association"}, [], None),
        ({"form": "social_b"}, [], None),
        ({}, [], None),
    ],
)
def test_a_workshop_contract_is_kept_from_those_alone_whose_form_rules_them_out(
    legal: dict[str, Any], lots: list[str], fault: str | None
) -> None:
    what = item(**CODED, reserved=[{"type": "res-ws", "lots": lots}])
    assert ask(what, who={"legal": legal}, **CLEANING).excluded_by == fault


def test_two_profiles_of_one_member_are_two_questions() -> None:
    one, two = Profile(name="One", countries=("FR",)), Profile(name="Two", countries=("DE",))
    asked = member(one, two)
    assert [asked.profile_id(p) for p in asked.profiles] == ["coop/one", "coop/two"]
    assert ask(item(), **one.model_dump()).sent
    assert not ask(item(), **two.model_dump()).sent
