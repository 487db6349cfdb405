"""One thing told for fewer people by one source and for more by another: nobody learns of what is not for him."""

from datetime import date

from aggregator.rights import shown
from aggregator.store import search
from aggregator.store.session import Store
from connectors.base.contract import Deadline
from tests.aggregator.store.sample import NOW, history
from tests.aggregator.store.test_lent import LATER, say, the


def test_a_follower_for_fewer_people_is_named_to_those_alone(store: Store) -> None:
    say(store, "network", {"en": "Seeks a composter"})
    say(store, "mailbox", {"en": "Seeks a composter"}, audience="office")
    named = {to: [n.source for n in shown(the(store), to=to, now=NOW).notices] for to in ("public", "member", "office")}
    assert named == {"public": ["network"], "member": ["network"], "office": ["network", "mailbox"]}
    with store.read() as connection:
        found = search.find(connection, search.Query(), now=NOW)
        assert dict(found.facets["sources"]) == {"network": 1}
        assert search.count(connection, search.Query(sources=("mailbox",)), now=NOW) == 0


def test_what_was_said_while_fewer_might_see_it_is_told_to_nobody_who_sees_it_now(store: Store) -> None:
    say(store, "one", {"en": "A secret name"}, audience="members", deadlines=(Deadline(on=date(2027, 1, 1)),))
    say(store, "one", {"en": "Another name"}, audience="members", deadlines=(Deadline(on=date(2027, 2, 1)),), now=LATER)
    assert ("title", "A secret name", "Another name", "source") in history(store, 1)
    say(store, "one", {"en": "A public name"}, audience="public", deadlines=(Deadline(on=date(2027, 2, 1)),), now=LATER)
    told = history(store, 1)
    assert {(before, after) for _, before, after, _ in told} == {(None, None)}
    assert sorted(field for field, *_ in told) == ["deadline", "title", "title"]


def test_what_is_said_for_fewer_people_from_now_on_keeps_its_history(store: Store) -> None:
    say(store, "one", {"en": "A public name"})
    say(store, "one", {"en": "Another name"}, audience="members", now=LATER)
    assert history(store, 1) == [("title", "A public name", "Another name", "source")]
