"""The examples of docs/members.md are files that can be imported."""

import re
from datetime import date
from pathlib import Path

import pytest

from aggregator.matching.profile import Profile
from aggregator.people.member import LegalForm, Member
from aggregator.people.members import load
from aggregator.people.sheet import COLUMNS

PAGE = (Path(__file__).parents[3] / "docs" / "members.md").read_text(encoding="utf-8")


def example(language: str, tmp_path: Path) -> list[Member]:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    file = tmp_path / f"members.{language}"
    file.write_text(found[1], encoding="utf-8")
    return load(file)


def test_the_yaml_example_says_every_key_of_a_profile_and_a_member(tmp_path: Path) -> None:
    (member,) = example("yaml", tmp_path)
    (profile,) = member.profiles
    assert member.model_fields_set == set(Member.model_fields)
    assert profile.model_fields_set == set(Profile.model_fields)
    assert member.recipients[0].on == date(2026, 11, 1)
    assert profile.least_days == {"tender": 20, "rd_partner_search": 45}


def test_the_csv_example_is_two_members_with_three_recipients(tmp_path: Path) -> None:
    cleaning, garden = example("csv", tmp_path)
    assert [r.email for r in cleaning.recipients] == ["gare@example.org", "direzione@example.org"]
    assert cleaning.recipients[1].on == date(2026, 11, 2)
    assert cleaning.profiles[0].countries == ("FR", "DE")
    assert garden.profiles[0].sectors == ("agri_crops", "livestock_dairy")
    assert garden.profiles[0].kinds == ("business_request", "tender")


@pytest.mark.parametrize("name", sorted({*COLUMNS, *LegalForm.__args__, *Profile.model_fields}))  # type: ignore[attr-defined]
def test_every_name_that_a_file_may_use_is_on_the_page(name: str) -> None:
    assert re.search(rf"\b{name}\b", PAGE)
