"""What the letter says: golden files, subject, sections, facts and footer."""

from pathlib import Path

import pytest

from aggregator.digest.choose import Chosen
from connectors.base.contract import Title
from tests.aggregator.digest.rendered import LANGUAGES, Page, letter
from tests.aggregator.digest.sample import NOW, SourceLine, digest, tender

GOLDEN = Path(__file__).parents[2] / "golden" / "letters"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_reads_as_the_golden_one(language: str, tmp_path: Path) -> None:
    rendered = letter(tmp_path, language=language)
    missing = []
    for ending, text in (("txt", rendered.text), ("html", rendered.html)):
        path = GOLDEN / f"week.{language}.{ending}"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            missing.append(path.name)
            continue
        assert text == path.read_text(encoding="utf-8"), f"{path.name}: read the difference, then delete the file"
    assert not missing, f"written for the first time, read them: {missing}"


def test_equal_digests_give_equal_bytes(tmp_path: Path) -> None:
    assert letter(tmp_path) == letter(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_part_fits_a_terminal(language: str, tmp_path: Path) -> None:
    rendered = letter(tmp_path, language=language)
    assert [line for line in rendered.text.splitlines() if len(line) > 72 and "://" not in line] == []
    assert "\n\n\n\n" not in rendered.text


def test_a_title_cannot_forge_a_line_of_the_text_part(tmp_path: Path) -> None:
    item = tender(1, titles={"it": Title(text="Pulizia\n\n-- \nFORGED\u202eHEADING")})
    text = letter(tmp_path, digest(items=(Chosen(item=item, section="new"),))).text
    assert "Pulizia -- FORGEDHEADING" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_D12_the_subject_says_counts_and_the_nearest_deadline_first(language: str, tmp_path: Path) -> None:
    subject = letter(tmp_path, language=language).subject
    head = {
        "it": "2 in scadenza, 4 nuove, 1 cambiata, prima scadenza 27 nov",
        "en": "2 closing soon, 4 new, 1 changed, first on 27 Nov",
    }
    assert subject.startswith(head[language] + " · ")
    assert len(head[language]) <= 60
    assert len(subject) <= 110


def test_D12_the_counts_alone_are_said_when_the_deadline_does_not_fit(tmp_path: Path) -> None:
    closing = digest().items[0]
    many = tuple(Chosen(item=tender(n), section="new") for n in range(200, 1200))
    given = digest(items=(closing, *many, *(Chosen(item=tender(n), section="changed") for n in range(2000, 3000))))
    head = letter(tmp_path, given).subject.partition(" · ")[0]
    assert head == "1 in scadenza, 1000 nuove, 1000 cambiate"


def test_D2_what_only_resembles_is_not_counted_in_the_subject(tmp_path: Path) -> None:
    items = (Chosen(item=tender(1), section="new"), Chosen(item=tender(2), section="maybe"))
    assert letter(tmp_path, digest(items=items)).subject.startswith("1 nuova · ")


def test_D2_the_rest_is_one_click_away(tmp_path: Path) -> None:
    text = letter(tmp_path).text
    assert "Altre 12 opportunità adatte a te:" in text
    assert "https://board.example.org/opportunities?kind=tender&sector=facility_cleaning&sort=newest" in text


def test_D3_each_item_says_why_it_is_here(tmp_path: Path) -> None:
    text = letter(tmp_path).text
    assert "settore: Pulizie e servizi agli edifici (CPV 90910000)" in text
    # The reservation is a fact of the item and is said once, as such.
    assert text.count("laboratori protetti") == 1


def test_silent_sources_are_named_with_the_day_they_fell_silent(tmp_path: Path) -> None:
    text = letter(tmp_path).text
    assert "- Nordic Grants: ultimo aggiornamento 12 novembre" in text
    assert "- Town News: non ancora letta" in text
    assert "Switched off" not in text
    assert "- Partner Exchange: " not in text


def test_a_long_list_of_silent_sources_is_cut(tmp_path: Path) -> None:
    silent = tuple(SourceLine(f"s{n}", f"Feed {n}", None) for n in range(9))
    lines = [line for line in letter(tmp_path, digest(sources=silent)).text.splitlines() if line.startswith("- ")]
    assert lines[5:7] == ["- Feed 5: non ancora letta", "- e altre 3"]


def test_attributions_of_what_is_shown_stand_below(tmp_path: Path) -> None:
    assert letter(tmp_path).text.count("© European Union, TED, CC BY 4.0") == 1


def test_a_text_that_its_rights_withhold_is_not_in_the_letter(tmp_path: Path) -> None:
    item = tender(1, lang="it", titles={"it": Title(text="Bando")}, summary="Testo riservato", rights={"show": "link"})
    assert "Testo riservato" not in letter(tmp_path, digest(items=(Chosen(item=item, section="new"),))).text
    shown = item.model_copy(update={"rights": digest().items[0].item.rights})
    assert "Testo riservato" in letter(tmp_path, digest(items=(Chosen(item=shown, section="new"),))).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_D4_nothing_missing_shows_as_a_hole(language: str, tmp_path: Path) -> None:
    bare = tender(1, kind="tender", codes=(), sectors=(), countries=(), deadlines=(), notices=(), lang=None)
    rendered = letter(tmp_path, digest(language, items=(Chosen(item=bare, section="new"),), sources=()), language)
    for text in (rendered.text, Page(rendered.html).text):
        assert "None" not in text
        assert "1970" not in text


def test_the_sample_week_is_the_week_it_says() -> None:
    assert NOW.isocalendar().week == 48
