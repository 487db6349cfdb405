"""`opportunities join` and `split`: what a person knows better than any rule, and takes back when it was wrong."""

from collections.abc import Sequence

import pytest

from tests.cli.conftest import Command
from tests.portals.ted import TedPortal


@pytest.fixture
def shared(worldwidewe: Command, read_store: Sequence[str], ted: TedPortal) -> tuple[str, str]:
    """An opportunity that two sources tell, and the notice of the second one."""
    endpoint = f"endpoint={ted.url}/v3/notices/search"
    assert worldwidewe("sources", "add", "mirror", "ted", endpoint, "--title", "Mirror").code == 0
    assert worldwidewe("pull", "mirror").code == 0
    item = next(row for row in worldwidewe("export").json_lines() if len(row["notices"]) == 2)
    return item["id"], f"mirror:{item['notices'][1]['source_id']}"


def behind(worldwidewe: Command, id: str) -> list[str]:
    shown = worldwidewe("opportunities", "show", id, "--json").json_lines()[0]
    return [f"{n['source']}:{n['source_id']}" for n in shown["notices"]]


def test_a_notice_that_is_parted_stays_parted_through_the_next_visit(
    worldwidewe: Command, shared: tuple[str, str]
) -> None:
    id, notice = shared
    done = worldwidewe("opportunities", "split", id, "--notice", notice)
    assert (done.code, done.err) == (0, "")
    alone = done.out.split()[-1]
    assert done.out == f"parted: {id} is left, and {notice} is {alone}\n"
    for turn in ("mirror", "tenders"):
        assert worldwidewe("pull", turn).code == 0
        assert worldwidewe("reparse", turn).code == 0
    assert behind(worldwidewe, alone) == [notice]
    assert notice not in behind(worldwidewe, id)


def test_the_office_joins_what_it_parted_and_the_younger_number_leads_to_the_elder(
    worldwidewe: Command, shared: tuple[str, str]
) -> None:
    id, notice = shared
    alone = worldwidewe("opportunities", "split", id, "--notice", notice).out.split()[-1]
    done = worldwidewe("opportunities", "join", alone, id, "--why", "one tender, says the buyer")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"one opportunity: {id}, told by ")
    assert notice in behind(worldwidewe, id)
    shown = worldwidewe("opportunities", "show", alone)
    assert shown.out.startswith(f"{alone} went into {id}\n")
    assert "one tender, says the buyer" in shown.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("split", "{id}", "--notice", "mirror"), "it is written SOURCE:ID"),
        (("split", "{id}", "--notice", "mirror:nothing"), "does not stand behind opportunity {id}; these do: "),
        (("split", "999999", "--notice", "mirror:1"), "there is no opportunity of this number"),
        (("join", "{id}", "{id}", "--why", "x"), "these are one opportunity already"),
        (("join", "{id}", "999999", "--why", "x"), "there is no opportunity of this number"),
        (("join", "{id}", "1"), "Missing option '--why'"),
    ],
    ids=["no notice", "another's notice", "no number", "one already", "nobody", "without a reason"],
)
def test_a_mistake_is_told_in_a_line_with_the_way_out(
    worldwidewe: Command, shared: tuple[str, str], arguments: tuple[str, ...], said: str
) -> None:
    id, _ = shared
    done = worldwidewe("opportunities", *(word.format(id=id) for word in arguments))
    assert done.code in {1, 2}
    assert done.out == ""
    assert said.format(id=id) in done.err
    assert len(done.err.splitlines()) == 1
