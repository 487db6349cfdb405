"""The simulator is the same twice, changes as it is told, and refuses as the platform does."""

import urllib.error
import urllib.request
from urllib.parse import quote

import pytest

from tests.connectors.een.conftest import TODAY
from tests.portals.een import PAGE_SIZE, PATH, EenPortal
from tests.portals.een_content import TYPES
from tests.portals.server import Call

AGENT = {"user-agent": "worldwidewe/test"}


def ask(portal: EenPortal, path: str, agent: str = "worldwidewe/test") -> tuple[int, str]:
    try:
        request = urllib.request.Request(portal.url + path, headers={"user-agent": agent})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("agent", ["", "python-httpx/0.28", "curl/8.5"])
def test_a_library_is_refused_and_an_honest_name_is_not(portal: EenPortal, agent: str) -> None:
    assert ask(portal, PATH, agent)[0] == 403
    assert ask(portal, PATH)[0] == 200


def test_pages_are_numbered_from_nought_and_hold_twelve(portal: EenPortal) -> None:
    first, second = ask(portal, PATH)[1], ask(portal, f"{PATH}?page=1")[1]
    assert first.count("<article") == second.count("<article") == PAGE_SIZE
    assert ask(portal, f"{PATH}?page=0")[1] == first != second
    assert portal.listed()[0].reference in first
    assert portal.listed()[PAGE_SIZE].reference in second


def test_a_filter_finds_what_its_link_counts(portal: EenPortal) -> None:
    for facet in portal.facets():
        for _, value, count in facet.links:
            text = ask(portal, f"{PATH}?f%5B0%5D={quote(f'{facet.name}:{value}', safe='')}")[1]
            if facet.name != "c":
                assert f"Partnering opportunities ({count})" in text


def test_every_type_is_there_and_italy_is_often_targeted() -> None:
    listed = EenPortal(profiles=300, today=TODAY).listed()
    assert {one.type for one in listed} == set(TYPES)
    wanted = [one for one in listed if {"Italy", "All countries"} & set(one.targets)]
    assert len(wanted) > len(listed) // 2


def test_references_and_addresses_are_each_one_s_own() -> None:
    listed = EenPortal(profiles=3_000, today=TODAY).listed()
    assert len({one.reference for one in listed}) == len({one.slug for one in listed}) == 3_000


def test_the_same_seed_invents_the_same_profiles_and_another_one_others() -> None:
    one, same, other = (EenPortal(profiles=40, seed=seed, today=TODAY).listed() for seed in (1, 1, 2))
    assert one == same != other


def test_profiles_can_be_added_changed_extended_and_withdrawn(portal: EenPortal) -> None:
    (new,) = portal.add()
    newest = portal.listed()[0]
    assert (newest.reference, newest.published) == (new, TODAY)
    before = newest
    assert portal.change() == portal.extend() == [new]
    after = portal.listed()[0]
    assert after.summary != before.summary
    assert after.expires > before.expires
    card = portal.answer(Call("GET", PATH, {}, AGENT)).body
    portal.extend()
    assert portal.answer(Call("GET", PATH, {}, AGENT)).body == card
    assert portal.withdraw() == [new]
    assert portal.listed()[0].reference != new
    assert ask(portal, f"{PATH}/{newest.slug}")[0] == 404


def test_ten_thousand_profiles_are_told_within_a_moment() -> None:
    assert EenPortal(profiles=10_000, today=TODAY).profile(9_999).published == TODAY
