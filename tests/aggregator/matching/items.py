"""Opportunities and members by hand, for the tests of this room."""

from datetime import UTC, date, datetime
from typing import Any

from aggregator.matching.engine import Verdict, judge
from aggregator.matching.profile import Profile
from aggregator.people.member import Member
from aggregator.store.opportunity import Opportunity
from connectors.base.contract import Deadline, Title

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def item(title: str | dict[str, str] = "Nettoyage de bureaux", *, lang: str = "fr", **facts: Any) -> Opportunity:
    """A French tender that is open for four weeks, unless the facts say otherwise."""
    titles = title if isinstance(title, dict) else {lang: title}
    given: dict[str, Any] = {
        "id": 1,
        "kind": "tender",
        "titles": {language: Title(text=text) for language, text in titles.items()},
        "url": "https://portal.example/1",
        "lang": lang,
        "deadlines": (Deadline(on=date(2026, 12, 21)),),
        "zone": "Europe/Paris",
        "countries": ("FR",),
        "origin_country": "FR",
        "first_seen": NOW,
        "changed_at": NOW,
    }
    return Opportunity.model_validate(given | facts)


def member(*profiles: Profile, **facts: Any) -> Member:
    return Member.model_validate({"id": "coop", "name": "Coop", "profiles": profiles} | facts)


def ask(what: Opportunity, *, now: datetime = NOW, who: dict[str, Any] | None = None, **wishes: Any) -> Verdict:
    """Judge an item for one profile of one member."""
    profile = Profile.model_validate(wishes)
    return judge(profile, what, member=member(profile, **(who or {})), now=now)


def kinds(verdict: Verdict) -> set[str]:
    return {reason.kind for reason in verdict.reasons}
