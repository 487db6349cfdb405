"""`requests`: entered, published with consent, withdrawn; and read by the source like everything else."""

import json
from pathlib import Path
from typing import Any

import click
import pytest

from tests.cli.conftest import Command

WISH = (
    *("--title", "Cerchiamo imballaggi compostabili", "--kind", "request", "--organisation", "Coop Aurora"),
    *("--text", "Cerchiamo fornitori europei. Referente: Pia Neri, tel. 051 1234567, pia.neri@example.org"),
    *("--country", "IT", "--language", "it", "--countries", "FR,DE", "--expires", "2099-12-31"),
)


@pytest.fixture
def members(worldwidewe: Command) -> str:
    listed = worldwidewe("sources", "list", "--json").json_lines()
    if "members" not in {row["name"] for row in listed}:
        assert worldwidewe("sources", "add", "members", "members").code == 0
    return "members"


def number(worldwidewe: Command) -> str:
    (row,) = worldwidewe("requests", "list", "--json").json_lines()
    return str(row["id"])


def exported(worldwidewe: Command) -> list[dict[str, Any]]:
    return worldwidewe("export").json_lines()


def lines(home: Path) -> list[dict[str, object]]:
    text = (home / "drop" / "members" / "requests.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_request_is_entered_without_persons_and_read_like_everything_else(
    worldwidewe: Command, members: str, home: Path
) -> None:
    done = worldwidewe("requests", "add", *WISH)
    assert done.code == 0
    assert "were cut" in done.err
    (item,) = exported(worldwidewe)
    assert (item["titles"]["it"]["text"], item["rights"]["audience"]) == (
        "Cerchiamo imballaggi compostabili",
        "members",
    )
    assert worldwidewe("pull", members, "--json").json_lines()[0]["class"] == "same"
    said = "".join(path.read_text(errors="replace") for path in home.rglob("*.jsonl"))
    assert "imballaggi" in said
    assert not [bad for bad in ("Neri", "1234567", "pia.neri") if bad in said]
    assert "Neri" not in worldwidewe("requests", "show", number(worldwidewe)).out


def test_entering_the_same_again_changes_nothing(worldwidewe: Command, members: str) -> None:
    worldwidewe("requests", "add", *WISH)
    assert "1 stand there already" in worldwidewe("requests", "add", *WISH).out
    assert len(worldwidewe("requests", "list", "--json").json_lines()) == 1


def test_publishing_needs_the_consent_and_its_day(worldwidewe: Command, members: str, home: Path) -> None:
    assert worldwidewe("requests", "add", *WISH, "--publish").complaint.endswith("--consent-by WHO --on DAY")
    worldwidewe("requests", "add", *WISH)
    id = number(worldwidewe)
    assert worldwidewe("requests", "publish", id, "--consent-by", "Presidenza", "--on", "2999-01-01").code == 1
    assert "audience" not in json.dumps(lines(home))
    assert (
        worldwidewe("requests", "publish", id, "--consent-by", "Pia Neri, presidente", "--on", "2026-11-20").code == 0
    )
    shown = worldwidewe("requests", "show", id).out
    assert "published: Pia Neri, presidente, 2026-11-20, written consent, kept by the office" in shown
    assert '"audience": "public"' in json.dumps(lines(home))
    # Who agreed is the office's own proof, and stands nowhere else.
    assert "Neri" not in json.dumps(lines(home))
    assert worldwidewe("requests", "unpublish", id).code == 0
    assert "audience" not in json.dumps(lines(home))
    assert "is not published" in worldwidewe("requests", "unpublish", id).complaint


