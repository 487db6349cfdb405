"""A bundle from the terminal: switched, read and shown as one, over three simulators that run."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.portals import sam_gov, trade_gov
from tests.portals.grants_gov import GrantsGovPortal
from tests.portals.sam_gov import SamGovPortal
from tests.portals.trade_gov import TradeGovPortal


@pytest.fixture
def tenders() -> Iterator[SamGovPortal]:
    with SamGovPortal(notices=40) as portal:
        yield portal


@pytest.fixture
def events() -> Iterator[TradeGovPortal]:
    with TradeGovPortal(events=30, leads=None) as portal:
        yield portal


@pytest.fixture
def family(worldwidewe: Command, tenders: SamGovPortal, events: TradeGovPortal) -> Iterator[str]:
    """Four members, all off: grants, tenders, events, and leads that are gone from their platform."""
    with GrantsGovPortal(opportunities=12) as grants:
        rows = {
            "my-grants": ("grants_gov", [f"endpoint={grants.endpoint}"]),
            "my-tenders": ("sam_gov", [f"endpoint={tenders.endpoint}", "limit=10"]),
            "my-events": ("trade_gov", [f"endpoint={events.url}"]),
            "my-leads": ("trade_gov", [f"endpoint={events.url}", "interface=leads"]),
        }
        for name, (connector, params) in rows.items():
            assert worldwidewe("sources", "add", name, connector, *params, "--off").code == 0
        assert worldwidewe("sources", "add", "us", "business_usa", f"members={','.join(rows)}", "--off").code == 0
        yield "us"


def keys(worldwidewe: Command, monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setattr("sys.stdin", io.StringIO(value))
        assert worldwidewe("keys", "set", name.replace("_", "-")).code == 0


def test_without_keys_the_bundle_is_what_needs_none_and_says_what_the_others_need(
    worldwidewe: Command, family: str
) -> None:
    done = worldwidewe("sources", "set", family, "--on")
    assert done.code == 0
    assert "switched on: my-grants\n" in done.out
    assert "my-tenders stays off: it needs the key sam-gov" in done.out
    assert "worldwidewe keys set trade-gov; then: worldwidewe sources set us --on" in done.out
    (line,) = worldwidewe("pull", family, "--json").json_lines()
    assert (line["source"], line["class"]) == ("my-grants", "ok")
    (row,) = [row for row in worldwidewe("sources", "list", "--json").json_lines() if row["name"] == family]
    assert (row["enabled"], row["last_class"], row["notices"]) == (True, "ok", line["new"])


def test_with_keys_every_member_is_read_and_the_bundle_is_well_though_one_is_gone(
    worldwidewe: Command, family: str, monkeypatch: pytest.MonkeyPatch, tenders: SamGovPortal
) -> None:
    keys(worldwidewe, monkeypatch, sam_gov=sam_gov.KEY, trade_gov=trade_gov.KEY)
    assert (
        "switched on: my-grants, my-tenders, my-events, my-leads\n" in worldwidewe("sources", "set", family, "--on").out
    )
    lines = {line["source"]: line for line in worldwidewe("pull", family, "--json").json_lines()}
    assert {name: line["class"] for name, line in lines.items()} == {
        "my-grants": "ok",
        "my-tenders": "ok",
        "my-events": "ok",
        "my-leads": "gone",
    }
    assert "Trade Leads seem to have been taken off the platform" in lines["my-leads"]["error"]
    assert len(tenders.calls) == 8, "the calls of a day: pages first, then descriptions"
    rows = {row["name"]: row for row in worldwidewe("sources", "list", "--json").json_lines()}
    assert rows[family]["last_class"] == "ok"
    assert rows[family]["notices"] == sum(rows[name]["notices"] for name in lines)
    exported = worldwidewe("export").json_lines()
    described = [one for one in exported if one["notices"][0]["source"] == "my-tenders" and one.get("body")]
    assert described
    assert not [one for one in exported if "Marlowe" in str(one)]
    # The day's calls are spent, and a second reading costs none.
    (again,) = worldwidewe("pull", "my-tenders", "--json").json_lines()
    assert (again["class"], len(tenders.calls)) == ("throttled", 8)


def test_what_is_kept_holds_no_key(
    worldwidewe: Command, family: str, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_HOME", str(home))
    keys(worldwidewe, monkeypatch, sam_gov=sam_gov.KEY, trade_gov=trade_gov.KEY)
    worldwidewe("sources", "set", family, "--on")
    done = worldwidewe("pull", family, "--json")
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for key in (sam_gov.KEY, trade_gov.KEY):
        assert key.encode() not in kept
        assert key not in done.out + done.err


def test_switched_off_as_one_nothing_of_it_is_read(worldwidewe: Command, family: str) -> None:
    worldwidewe("sources", "set", family, "--on")
    assert (
        "switched off: my-grants, my-tenders, my-events, my-leads" in worldwidewe("sources", "set", family, "--off").out
    )
    done = worldwidewe("pull", family)
    assert done.code == 1
    assert "no member of us is on" in done.err


def test_an_address_of_the_old_portal_is_refused_with_what_replaced_it(worldwidewe: Command) -> None:
    done = worldwidewe("sources", "add", "old", "feed", "url=http://business.usa.gov/rss.xml")
    assert done.code == 1
    assert "closed in 2017" in done.err
    assert "worldwidewe sources set business-usa --on" in done.err


def test_a_list_of_sbir_topics_that_somebody_downloaded_is_parsed(worldwidewe: Command, tmp_path: Path) -> None:
    file = tmp_path / "topics.csv"
    heading = (
        "Topic Title,Topic Description,Topic Number,Phase,Program,Agency,Branch,Open Date,Close Date,Release Date,"
    )
    heading += "Solicitation Agency URL,Solicitation Status,Solicitation Year,SBIRTopicLink"
    days = '"August 26, 2026","December 23, 2026","August 5, 2026"'
    row = f"Quiet pumps,For barns,SIM26-1,BOTH,SBIR,USDA,NIFA,{days},,Open,2026,https://www.sbir.gov/topics/99846"
    file.write_text(f"{heading}\n{row}\n", encoding="utf-8")
    (said,) = worldwidewe("parse", "business_usa", file).json_lines()
    assert (said["source_id"], said["kind"], said["eligibility"]["verdict"]) == ("SIM26-1", "grant_call", "us_only")
