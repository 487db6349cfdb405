"""By whom a source is met: what the office reads for itself is named to nobody, until it brings something for more people."""

from aggregator.intake import sources
from aggregator.intake.standing import states
from aggregator.rights import Reader
from aggregator.store.session import Store
from tests.aggregator.intake.reading import NOW
from tests.aggregator.store.sample import draft, keep

NAMES = {
    "news": ("feed", {"url": "https://news.example.org/rss"}),
    "members": ("members", {}),
    "watch": ("page_watch", {}),
}


def met(store: Store, to: Reader) -> set[str]:
    with store.read() as connection:
        return {state.name for state in states(connection, to=to)}


def test_a_source_is_met_by_whom_its_notices_are_for(store: Store) -> None:
    with store.write() as connection:
        for name, (connector, params) in NAMES.items():
            given = params or ({"url": "https://watched.example.org/"} if name == "watch" else {})
            sources.add(connection, name, connector=connector, params=given, now=NOW)
    assert met(store, "public") == {"news"}
    assert met(store, "member") == {"news", "members"}
    assert met(store, "office") == {"news", "members", "watch"}
    # A request that its organisation published.
    keep(store, [draft("2026-aaaaa", source="members")], source="members")
    assert met(store, "public") == {"news", "members"}
    with store.write() as connection:
        sources.change(connection, "watch", params={"share": True}, now=NOW)
    assert met(store, "member") == {"news", "members", "watch"}