def test_a_consent_ends_with_the_words_that_it_was_given_for(worldwidewe: Command, members: str) -> None:
    worldwidewe("requests", "add", *WISH, "--publish", "--consent-by", "Presidenza", "--on", "2026-11-20")
    id = number(worldwidewe)
    done = worldwidewe("requests", "change", id, "--title", "Cerchiamo imballaggi di carta")
    assert (done.code, "is not published any more" in done.err) == (0, True)
    (row,) = worldwidewe("requests", "list", "--json").json_lines()
    assert (row["state"], row["version"], row["title"]) == ("members", 2, "Cerchiamo imballaggi di carta")
    assert row["countries"] == ["FR", "DE"]


def test_what_is_withdrawn_leaves_the_file_and_can_not_be_published(
    worldwidewe: Command, members: str, home: Path
) -> None:
    worldwidewe("requests", "add", *WISH)
    id = number(worldwidewe)
    assert worldwidewe("requests", "withdraw", id).code == 0
    assert lines(home) == [{"worldwidewe": "requests", "version": 1, "total": 0}]
    done = worldwidewe("requests", "publish", id, "--consent-by", "Presidenza", "--on", "2026-11-20")
    assert (done.code, "was withdrawn on" in done.complaint) == (1, True)
    assert worldwidewe("requests", "list").out == "no requests; see: worldwidewe requests add --help\n"
    assert id in worldwidewe("requests", "list", "--all").out


def test_the_file_can_be_made_anew_of_the_table(worldwidewe: Command, members: str, home: Path) -> None:
    worldwidewe("requests", "add", *WISH)
    before = lines(home)
    (home / "drop" / "members" / "requests.jsonl").unlink()
    assert worldwidewe("requests", "rebuild").code == 0
    assert lines(home) == before


def test_a_file_of_posts_is_entered_whole_or_not_at_all(worldwidewe: Command, members: str, tmp_path: Path) -> None:
    head = "post_id;section;sector;title;body_html;author_organisation;author_country;languages;created_at;expires_at;url\n"
    good = "1;post;ict;Cerca sviluppatori;<p>Prima riga.</p><p>Seconda riga del testo.</p>;Coop Uno;IT;it;2026-11-01;2099-01-31;https://c.example/1\n"
    posts = tmp_path / "posts.csv"
    posts.write_text(
        head + good + "2;post;poetry;Offre corsi;<p>Testo lungo abbastanza.</p>;Coop Due;;it;;;\n", encoding="utf-8"
    )
    done = worldwidewe("requests", "add", posts)
    assert done.code == 1
    assert "posts.csv: row 3: country: Field required" in done.err
    assert "posts.csv: row 3: sector: 'poetry' is none of" in done.err
    assert worldwidewe("requests", "list", "--json").json_lines() == []
    posts.write_text(head + good, encoding="utf-8")
    assert worldwidewe("requests", "add", posts).code == 0
    (row,) = worldwidewe("requests", "list", "--json").json_lines()
    assert (row["kind"], row["text"], row["ends"]) == ("request", "Prima riga.\nSeconda riga del testo.", "2099-01-31")


def test_the_form_comes_back_with_what_is_wrong_until_it_is_right(
    worldwidewe: Command, members: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def editor(form: str, **_: object) -> str:
        seen.append(form)
        if len(seen) == 1:
            return form.replace("title: ", 'title: "Offriamo: mense & corsi #1"').replace(
                "sector: other", "sector: poetry"
            )
        filled = form.replace("sector: poetry", "sector: health").replace("organisation: ", "organisation: Coop Aurora")
        return filled.replace("text: |\n", "text: |\n  Una riga di testo.\n  Un'altra riga.\n").replace(
            "kind: request", "kind: offer"
        )

    monkeypatch.setattr(click, "edit", editor)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: True)
    assert worldwidewe("requests", "add", "--edit").code == 0
    assert seen[1].startswith("#! ")
    assert "'poetry' is none of" in seen[1]
    (row,) = worldwidewe("requests", "list", "--json").json_lines()
    assert (row["kind"], row["title"], row["text"]) == (
        "offer",
        "Offriamo: mense & corsi #1",
        "Una riga di testo.\nUn'altra riga.",
    )
    monkeypatch.setattr(click, "edit", lambda form, **_: form)
    assert worldwidewe("requests", "change", row["id"], "--edit").code == 0
    (again,) = worldwidewe("requests", "list", "--json").json_lines()
    assert again == row


