"""Programmes that a source gives by number are named when a notice is normalised; an unknown number stays a number."""

from datetime import UTC, datetime

import pytest

from aggregator import taxonomy
from aggregator.intake.normalise import normalise
from aggregator.store.put import Draft
from config.tables import eu_funding_labels
from connectors.base.contract import About, Notice, Programme, Rights, Title
from connectors.eu_funding.programmes import PROGRAMMES

ABOUT = About(name="sample", title="Sample", home="https://example.org/", rights=Rights())


def read(programme: Programme) -> Draft:
    one = Notice(
        source_id="1",
        url="https://example.org/1",
        titles={"en": Title(text="A call")},
        kind="grant_call",
        programme=programme,
    )
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    return normalise(one, source="sample", about=ABOUT, fetched_at=moment, rights=ABOUT.rights)


def test_every_programme_that_a_source_may_ask_for_has_a_name_and_no_damage_is_left_in_it() -> None:
    assert [name for name, code in PROGRAMMES.items() if taxonomy.programme_label(code) is None] == []
    labels = list(eu_funding_labels().values())
    assert [label for label in labels if "%" in label or "  " in label or label != label.strip()] == []
    assert [key for key, label in eu_funding_labels().items() if key[1] == label] == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("43353764", "Erasmus+"),
        ("43254019", "European Social Fund Plus (ESF+)"),
        ("43637601", "Pilot Projects & Preparation Actions (PPPA)"),
        ("43252405", "Programme for the Environment and Climate Action (LIFE)"),
    ],
)
def test_a_programme_given_by_number_is_named(code: str, name: str) -> None:
    draft = read(Programme(code=code))
    assert draft.notice.programme == Programme(code=code, name=name)
    assert draft.warnings == ()
    assert name in draft.text


def test_what_the_source_calls_a_programme_itself_stands() -> None:
    assert read(Programme(code="43353764", name="Erasmus")).notice.programme == Programme(
        code="43353764", name="Erasmus"
    )


def test_a_number_that_the_table_does_not_hold_stays_and_is_reported() -> None:
    draft = read(Programme(code="99990001"))
    assert draft.notice.programme == Programme(code="99990001")
    assert draft.warnings == ("unknown programme code: 99990001",)


def test_a_code_that_is_no_number_is_another_platforms_and_no_warning() -> None:
    assert read(Programme(code="LIFE_2021")).warnings == ()


def test_sectors_follow_from_the_numbers_of_the_portal() -> None:
    def ids(name: str) -> set[str]:
        return {sector.id for sector in taxonomy.sectors_of([f"programme:{PROGRAMMES[name]}"])}

    assert ids("CREA") == {"culture_creative"}
    assert ids("ERASMUS") == {"education_training", "international_mobility"}
    assert ids("PPPA") == set()  # pilot projects speak of every trade
    assert {sector.id for sector in taxonomy.sectors_of(["programme:AGRIP"])} >= {"agri_crops", "food_processing"}
