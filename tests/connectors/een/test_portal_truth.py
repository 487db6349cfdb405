"""The texts of two real profiles, put into the simulator's markup, are read back as they are; and our pages have the
sections and labels of the real ones.

The one thing to know: the recordings are texts without tags, and no part of this project; WORLDWIDEWE_SAMPLES names
their folder.
"""

import json
import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors import een
from connectors.base.contract import Notice
from connectors.base.text import plain
from tests.connectors.een.conftest import TODAY, page_of
from tests.portals.een import EenPortal, sections
from tests.portals.een_markup import STYLES, ListStyle, Look, detail

SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES", "")
pytestmark = pytest.mark.skipif(
    not SAMPLES, reason="the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)"
)
POLISH, TURKISH = "RDRPL20260716014", "RDRTR20260820005"
# How the entries of a list can be told apart in a text that has lost its tags.
_ENTRIES = {
    "technology keywords": r"(?=\b\d{8} - )",
    "market keywords": r"(?=\b\d{8} - )",
    "sustainable development goals": r"(?=\bGoal \d)",
    "type and size of partner": r"\s(?=SME|University|R&D|Big|Other)",
    "targeted countries": r"\s",
}

Sections = list[tuple[str, list[tuple[str, Any]]]]


def sample(reference: str) -> dict[str, str]:
    read: dict[str, str] = json.loads(
        (Path(SAMPLES) / "een" / f"detail_{reference}.main_text.json").read_text(encoding="utf-8")
    )
    return read


def ours() -> list[tuple[str, list[str]]]:
    """Every section and label that the simulator writes, in its order."""
    found: dict[str, dict[str, None]] = {}
    for one in EenPortal(profiles=200, seed=7, today=TODAY).listed():
        if one.type == "RDR" and one.ipr_notes and one.groups and one.call and one.call.link and one.call.project:
            for heading, fields in sections(one):
                found.setdefault(heading, {}).update(dict.fromkeys(label for label, _ in fields))
    return [(heading, list(labels)) for heading, labels in found.items()]


def cut(text: str) -> Sections:
    """Cut a flattened text at our headings and labels, each looked for behind the one before."""
    headings = ours()
    marks = [f"{heading} {labels[0]} " for heading, labels in headings]
    starts = [text.index(mark) for mark in marks]
    assert starts == sorted(starts)
    found: Sections = []
    for (heading, labels), start, end in zip(
        headings, starts, [*starts[1:], text.index("Share this page")], strict=True
    ):
        part = text[start + len(heading) : end]
        places = [(at, label) for label in labels if (at := part.find(f" {label} ")) >= 0]
        assert places == sorted(places)
        ends = [at for at, _ in places[1:]] + [len(part)]
        values = [part[at + len(label) + 2 : stop].strip() for (at, label), stop in zip(places, ends, strict=True)]
        found.append(
            (heading, [(label, entries(label, value)) for (_, label), value in zip(places, values, strict=True)])
        )
    return found


def entries(label: str, value: str) -> Any:
    if label == "Targeted Countries":
        value = value.split(" For more information")[0]
    form = _ENTRIES.get(label.lower())
    return [entry.strip() for entry in re.split(form, value) if entry.strip()] if form else value


def read(reference: str, style: ListStyle = "taxonomy") -> Notice:
    recorded = sample(reference)
    html = detail(recorded["h1"], cut(recorded["main_text_flattened"]), look=Look(lists=style))
    page = page_of(html, url=recorded["url"], role="detail")
    (record,) = een.split(page)
    notice = een.read(record, page)
    assert isinstance(notice, Notice)
    return notice


@pytest.mark.parametrize("reference", [POLISH, TURKISH])
def test_real_pages_have_the_sections_and_labels_of_ours_in_the_same_order(reference: str) -> None:
    found = cut(sample(reference)["main_text_flattened"])
    assert [heading for heading, _ in found] == [heading for heading, _ in ours()]
    absent = {label for _, labels in ours() for label in labels} - {label for _, fields in found for label, _ in fields}
    assert absent <= {"IPR notes", "Project title and acronym", "Sector Groups Involved"}
    assert all(value for _, fields in found for _, value in fields)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("reference", [POLISH, TURKISH])
def test_nothing_of_a_real_profile_is_lost_or_misunderstood_in_any_markup(reference: str, style: ListStyle) -> None:
    notice = read(reference, style)
    recorded = sample(reference)
    assert (notice.source_id, notice.url, notice.titles["en"].text) == (reference, recorded["url"], recorded["h1"])
    assert not {"not_understood", "unknown_fields", "thin"} & set(notice.extra["een"])
    for heading in ("Full Description", "Advantages and Innovations", "Expected Role of a Partner"):
        text = next(
            value for _, fields in cut(recorded["main_text_flattened"]) for label, value in fields if label == heading
        )
        assert plain(text) in plain(notice.body or "")
    assert notice == read(reference)


def test_the_values_of_the_polish_profile() -> None:
    notice = read(POLISH)
    assert [(each.kind, each.on) for each in notice.deadlines] == [
        ("eoi", date(2026, 9, 30)),
        ("stage", date(2026, 12, 17)),
    ]
    assert notice.published_at == date(2026, 7, 16)
    assert notice.extra["een"]["validity"]["to"] == "2027-07-16"
    assert notice.budget
    assert (notice.budget.total, notice.budget.currency, notice.budget.raw) == (
        Decimal(1_500_000),
        "EUR",
        "1.500.000 Euro",
    )
    assert (notice.origin_country, notice.countries) == ("PL", ("NO", "IS", "LI"))
    assert notice.codes == (
        *("een-tech:10002013", "een-tech:10003004", "een-tech:10002015"),
        *("een-market:08001009", "een-market:08001018", "een-market:08004002", "een-market:08001004"),
        *("sdg:13", "sdg:9", "sdg:12"),
    )
    assert "Recycling, Recovery" in notice.keywords
    assert notice.eligibility
    assert {"een:SME 50-249", "een:SME 11-49", "een:SME <=10"} < set(notice.eligibility.codes)
    assert notice.programme
    assert notice.programme.name == "International cooperation"
    assert "call" in notice.extra["een"]


def test_the_values_of_the_turkish_profile() -> None:
    notice = read(TURKISH)
    assert [(each.kind, each.on) for each in notice.deadlines] == [
        ("eoi", date(2026, 8, 28)),
        ("stage", date(2026, 9, 10)),
    ]
    assert notice.published_at == date(2026, 8, 20)
    assert notice.budget
    assert (notice.budget.total, notice.budget.currency, notice.budget.raw) == (Decimal(750_000), None, "750000")
    assert notice.origin_country == "TR"
    assert notice.countries == ("FI", "PL", "PT", "FR", "DK", "ES", "NL", "CZ", "IE")
    assert notice.codes[:2] == ("een-tech:01003012", "een-tech:01003008")
    assert notice.codes[-2:] == ("sdg:3", "sdg:9")
    assert "call" not in notice.extra["een"]  # it holds nothing but the address, which is the link as well
    assert len(notice.links) == 1
    assert notice.programme
    assert notice.programme.name == "Eureka"
