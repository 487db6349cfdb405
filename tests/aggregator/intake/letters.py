"""A member of these tests, and what a letter would tell it now."""

from datetime import datetime
from pathlib import Path

from aggregator.digest import compose
from aggregator.people.member import Member
from aggregator.people.members import put
from aggregator.store.session import Store
from tests.aggregator.intake.reading import NOW, settings

MEMBER = Member.model_validate(
    {
        "id": "coop",
        "name": "Cooperativa Esempio",
        "recipients": [{"email": "coop@example.org", "basis": "consent"}],
        "profiles": [{"name": "All", "kinds": ["tender"], "any": ["cleaning"]}],
    }
)


def enrol(store: Store) -> None:
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)


def told(store: Store, at: datetime) -> tuple[list[str], int]:
    """The titles that this week's letter would show, and how many stand behind "more"."""
    with store.read() as connection:
        digest = compose.plan(connection, MEMBER, now=at, settings=settings())
    if digest is None:
        return [], 0
    return sorted(chosen.item.title("en")[0] for chosen in digest.items), digest.more


def write(store: Store, at: datetime, home: Path) -> bool:
    """Write this week's letter; whether there was anything to say."""
    with store.write() as connection:
        return compose.write(connection, MEMBER, now=at, settings=settings(home=home)) is not None
