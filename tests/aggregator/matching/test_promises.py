"""What holds for every verdict, whatever the item and whatever the profile."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.matching.engine import Reason, Verdict, judge
from aggregator.matching.facts import Item
from aggregator.matching.lexicon import fold
from aggregator.matching.profile import Profile
from aggregator.matching.words import say
from aggregator.people.member import Member
from aggregator.store.opportunity import Opportunity, status
from connectors.base.text import plain
from tests.aggregator.matching.items import NOW, item, member

WORDS = ["nettoyage", "Reinigung", "pulizie", "cheese", "formaggi", "vino", "software", "army", "servizi", "Straße"]
SECTORS = ["facility_cleaning", "food_processing", "livestock_dairy", "fisheries", "ict_digital"]
CODES = ["cpv:90910000", "cpv:15540000", "nace:81.21", "een-tech:10003004", "programme:43251589"]
LANGUAGES = ["it", "en", "fr", "de", "pl", "und"]
COUNTRIES = ["IT", "FR", "DE"]
KINDS = ["tender", "grant_call", "business_request"]
FORMS = ["social_a", "social_b", "worker", "company"]


def some(values: list[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
deadlines = st.builds(
    lambda days, kind: {"on": date(2026, 11, 23) + timedelta(days), "kind": kind},
    st.integers(-40, 60),
    st.sampled_from(["submission", "eoi", "stage", "validity"]),
)


@st.composite
def items(draw: st.DrawFn) -> Opportunity:
    return item(
        draw(st.dictionaries(st.sampled_from(LANGUAGES), sentences, min_size=1, max_size=3)),
        lang=draw(st.sampled_from(LANGUAGES)),
        kind=draw(st.sampled_from(KINDS)),
        body=draw(st.none() | sentences.map(lambda text: f"<p>{text}</p>")),
        deadlines=draw(st.lists(deadlines, max_size=3)),
        countries=draw(some([*COUNTRIES, "*"])),
        origin_country=draw(st.none() | st.sampled_from(COUNTRIES)),
        codes=draw(some(CODES)),
        sectors=[{"id": id, "because": draw(st.sampled_from(CODES))} for id in draw(some(SECTORS))],
        programme=draw(st.none() | st.just({"code": "CERV"})),
        reserved=[{"type": type} for type in draw(some(["res-ws", "res-pub-ser"]))],
        offer_languages=draw(some(["it", "en", "fr"])),
        withdrawn_at=draw(st.none() | st.just(NOW)),
    )


profiles = st.fixed_dictionaries(
    {},
    optional={
        "kinds": some(KINDS),
        "sectors": some(SECTORS),
        "codes": some(["cpv:909", "ateco:10.51", "een-tech:10", "programme:CERV"]),
        "countries": some(COUNTRIES),
        "home": st.booleans(),
        "text": sentences,
        "any": some(WORDS),
        "all": some(WORDS, 1),
        "none": some(WORDS, 1),
        "bid_languages": some(["it", "en"]),
        "least_days": st.dictionaries(st.sampled_from(KINDS), st.integers(0, 60)),
        "reserved_only": st.booleans(),
        "programmes": some(["CERV", "LIFE"]),
    },
).map(Profile.model_validate)


def rederived(reason: Reason, profile: Profile, asked: Member, what: Opportunity) -> bool:
    """Find a reason again in the item, with nothing of the engine but the form of words."""
    match reason.kind:
        case "code":
            return reason.item in what.codes and reason.profile in profile.codes
        case "sector":
            return any(s.id == reason.profile and s.because == reason.item for s in what.sectors)
        case "programme":
            return reason.item in {*what.codes, what.programme and what.programme.code} and bool(reason.profile)
        case "country":
            return reason.item in {*what.countries, what.origin_country} and reason.profile in {
                *profile.countries,
                "*",
                asked.country,
            }
        case "kind":
            return reason.item == what.kind and reason.profile in {*profile.kinds, "*"}
        case "deadline":
            return str(profile.least_days[what.kind]) == reason.profile and reason.item in {
                str(d.on) for d in what.deadlines
            }
        case "reservation":
            return reason.item in {r.type for r in what.reserved} and reason.profile == asked.legal.form
        case "keyword":
            text = what.titles[reason.lang or ""].text if reason.field == "titles" else plain(what.body or "")
            said = [*profile.any, *profile.text.split(), *SECTORS]
            return reason.item in text.split() and reason.profile in said


@settings(deadline=None, max_examples=300)
@given(items(), profiles, st.sampled_from([None, *FORMS]))
def test_every_verdict_keeps_the_promises(what: Opportunity, profile: Profile, form: str | None) -> None:
    asked = member(profile, legal={"form": form} if form else {})
    verdict = judge(profile, what, member=asked, now=NOW)
    assert not (verdict.sent and verdict.excluded_by)
    assert 0 <= verdict.score < 1
    if status(what, NOW) in {"closed", "withdrawn"}:
        assert verdict.excluded_by in {"closed", "withdrawn"}
    if verdict.sent:
        assert verdict.score >= 0.4
        assert verdict.tier in {"coded", "text"}
        assert verdict.reasons
        assert not profile.kinds or what.kind in profile.kinds
    assert judge(profile, what, member=asked, now=NOW) == verdict
    assert Verdict.model_validate_json(verdict.model_dump_json()) == verdict
    for reason in verdict.reasons:
        assert rederived(reason, profile, asked, what), reason
        assert all(say(reason, language) for language in ("it", "en"))


@settings(deadline=None, max_examples=150)
@given(items(), profiles)
def test_what_a_profile_never_wants_is_never_sent(what: Opportunity, profile: Profile) -> None:
    word = WORDS[0]
    strict = profile.model_copy(update={"none": (word,)})
    verdict = judge(strict, what, member=member(strict), now=NOW)
    texts = [title.text for title in what.titles.values()] + [plain(what.body or "")]
    if any(word in text.split() for text in texts):
        assert not verdict.sent
    else:
        without = profile.model_copy(update={"none": ()})
        assert verdict == judge(without, what, member=member(without), now=NOW)


FULL: dict[str, Any] = {
    "kinds": ["tender"],
    "sectors": ["facility_cleaning"],
    "codes": ["cpv:909"],
    "countries": ["FR"],
    "any": ["bureaux"],
    "programmes": ["CERV"],
    "least_days": {"tender": 20},
}
SIGNALS: list[tuple[str, dict[str, Any]]] = [
    ("kind", {"kinds": []}),
    ("code", {"codes": []}),
    ("country", {"countries": ["DE"], "home": True}),
    ("programme", {"programmes": []}),
    ("deadline", {"least_days": {}}),
]


@pytest.mark.parametrize(("kind", "without"), SIGNALS)
def test_a_signal_that_is_taken_away_takes_its_reason_with_it(kind: str, without: dict[str, Any]) -> None:
    what = item(
        "Nettoyage de bureaux",
        codes=["cpv:90910000"],
        sectors=[{"id": "facility_cleaning", "because": "cpv:90910000"}],
        programme={"code": "CERV"},
        countries=["FR", "DE", "*"] if kind != "country" else ["ES", "*"],
        origin_country=None,
    )
    with_all = Profile.model_validate(FULL | ({"countries": ["ES"]} if kind == "country" else {}))
    before = judge(with_all, what, member=member(with_all), now=NOW)
    less = Profile.model_validate(FULL | without)
    after = judge(less, what, member=member(less), now=NOW)
    assert kind in {reason.kind for reason in before.reasons}
    assert [r for r in after.reasons if r.kind != kind] == [r for r in before.reasons if r.kind != kind]
    assert kind not in {reason.kind for reason in after.reasons}


@given(st.text(max_size=40))
def test_folding_is_done_once_and_for_all(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.datetimes(datetime(2026, 11, 1), datetime(2027, 1, 31)))  # noqa: DTZ001 (hypothesis wants naive bounds)
def test_days_left_never_speak_of_a_deadline_that_has_passed(moment: datetime) -> None:
    now = moment.replace(tzinfo=NOW.tzinfo)
    days = Item(item(), now).days
    assert days is not None
    assert (days >= 0) is (status(item(), now) == "open")
