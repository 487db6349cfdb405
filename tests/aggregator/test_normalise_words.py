"""What strangers wrote comes in as plain words: no markup, no hidden signs, no persons, nothing a database refuses."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from aggregator.intake.normalise import normalise
from aggregator.store.put import Draft
from connectors.base.contract import (
    About,
    Body,
    Contact,
    Deadline,
    Eligibility,
    Link,
    Notice,
    ParseError,
    Programme,
    Rights,
    Title,
)

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ABOUT = About(name="example", title="Example", home="https://www.example.org", rights=Rights())


def notice(**changes: Any) -> Notice:
    values: dict[str, Any] = {
        "source_id": "1-2026",
        "url": "https://www.example.org/1",
        "titles": {"fr": Title(text="Nettoyage des écoles")},
        "kind": "tender",
        "lang": "fr",
    }
    return Notice(**(values | changes))


def draft(**changes: Any) -> Draft:
    return normalise(notice(**changes), source="example", about=ABOUT, fetched_at=NOW, rights=ABOUT.rights)


def test_P8_markup_never_reaches_a_title_a_summary_or_a_keyword() -> None:
    made = draft(
        titles={"en": Title(text="Cleaning &lt;img src=x onerror=alert(1)&gt; <script>alert(1)</script>of schools")},
        summary="<p>Two <b>lots</b></p><style>p{}</style>",
        keywords=["<i>cleaning</i>", "cleaning", " "],
    )
    assert made.opportunity.titles["en"].text == "Cleaning of schools"
    assert made.opportunity.summary == "Two lots"
    assert made.opportunity.keywords == ("cleaning",)


def test_P8_a_body_keeps_our_few_tags_and_only_web_addresses() -> None:
    body = (
        '<p onclick="x()" style="color:red">See <a href="javascript:alert(1)">this</a> and '
        '<a href="https://www.example.org/call?utm_source=x">that</a><img src="https://track.example.org/1.gif"></p>'
    )
    cleaned = draft(body=body).opportunity.body
    assert cleaned is not None
    assert 'href="https://www.example.org/call"' in cleaned
    for word in ("javascript", "onclick", "style", "img", "utm_source"):
        assert word not in cleaned


def test_P8_an_address_that_is_not_of_the_web_is_dropped_and_a_notice_without_one_is_rejected() -> None:
    made = draft(documents=[Link(url="https://user:secret@example.org/x"), Link(url="https://example.org/doc.pdf")])
    assert [link.url for link in made.opportunity.documents] == ["https://example.org/doc.pdf"]
    with pytest.raises(ParseError, match="no address"):
        draft(url="https://user:secret@example.org/x")


def test_P9_no_input_leaves_a_tag_in_a_plain_field() -> None:
    hostile = "<img src=x onerror=alert(1)>A fair<iframe src=//x.example.org></iframe> for farmers"
    made = draft(
        summary=hostile,
        organisation=Body(name=hostile),
        programme=Programme(code="LIFE", name=hostile),
        eligibility=Eligibility(text=hostile),
        documents=[Link(url="https://example.org/d", title=hostile)],
        deadlines=[Deadline(on=date(2027, 1, 12), label=hostile)],
    )
    assert "<" not in made.notice.model_dump_json()
    assert "A fair for farmers" in made.text


def test_F25_signs_that_hide_or_turn_text_are_taken_out_everywhere() -> None:
    made = draft(
        titles={"en": Title(text="Pay\u200bment \u202etxt.exe\u202c of\u0000 schools")},
        summary="Clean\u00ading\ufeff of \u2066schools\u2069",
        keywords=["clean\u200ding"],
        body="<p>A\u202eB</p>",
        extra={"note": "a\u0000 b\u202e"},
    )
    assert made.opportunity.titles["en"].text == "Payment txt.exe of schools"
    assert made.opportunity.summary == "Cleaning of schools"
    assert made.opportunity.keywords == ("cleaning",)
    assert made.opportunity.body == "<p>AB</p>"
    assert made.notice.extra == {"note": "a b"}


PERSON = "Contact person: Zenobia Testarossa, tel. +39 055 1234567, zenobia.testarossa@example.org"


def test_persons_are_cut_from_every_text_field() -> None:
    made = draft(
        titles={"en": Title(text=f"Cleaning of schools. {PERSON}")},
        summary=f"Two lots. {PERSON}",
        body=f"<p>Three lots. {PERSON}</p>",
        keywords=[f"cleaning {PERSON}"],
        organisation=Body(name=f"Town of Example {PERSON}"),
        programme=Programme(name=f"Programme {PERSON}"),
        eligibility=Eligibility(text=f"Open. {PERSON}"),
        contact=Contact(text=f"Write to us. {PERSON}"),
        documents=[Link(url="https://example.org/d", title=f"Form {PERSON}")],
        deadlines=[Deadline(on=date(2027, 1, 12), label=f"Offers {PERSON}")],
        extra={"deep": [{"note": f"More. {PERSON}"}]},
    )
    everything = made.notice.model_dump_json() + made.opportunity.model_dump_json() + made.title_text + made.text
    for trace in ("Zenobia", "Testarossa", "1234567", "zenobia.testarossa@example.org"):
        assert trace not in everything
    for word in ("Cleaning of schools", "Two lots", "Three lots", "Town of Example", "Write to us", "Offers", "More"):
        assert word in everything


def test_a_role_mailbox_stays_as_a_channel_and_nowhere_else() -> None:
    made = draft(contact=Contact(text="bandi@example.org"), summary="Scrivere a bandi@example.org entro marzo.")
    assert made.opportunity.contact == Contact(text="bandi@example.org")
    assert "bandi@example.org" not in (made.opportunity.summary or "") + made.text


def test_a_number_in_extra_stays_as_the_source_wrote_it() -> None:
    extra = {"ted": {"procedure": "0551234567", "lots": 3, "reserved": True, "share": 0.3}}
    assert draft(extra=extra).notice.extra == extra


def test_a_notice_whose_title_was_only_a_person_is_rejected() -> None:
    with pytest.raises(ParseError, match="titles"):
        draft(titles={"it": Title(text="zenobia.testarossa@example.org")})


# The first text that needs the language model pays for loading it.
@settings(deadline=None)
@given(st.text(min_size=1, max_size=200), st.text(max_size=300))
def test_no_text_breaks_the_normaliser_or_leaves_what_a_database_refuses(title: str, summary: str) -> None:
    given_notice = Notice.model_construct(
        **(notice().__dict__ | {"titles": {"und": Title.model_construct(text=title)}, "summary": summary, "lang": "en"})
    )
    try:
        made = normalise(given_notice, source="example", about=ABOUT, fetched_at=NOW, rights=ABOUT.rights)
    except ParseError:
        event("nothing left of the title")
        return
    written = made.opportunity.model_dump_json() + made.title_text + made.text
    written.encode("utf-8")
    assert "\x00" not in written
    assert "\\u0000" not in written
    assert "<script" not in written
