"""The words of the letter: complete, used, and right in number."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from aggregator.digest.catalogue import catalogue
from aggregator.digest.letter import TRANSLATIONS

ROOM = TRANSLATIONS.parent
WHERE = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
Key = str | tuple[str, ...]


def in_source() -> set[Key]:
    found = extract_from_dir(ROOM, WHERE)
    return {tuple(msgid) if isinstance(msgid, tuple) else msgid for _, _, msgid, _, _ in found}


def test_D10_every_text_of_the_letter_stands_in_italian_and_none_is_left_over() -> None:
    with (TRANSLATIONS / "it.po").open("rb") as file:
        words = {m.id: m for m in read_po(file, locale="it") if m.id}
    assert in_source() - set(words) == set(), "missing in it.po"
    assert set(words) - in_source() == set(), "no longer used"
    for message in words.values():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), f"empty: {message.id}"
        assert not message.fuzzy, f"uncertain: {message.id}"
        # The same names are filled in, or the letter of one language would fail at run time.
        assert not list(message.check()), f"placeholders differ: {message.id}"


def test_the_extraction_sees_code_and_both_templates() -> None:
    assert {"Deadline", "All details", "Original title (%(language)s): %(title)s"} <= in_source()


@pytest.mark.parametrize(("n", "said"), [(0, "0 nuove"), (1, "1 nuova"), (2, "2 nuove")])
def test_D10_italian_counts_take_the_right_form(n: int, said: str) -> None:
    assert catalogue(TRANSLATIONS, "it").ngettext("%(n)d new", "%(n)d new", n) % {"n": n} == said


def test_english_answers_with_the_text_itself_and_needs_no_file(tmp_path: Path) -> None:
    words = catalogue(tmp_path, "en")
    assert words.gettext("Deadline") == "Deadline"
    assert words.ngettext("%(n)d thing", "%(n)d things", 2) == "%(n)d things"


def test_a_language_without_a_file_is_an_error_and_not_silent_english(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"fr\.po"):
        catalogue(tmp_path, "fr")
