"""Who sees what: every connector, every choice of its audience, every way out of the program.

The one thing to know: what a source brings is put into the store as a visit would, one notice for each choice, and every
exit is asked for all of them; what is for members or for the office is shown to nobody else, not even as a number.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any, Literal

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import connectors
from aggregator.digest.compose import plan
from aggregator.digest.letter import render
from aggregator.intake import sources
from aggregator.intake.normalise import normalise
from aggregator.people.members import put as put_members
from aggregator.store import search
from aggregator.store.opportunities import every, for_office
from aggregator.store.opportunity import Opportunity
from aggregator.store.put import known, put
from aggregator.store.session import Store
from aggregator.store.tables import notices
from config.settings import Settings
from connectors.base.contract import Deadline, Notice
from tests.aggregator.digest.stored import match, member
from tests.web import seed
from web.commands.export import document

Audience = Literal["public", "members", "office"]
NEEDED: dict[str, dict[str, Any]] = {
    row["connector"]: row.get("params", {})
    for row in tomllib.loads(sources.STARTER.read_text(encoding="utf-8"))["source"]
} | {"file_drop": {}, "members": {}, "linkedin_alerts": {}}
CHOICES: dict[str, tuple[dict[str, Any], ...]] = {
    # What an admin may say of who sees it. A connector that is new and has such a parameter is found by the test below.
    "file_drop": tuple(
        {"shape": shape, "audience": audience, **({"basis": "CC BY 4.0"} if audience == "public" else {})}
        for shape, audience in product(("notices", "coopspace"), ("office", "members", "public"))
    ),
    "mailbox": ({"audience": "office"}, {"audience": "members"}),
    "linkedin_alerts": ({"audience": "office"}, {"audience": "members"}, {"member_words": ["lanterna"]}),
    "page_watch": ({"share": False}, {"share": True}),
    "brainport": tuple(
        {"section": section, "share": share}
        for section, share in product(("news", "smart_district", "fund", "vacancies"), (False, True))
    ),
    "members": ({}, {"url": "https://other.example.org/requests/feed.json"}),
}
CONSENTS: tuple[dict[str, Any], ...] = (
    {},
    {"audience": "members"},
    {"audience": "public"},
    {"audience": "public", "basis": "consent of the organisation, 2026-11-20"},
)
NEVER_PUBLIC = {"mailbox", "linkedin_alerts", "linkedin", "ica", "page_watch"}
LINK_ONLY = {"mailbox", "linkedin_alerts", "linkedin"}


@dataclass(frozen=True, eq=False)
class Case:
    """One choice of one connector; `word` stands in the title, `secret` in the text, and nowhere else."""

    number: int
    connector: str
    params: dict[str, Any]
    extra: dict[str, Any]

    @property
    def source(self) -> str:
        return f"{self.connector.replace('_', '-')}-{self.number}"

    @property
    def word(self) -> str:
        return f"zq{self.number:03d}titel"

    @property
    def secret(self) -> str:
        return f"zq{self.number:03d}text"

    def notice(self) -> Notice:
        return Notice(
            source_id=f"id-{self.word}",
            url=f"https://where.example.org/{self.word}",
            titles={"it": {"text": f"Lanterna {self.word}"}},
            kind="partner_search",
            lang="it",
            summary=f"Si cerca {self.secret}.",
            body=f"<p>Si cerca {self.secret} e altro.</p>",
            eligibility={"text": f"Solo chi ha {self.secret}."},
            deadlines=(Deadline(on=seed.day(9), zone="Europe/Rome"),),
            extra=self.extra,
        )


def cases() -> list[Case]:
    found: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
    for name in connectors.names():
        for choice in CHOICES.get(name, ({},)):
            for consent in CONSENTS if name == "members" else ({},):
                extra = {"members": consent} if consent else {}
                found.append((name, NEEDED.get(name, {}) | choice, extra))
    return [Case(number, *one) for number, one in enumerate(found)]


CASES = cases()


@pytest.fixture
def full(store: Store) -> dict[str, Opportunity]:
    """Every case in the store: its source added as an admin would, its notice cleaned and put as a visit does."""
    with store.write() as connection:
        for case in CASES:
            sources.add(connection, case.source, connector=case.connector, params=case.params, now=seed.NOW)
            source = sources.get(connection, case.source)
            notice = case.notice()
            draft = normalise(
                notice, source=case.source, about=source.about, fetched_at=seed.NOW, rights=source.rights(notice)
            )
            put(connection, [draft], source=case.source, held=known(connection, case.source), now=seed.NOW)
    with store.read() as connection:
        return {item.notices[0].source: item for item in every(connection)}


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    return app.test_client()


def of(full: dict[str, Opportunity], *audiences: Audience) -> Iterator[tuple[Case, Opportunity]]:
    for case in CASES:
        if full[case.source].rights.audience in audiences:
            yield case, full[case.source]


def words(text: str) -> set[str]:
    return set(re.findall(r"zq\d{3}(?:titel|text)", text))


def test_every_connector_that_lets_an_admin_choose_is_walked_with_each_choice() -> None:
    assert {case.connector for case in CASES} == set(connectors.names())
    choosing = {
        name
        for name in connectors.names()
        if {"audience", "share", "member_words"} & connectors.load(name).Params.model_fields.keys()
    }
    assert choosing <= CHOICES.keys()


def test_mail_linkedin_and_lists_of_networks_are_public_under_no_choice(full: dict[str, Opportunity]) -> None:
    for case in CASES:
        rights = full[case.source].rights
        if case.connector in NEVER_PUBLIC:
            assert rights.audience != "public", case
        if case.connector in LINK_ONLY:
            assert rights.show == "link", case
        if case.params.get("shape") == "coopspace" and "basis" not in case.params:
            assert (rights.show, rights.audience) == ("link", case.params["audience"]), case
        if rights.audience == "public" and case.connector in {"file_drop", "members"}:
            assert rights.basis != "not known", case


def test_the_choice_of_an_admin_is_the_audience_of_what_comes(full: dict[str, Opportunity]) -> None:
    told = {case: full[case.source].rights.audience for case in CASES}
    for case, audience in told.items():
        if "audience" in case.params:
            assert audience == case.params["audience"], case
        if case.connector == "page_watch":
            assert audience == ("members" if case.params["share"] else "office"), case
        if case.connector == "members":
            consent = case.extra.get("members", {})
            own, agreed = "url" not in case.params, consent.get("audience") == "public"
            wanted = "public" if agreed and (not own or "basis" in consent) else "members" if own else "office"
            assert audience == wanted, case
    assert {"public", "members", "office"} == set(told.values())


@pytest.mark.parametrize("path", ["/", "/opportunities?size=100", "/opportunities?sort=newest&size=100", "/sources"])
def test_no_page_holds_a_word_of_what_is_not_public(
    reader: FlaskClient, full: dict[str, Opportunity], path: str
) -> None:
    allowed = {case.word for case, item in of(full, "public")} | {
        case.secret for case, item in of(full, "public") if item.rights.show != "link"
    }
    text = reader.get(path).text
    assert words(text) <= allowed
    hidden = {case.source for case, _ in of(full, "members", "office")}
    assert not {name for name in hidden if re.search(rf"source={name}\b", text)}


def test_the_list_shows_all_that_is_public_and_counts_nothing_else(
    reader: FlaskClient, store: Store, full: dict[str, Opportunity]
) -> None:
    public = {case.word for case, _ in of(full, "public")}
    assert len(public) < 100
    assert {word for word in words(reader.get("/opportunities?size=100").text) if "titel" in word} == public
    with store.read() as connection:
        found = search.find(connection, search.Query(), now=seed.NOW, size=100)
    assert found.total == len(public)
    assert dict(found.facets["sources"]) == {case.source: 1 for case, _ in of(full, "public")}
    assert sum(count for _, count in found.facets["kinds"]) == len(public)
    assert re.search(rf"<b>{len(public)}</b>", reader.get("/").text)


def test_a_page_and_a_search_answer_for_what_is_public_alone(reader: FlaskClient, full: dict[str, Opportunity]) -> None:
    for case in CASES:
        item = full[case.source]
        public = item.rights.audience == "public"
        page = reader.get(f"/opportunities/{item.id}")
        assert page.status_code == (200 if public else 404), case
        said = words(page.text)
        assert said <= ({case.word, case.secret} if public and item.rights.show != "link" else {case.word}), case
        assert case.word in said or not public, case
        for query in (f"q={case.word}", f"q={case.secret}", f"source={case.source}"):
            listed = reader.get(f"/opportunities?{query}").text
            assert (f'href="/opportunities/{item.id}"' in listed) == public, (case, query)


def test_a_letter_holds_what_is_for_members_and_no_word_of_what_is_the_office_s(
    store: Store, settings: Settings, full: dict[str, Opportunity]
) -> None:
    told: set[str] = set()
    for case, item in of(full, "public", "members", "office"):
        who = member(f"coop-{case.number}")
        with store.write() as connection:
            put_members(connection, [who], now=seed.NOW)
            match(connection, who, item)
        with store.read() as connection:
            digest = plan(connection, who, now=seed.NOW, settings=settings)
        if item.rights.audience == "office":
            assert digest is None, case
            continue
        assert digest is not None, case
        letter = render(digest, settings=settings, language="it")
        said = words(letter.text + letter.html)
        assert said <= {case.word} | ({case.secret} if item.rights.show != "link" else set()), case
        told |= said
    assert {case.word for case, _ in of(full, "public", "members")} <= told


def test_what_is_the_office_s_is_not_counted_in_a_letter_either(
    store: Store, settings: Settings, full: dict[str, Opportunity]
) -> None:
    who = member("coop")
    with store.write() as connection:
        put_members(connection, [who], now=seed.NOW)
        for item in full.values():
            match(connection, who, item)
    with store.read() as connection:
        digest = plan(connection, who, now=seed.NOW, settings=settings)
    assert digest is not None
    assert len(digest.items) + digest.more == len(list(of(full, "public", "members")))


def test_an_export_is_for_the_office_and_holds_no_text_that_only_a_link_is_allowed_of(
    full: dict[str, Opportunity],
) -> None:
    for case in CASES:
        said = words(json.dumps(document(full[case.source], now=seed.NOW, board="https://board.example.org")))
        assert said == {case.word} | ({case.secret} if full[case.source].rights.show != "link" else set()), case


def test_leads_are_what_is_the_office_s_alone(store: Store, full: dict[str, Opportunity]) -> None:
    with store.read() as connection:
        found = for_office(connection, since=seed.NOW - timedelta(days=1))
    assert {item.id for item in found} == {item.id for _, item in of(full, "office")}


@pytest.mark.parametrize("path", ["/requests/feed.json", "/requests/murmurations.json", "/health", "/about"])
def test_what_was_read_elsewhere_is_in_no_feed_of_ours(
    reader: FlaskClient, full: dict[str, Opportunity], path: str
) -> None:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert words(answer.text) == set()


def test_a_source_of_the_office_is_named_to_nobody_who_filters_by_it(
    reader: FlaskClient, store: Store, full: dict[str, Opportunity]
) -> None:
    with store.write() as connection:
        for case, _ in of(full, "office"):
            sources.change(connection, case.source, title=f"Casella riservata {case.number}", now=seed.NOW)
        assert connection.scalar(sa.select(sa.func.count()).select_from(notices)) == len(CASES)
    pages = ["/", "/sources", "/opportunities", *(f"/opportunities?source={c.source}" for c, _ in of(full, "office"))]
    assert [path for path in pages if "Casella riservata" in reader.get(path).text] == []