def test_an_empty_form_does_nothing(worldwidewe: Command, members: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "edit", lambda *_, **__: "# nothing\n")
    assert worldwidewe("requests", "add", "--edit").code == 130
    assert worldwidewe("requests", "list", "--json").json_lines() == []


def test_a_number_that_does_not_exist_is_one_line(worldwidewe: Command) -> None:
    assert worldwidewe("requests", "show", "2026-zzzzz").complaint == (
        "worldwidewe: request: there is no request '2026-zzzzz'; see: worldwidewe requests list"
    )


def test_a_consent_that_is_taken_back_counts_at_once(worldwidewe: Command, members: str) -> None:
    worldwidewe("requests", "add", *WISH, "--publish", "--consent-by", "Presidenza", "--on", "2026-11-20")
    id = number(worldwidewe)

    def now() -> tuple[str, str]:
        (item,) = exported(worldwidewe)
        return item["rights"]["audience"], item["status"]

    assert now() == ("public", "open")
    worldwidewe("requests", "unpublish", id)
    assert now() == ("members", "open")
    worldwidewe("requests", "withdraw", id)
    assert now() == ("members", "withdrawn")


def test_without_its_source_a_request_waits_and_that_is_said(worldwidewe: Command, members: str) -> None:
    assert worldwidewe("sources", "set", members, "off").code != 0
    assert worldwidewe("sources", "set", members, "--off").code == 0
    done = worldwidewe("requests", "add", *WISH)
    assert (done.code, "worldwidewe sources set members --on" in done.err) == (0, True)


def test_most_of_what_stands_there_may_be_withdrawn_in_one_day(
    worldwidewe: Command, members: str, tmp_path: Path
) -> None:
    posts = tmp_path / "posts.csv"
    rows = [f"Cerchiamo fornitori di cassette {n},Una cooperativa cerca fornitori,Coop Aurora,IT,it" for n in range(12)]
    posts.write_text("\n".join(["title,body_html,author_organisation,author_country,languages", *rows]))
    assert worldwidewe("requests", "add", str(posts)).code == 0
    ids = [str(row["id"]) for row in worldwidewe("requests", "list", "--json").json_lines()]
    for id in ids:
        done = worldwidewe("requests", "withdraw", id)
        assert (done.code, done.err) == (0, ""), id
    assert {item["status"] for item in exported(worldwidewe)} == {"withdrawn"}


def test_a_consent_that_is_taken_back_counts_also_where_the_source_is_switched_off(
    worldwidewe: Command, members: str
) -> None:
    worldwidewe("requests", "add", *WISH, "--publish", "--consent-by", "Presidenza", "--on", "2026-11-20")
    assert worldwidewe("sources", "set", members, "--off").code == 0
    done = worldwidewe("requests", "unpublish", number(worldwidewe))
    (item,) = exported(worldwidewe)
    assert (item["rights"]["audience"], done.err) == ("members", "")


def test_where_the_source_was_removed_the_office_is_told_what_still_stands_there(
    worldwidewe: Command, members: str
) -> None:
    worldwidewe("requests", "add", *WISH, "--publish", "--consent-by", "Presidenza", "--on", "2026-11-20")
    assert worldwidewe("sources", "remove", members).code == 0
    done = worldwidewe("requests", "unpublish", number(worldwidewe))
    assert "worldwidewe sources add members members; what it brought before stands on the board as it was" in done.err
    assert worldwidewe("sources", "add", members, "members").code == 0
    worldwidewe("requests", "rebuild")
    (item,) = exported(worldwidewe)
    assert item["rights"]["audience"] == "members"
