"""What a person parts stays parted, and every number that was given out leads somewhere."""

import pytest

from aggregator.directory import apart
from aggregator.directory.search import get
from aggregator.store.session import Store
from connectors.base.contract import ParamError
from tests.aggregator.directory.sample import NOW, draft, keep, look, together

SITE = "https://latteria.example"


def test_a_merge_is_undone_for_good_and_that_can_be_taken_back(store: Store) -> None:
    keep(store, "a", draft("1", website=SITE))
    keep(store, "b", draft("9", "Berg-Molkerei", website=SITE))
    with store.write() as connection:
        assert apart.split(connection, 1, now=NOW) == [1, 2]
    assert {len(one) for one in together(store)} == {1}
    # Whatever the sources say afterwards.
    keep(store, "b", draft("9", "Berg-Molkerei", website=SITE, description="Käse."))
    keep(store, "c", draft("5", "Latteria", website=SITE))
    assert together(store) == {frozenset({"a:1", "c:5"}), frozenset({"b:9"})}
    with store.write() as connection:
        assert apart.join(connection, 2) == [1]
    assert together(store) == {frozenset({"a:1", "b:9", "c:5"})}


def test_one_is_parted_from_the_others_alone(store: Store) -> None:
    for source in "abc":
        keep(store, source, draft(source, website=SITE))
    with store.write() as connection:
        assert apart.split(connection, 1, {2}, now=NOW) == [1, 2]
    assert together(store) == {frozenset({"a:a", "c:c"}), frozenset({"b:b"})}


def test_what_cannot_be_parted_or_joined_says_why(store: Store) -> None:
    keep(store, "a", draft("1", website=SITE))
    with store.write() as connection:
        with pytest.raises(ParamError, match="only one source"):
            apart.split(connection, 1, now=NOW)
        with pytest.raises(ParamError, match="is not there"):
            apart.split(connection, 77, now=NOW)
        with pytest.raises(ParamError, match="kept apart from nobody"):
            apart.join(connection, 1)
    keep(store, "b", draft("9", website=SITE))
    with store.write() as connection:
        with pytest.raises(ParamError, match="does not stand behind 1"):
            apart.split(connection, 1, {5}, now=NOW)
        with pytest.raises(ParamError, match="parts nobody"):
            apart.split(connection, 1, {1, 2}, now=NOW)


def test_the_number_of_an_entry_that_went_into_another_leads_there(store: Store) -> None:
    keep(store, "a", draft("1", website=SITE))
    keep(store, "b", draft("9", "Berg-Molkerei"))
    assert len(look(store)) == 2
    keep(store, "b", draft("9", "Berg-Molkerei", website=SITE))
    with store.read() as connection:
        assert (get(connection, 2), apart.current(connection, 2), apart.current(connection, 3)) == (None, 1, None)
