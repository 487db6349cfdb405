"""What an admin may set, and how a mistake is told."""

from typing import Any

import pytest

from connectors.eu_funding import Params


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"programmes": ["LIVE"]}, "none of CEF, CERV"),
        ({"programmes": ["12"]}, "no code of the portal"),
        ({"divisions": ["EIC"]}, "divisions"),
        ({"types": []}, "types"),
        ({"page_size": 101}, "page_size"),
        ({"words": ["eu"]}, "words"),
        ({"identifiers": ["*"]}, "identifiers"),
        ({"queries": 1}, "queries"),
    ],
    ids=str,
)
def test_a_wrong_parameter_is_refused_by_name(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Params.model_validate(wrong)


def test_programmes_are_known_by_the_names_that_people_use() -> None:
    assert Params(programmes=("Erasmus+", "ESF+", "intpa", "43251589")).programmes == (
        "43353764",
        "43254019",
        "111111",
        "43251589",
    )
