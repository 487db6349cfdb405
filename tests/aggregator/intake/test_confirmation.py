"""A source is confirmed live by a person who saw records of the live platform, and by nothing else."""

import pytest

from aggregator.intake.confirmation import confirm
from aggregator.intake.standing import states
from aggregator.intake.trial import Trial
from aggregator.store.session import Store
from connectors.base.contract import ParamError
from tests.aggregator.intake.reading import NOW, add


def a_trial(**given: object) -> Trial:
    good = Trial("lines", "lines", NOW, host="lines.example", facts=[(True, "it answered")], first=["1 · a call"])
    for name, value in given.items():
        setattr(good, name, value)
    return good


def test_a_good_trial_is_confirmed_with_its_day(store: Store) -> None:
    add(store, "lines", "lines")
    confirm(store, a_trial(), now=NOW)
    with store.read() as connection:
        (state,) = states(connection)
    assert state.confirmed_live == NOW.date()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"error": "404"}, "404"),
        ({"first": []}, "no record came"),
        ({"host": "127.0.0.1"}, "this machine"),
        ({"host": "127.0.0.2"}, "this machine"),
        ({"host": "portal.localhost."}, "this machine"),
        ({"facts": [(True, "it answered"), (False, "every record can be read")]}, "every record can be read"),
    ],
    ids=[
        "failed",
        "nothing shown",
        "simulator",
        "another number of this machine",
        "another name of it",
        "a fact did not hold",
    ],
)
def test_what_proves_nothing_confirms_nothing(store: Store, given: dict[str, object], why: str) -> None:
    add(store, "lines", "lines")
    with pytest.raises(ParamError, match=why):
        confirm(store, a_trial(**given), now=NOW)
    with store.read() as connection:
        assert [state.confirmed_live for state in states(connection)] == [None]
