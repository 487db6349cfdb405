"""Posts become notices; what is not published, advertised, shared on or somebody else's is left out by its name."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.intake.reading import Rejected, readings
from connectors import linkedin
from connectors.base.contract import Notice, ParseError, Reading, Record, Skipped
from tests.connectors.linkedin.conftest import page_of

ID = "urn:li:share:7390000000000000000"
AT = 1_762_000_000_123


def post(**fields: Any) -> dict[str, Any]:
    plain = {
        "id": ID,
        "author": "urn:li:organization:5",
        "commentary": "Cerchiamo un partner in Francia. Scrivete all'ufficio.\n\nSecondo paragrafo\ncon due righe #export",
        "createdAt": AT,
        "publishedAt": AT,
        "lastModifiedAt": AT + 60_000,
        "lifecycleState": "PUBLISHED",
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED"},
        "content": {"article": {"source": "https://example.org/a?utm_source=x", "title": ""}},
    }
    return {name: value for name, value in (plain | fields).items() if value is not None}


def read(*posts: Any, **params: Any) -> list[Reading | Rejected]:
    return list(readings(linkedin, page_of(json.dumps({"elements": list(posts)}), params=params)))


def one(**fields: Any) -> Notice:
    (found,) = read(post(**fields), page_id="5", organisation="Federazione della Valle")
    assert isinstance(found, Notice)
    return found


def test_a_post_says_what_it_is_and_nothing_more() -> None:
    notice = one()
    assert notice.titles["und"].text == "Cerchiamo un partner in Francia."
    assert notice.url == f"https://www.linkedin.com/feed/update/{ID}"
    assert notice.body == (
        "<p>Cerchiamo un partner in Francia. Scrivete all'ufficio.</p><p>Secondo paragrafo<br>con due righe #export</p>"
    )
    assert notice.kind == "news"
    assert notice.keywords == ("export",)
    assert notice.published_at == datetime(2025, 11, 1, 12, 26, 40, 123_000, tzinfo=UTC)
    assert notice.updated_at == datetime(2025, 11, 1, 12, 27, 40, 123_000, tzinfo=UTC)
    assert [link.url for link in notice.documents] == ["https://example.org/a"]
    assert notice.organisation is not None
    assert (notice.organisation.name, notice.organisation.url) == (
        "Federazione della Valle",
        "https://www.linkedin.com/company/5",
    )
    assert notice.contact is not None
    assert notice.contact.url == notice.url
    # Joined with the page that it links, that page would be shown under the narrow rights of LinkedIn.
    assert (notice.same_as, notice.deadlines, notice.countries) == ((), (), ())


def test_the_title_is_that_of_the_linked_article_and_else_a_short_first_sentence() -> None:
    assert one(content={"article": {"title": "Bando &amp; guida"}}).titles["und"].text == "Bando & guida"
    long = one(commentary="parola " * 100, content=None).titles["und"].text
    assert len(long) <= 120
    assert long.endswith("…")
    assert one(commentary="Se a < b allora c").titles["und"].text == "Se a < b allora c"


def test_the_day_of_publication_stands_in_the_number_where_nothing_else_says_it() -> None:
    made = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    id = f"urn:li:ugcPost:{int(made.timestamp() * 1000) << 22}"
    assert one(id=id, publishedAt=None, createdAt=None).published_at == made


@pytest.mark.parametrize("nonsense", [True, "1762000000123", 0, -5, 10**30, 99_999_999_999_999, 1.5])
def test_a_moment_that_is_none_is_left_out(nonsense: object) -> None:
    assert one(lastModifiedAt=nonsense).updated_at is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"lifecycleState": "DRAFT"}, "not published"),
        ({"lifecycleState": None}, "not published"),
        ({"distribution": {"feedDistribution": "NONE"}}, "an advertisement: not in the feed"),
        ({"reshareContext": {"parent": "urn:li:share:1", "root": "urn:li:share:1"}}, "a reshare"),
        ({"visibility": "CONTAINER"}, "not for everybody"),
        ({"author": "urn:li:organization:6"}, "written by another author"),
        ({"author": "urn:li:person:AbC"}, "written by another author"),
        ({"commentary": None, "content": {"media": {"id": "urn:li:image:1"}}}, "a post without words"),
    ],
)
def test_what_is_left_out_is_named_and_still_counts_as_listed(fields: dict[str, Any], why: str) -> None:
    assert read(post(**fields), page_id="5") == [Skipped(why, ID)]


def test_people_are_cut_from_every_text() -> None:
    text = "Ne parla @[Fiorella Bassani](urn:li:person:AbC). Contatto: Dott.ssa Fiorella Bassani, f.bassani@example.org"
    notice = one(commentary=text, content={"article": {"title": "Intervista alla Dott.ssa Fiorella Bassani"}})
    assert "Fiorella" not in notice.model_dump_json()
    assert "f.bassani" not in notice.model_dump_json()


def test_markup_in_a_post_is_text() -> None:
    notice = one(commentary="<script>alert(1)</script> <b>Bando</b>")
    assert notice.body == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;Bando&lt;/b&gt;</p>"


def test_a_bad_post_concerns_itself_alone() -> None:
    found = read(7, {"id": "urn:li:person:1"}, post(), page_id="5")
    assert [type(each) for each in found] == [Rejected, Rejected, Notice]


def test_an_error_is_no_list() -> None:
    body = json.dumps({"status": 426, "code": "NONEXISTENT_VERSION", "message": "Requested version is not active"})
    with pytest.raises(ParseError, match="is not a list of posts: Requested version"):
        list(linkedin.split(page_of(body)))


def test_new_fields_are_heard() -> None:
    assert linkedin.audit(Record("x", post(newThing=1, lifecycleStateInfo={}))) == {"newThing"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(post())), json_values, max_size=6))
def test_no_value_of_any_field_breaks_the_reader(fields: dict[str, Any]) -> None:
    page = page_of("{}")
    record = Record("elements[0]", post() | fields)
    try:
        found = linkedin.read(record, page)
    except (ParseError, ValueError):
        return
    assert isinstance(found, Notice | Skipped)
