"""A page that is watched, over real sockets and in the whole pipeline's order: what was added, once, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import Notice, ParseError, Reading
from connectors.generic import page_watch
from connectors.generic.page_watch import state
from tests.connectors.visit import SimpleVisit
from tests.portals import site
from tests.portals.site import SitePortal


@pytest.fixture
def portal() -> Iterator[SitePortal]:
    with SitePortal(items=3) as running:
        yield running


class Watched:
    """Visit after visit of one page, with the cursor as the pipeline would have kept it."""

    def __init__(self, client: Client, url: str, **params: Any) -> None:
        self.client, self.params, self.cursor = client, page_watch.Params(url=url, **params), None

    def look(self) -> list[Reading]:
        visit = SimpleVisit(http=self.client, params=self.params, mode="recent", cursor=self.cursor)
        found: list[Reading] = []
        for page in page_watch.fetch(visit):
            given = page.with_params(self.params)
            found += [] if page.unchanged else [page_watch.read(record, given) for record in page_watch.split(given)]
            self.cursor = page.cursor_after or self.cursor
            self.client.confirm(page)
        return found

    cursor: str | None


@pytest.fixture
def watched(loopback_client: Client, portal: SitePortal) -> Watched:
    return Watched(loopback_client, f"{portal.url}/avvisi", lang="it")


def test_the_first_look_only_takes_note(watched: Watched) -> None:
    assert watched.look() == []
    assert watched.cursor


def test_what_is_added_becomes_one_notice_for_review(watched: Watched, portal: SitePortal) -> None:
    watched.look()
    portal.lines += ["Nuovo bando per le cooperative: domande entro il 15 gennaio 2027.", "Info allo sportello."]
    (notice,) = watched.look()
    assert isinstance(notice, Notice)
    assert notice.titles["it"].text == "Pagina cambiata: Avvisi | Regione Alta Costa"
    assert notice.titles["it"].origin == "office"
    assert notice.kind == "news"
    assert notice.url == f"{portal.url}/avvisi"
    assert notice.body == (
        "<p>Nuovo bando per le cooperative: domande entro il 15 gennaio 2027.</p><p>Info allo sportello.</p>"
    )
    assert [str(deadline.on) for deadline in notice.deadlines] == ["2027-01-15"]
    assert notice.extra["page_watch"] == {"needs_review": True, "added": 2, "removed": 0}
    base, _, digest = notice.source_id.partition("#")
    assert base == notice.url
    assert len(digest) == 12
    assert watched.look() == []


def test_counters_tokens_and_days_of_update_are_no_change(watched: Watched, portal: SitePortal) -> None:
    watched.look()
    before = watched.cursor
    for _ in range(3):
        assert watched.look() == []
    assert watched.cursor == before
    assert portal.visits == 1_204 + 4


def test_two_changes_are_two_notices_that_are_not_one_thing(watched: Watched, portal: SitePortal) -> None:
    watched.look()
    portal.lines.append("Primo avviso.")
    (first,) = watched.look()
    portal.lines.append("Secondo avviso.")
    (second,) = watched.look()
    assert isinstance(first, Notice)
    assert isinstance(second, Notice)
    assert first.source_id != second.source_id
    assert first.same_as == second.same_as == ()


def test_what_only_went_is_no_notice_and_what_comes_back_soon_is_none(watched: Watched, portal: SitePortal) -> None:
    watched.look()
    line = portal.lines.pop()
    assert watched.look() == []
    portal.lines.append(line)
    assert watched.look() == []


def test_a_line_is_forgotten_after_five_changes_without_it() -> None:
    cursor: str | None = state.after(None, ["a", "b"])
    for turn in range(4):
        cursor = state.after(state.known(cursor), ["a", f"{turn}"])
        assert state.mark("b") in (state.known(cursor) or {})
    cursor = state.after(state.known(cursor), ["a", "x"])
    assert state.mark("b") not in (state.known(cursor) or {})


def test_words_that_are_waited_for_decide_and_the_change_is_over_all_the_same(
    loopback_client: Client, portal: SitePortal
) -> None:
    watched = Watched(loopback_client, f"{portal.url}/avvisi", trigger_pattern="(?i)bando")
    watched.look()
    portal.lines.append("Orari estivi.")
    (left_out,) = watched.look()
    assert not isinstance(left_out, Notice)
    portal.lines.append("Esce il BANDO botteghe.")
    (notice,) = watched.look()
    assert isinstance(notice, Notice)
    assert "estivi" not in (notice.body or "")


def test_a_lost_cursor_reports_nothing_anew(watched: Watched, portal: SitePortal) -> None:
    watched.look()
    portal.lines.append("Nuovo avviso.")
    watched.look()
    watched.cursor = None
    assert watched.look() == []


def test_F5_a_login_page_is_no_change_and_leaves_the_cursor(watched: Watched, portal: SitePortal) -> None:
    watched.look()
    before = watched.cursor
    portal.fail(site.login_page())
    with pytest.raises(ParseError) as error:
        watched.look()
    assert error.value.suspicious
    assert watched.cursor == before
    portal.heal()
    assert watched.look() == []


def test_the_document_of_a_change_is_committed_with_the_cursor_and_before_the_page(
    loopback_client: Client, portal: SitePortal
) -> None:
    params = page_watch.Params(url=f"{portal.url}/avvisi")
    first, second = page_watch.fetch(SimpleVisit(http=loopback_client, params=params))
    assert (first.role, second.role) == ("change", "watched")
    assert first.cursor_after
    assert second.cursor_after is None
    assert first.request is not None
    assert second.request is not None
    assert first.request.url != second.request.url


def test_the_office_alone_sees_changes_until_they_are_shared() -> None:
    shared, kept = (page_watch.Params(url="https://www.example.org/", share=share) for share in (True, False))
    notice = Notice(source_id="x", url="https://www.example.org/", titles={"it": {"text": "x"}}, kind="news")
    assert page_watch.rights(notice, kept).audience == "office"
    assert page_watch.rights(notice, shared).audience == "members"
    assert page_watch.rights(notice, shared).show == "summary"


def test_at_most_forty_lines_are_shown_and_the_rest_counted(loopback_client: Client, portal: SitePortal) -> None:
    watched = Watched(loopback_client, f"{portal.url}/avvisi")
    watched.look()
    portal.lines += [f"Avviso numero {number} di oggi." for number in range(100)]
    (notice,) = watched.look()
    assert isinstance(notice, Notice)
    assert (notice.body or "").count("<p>") == 41
    assert "(+60)" in (notice.body or "")
