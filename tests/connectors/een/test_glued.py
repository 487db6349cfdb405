"""Lists whose entries run together, as the component library prints plain texts: told apart, or left out and noted."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.base.contract import Notice
from connectors.een import glued
from tests.connectors.een.conftest import TODAY
from tests.connectors.een.test_profile import page, read
from tests.portals.een import EenPortal
from tests.portals.een_content import Profile
from tests.portals.een_markup import Look


@pytest.fixture
def one() -> Profile:
    found = (each for each in EenPortal(profiles=200, seed=7, today=TODAY).listed() if each.type == "RDR")
    return replace(
        next(found),
        sizes=("University", "SME 11-49", "SME 50 - 249", "SME <=10", "R&D Institution"),
        goals=("Goal 13: Climate Action", "Goal 9: Industry, Innovation and Infrastructure", "Goal 1: No Poverty"),
        targets=("Norway", "Bosnia and Herzegovina", "Türkiye"),
        partnerships=("Commercial agreement with technical assistance", "Supplier agreement"),
        groups=("Textiles", "Energy-Intensive Industries - Materials"),
    )


def noted(notice: Notice) -> list[str]:
    found: list[str] = notice.extra["een"].get("not_understood", [])
    return found


def as_one_text(one: Profile, **changed: Any) -> Notice:
    return read(page(one, look=Look(lists="glued"), **changed))


def test_what_has_a_form_is_read_as_from_a_list_and_what_has_none_is_left_out_and_noted(one: Profile) -> None:
    notice, listed = as_one_text(one), read(page(one))
    assert noted(notice) == ["Sector Groups Involved: TextilesEnergy-Intensive Industries - Materials"]
    assert "sector_groups" not in notice.extra["een"]
    assert notice.keywords == tuple(each for each in listed.keywords if each not in one.groups)
    kept = {"codes", "countries", "eligibility", "deadlines", "origin_country", "summary", "body"}
    assert notice.model_dump(include=kept) == listed.model_dump(include=kept)
    assert notice.extra["een"]["partnership"] == list(one.partnerships)
    assert len(listed.codes) == len(one.technology) + len(one.market) + 3


@pytest.mark.parametrize("between", ["", " ", "  "])
def test_keywords_goals_and_sizes_are_told_apart_with_and_without_a_space(between: str) -> None:
    for tell_apart, entries in (
        (glued.keywords, ("10002013 - Fibres", "10003004 - Recycling, Recovery", "01003012 - Imaging (2D/3D)")),
        (glued.goals, ("Goal 17: Partnerships for the Goals", "Goal 1: No Poverty", "Goal 13: Climate Action")),
        (glued.sizes, ("Other", "SME 50 - 249", "SME 11-49", "SME <=10", "Big company")),
    ):
        assert tell_apart(between.join(entries)) == entries
        assert [tell_apart(entry) for entry in entries] == [(entry,) for entry in entries]


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Technology keywords", "10002013 - Web 2.010003004 - Recycling"),
        ("Technology keywords", "08001004 - Food004005004 - Liquid biomass"),
        ("Market keywords", "Cheese 11002 - Education"),
        ("Sustainable Development Goals", "Goal 13 Climate Action Goal 9 Industry"),
        ("Type and Size of Partner", "SME 11-49Clinic"),
        ("Type and Size of Partner", "ClinicUniversity"),
    ],
)
def test_what_cannot_be_told_apart_is_left_out_and_noted(one: Profile, label: str, value: str) -> None:
    changed: dict[str, Any] = {label: [value]}
    notice = read(page(one, **changed))
    assert noted(notice) == [f"{label}: {value}"]
    said = notice.model_dump_json(exclude={"extra", "body"})
    assert not [word for word in ("Web 2.0", "Liquid", "Cheese", "Clinic") if word in said]
    prefix = {"T": "een-tech", "M": "een-market", "S": "sdg"}[label[0]] if "Size" not in label else "none"
    assert not [code for code in notice.codes if code.startswith(prefix)]


def test_an_agreement_that_is_stuck_to_something_else_is_noted_once(one: Profile) -> None:
    notice = read(page(one, Type_of_partnership=["OutsourcingSupplier agreement"]))
    assert noted(notice) == ["Type of partnership: OutsourcingSupplier agreement"]
    assert "partnership" not in notice.extra["een"]


def test_countries_are_told_apart_only_where_each_part_is_one(one: Profile) -> None:
    assert read(page(one, Targeted_Countries=["NorwayIcelandCôte d'Ivoire"])).countries == ("NO", "IS", "CI")
    for value in ("NorwayAtlantis", "Norway Iceland"):
        notice = read(page(one, Targeted_Countries=[value]))
        assert notice.countries == ()
        assert noted(notice) == [f"Targeted Countries: {value}"]


def test_an_entry_of_several_is_as_it_is(one: Profile) -> None:
    notice = read(
        page(one, Sector_Groups_Involved=["BioChemTech", "Health"], Type_and_Size_of_Partner=["Big company >500"])
    )
    assert notice.extra["een"]["sector_groups"] == ["BioChemTech", "Health"]
    assert notice.eligibility
    assert notice.eligibility.codes == ("een:Big company >500",)
    assert noted(notice) == []
