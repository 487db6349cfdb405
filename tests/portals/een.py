"""The Enterprise Europe Network's list of partnering opportunities as a simulator: whole pages, filters, faults.

The one thing to know: its markup follows the ECL templates and the texts of real pages; no page was ever recorded, so
what a test shows here is that we read what is documented, not that the site is so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.portals.een_content import TYPES, Profile, country_names, profile
from tests.portals.een_markup import (
    STYLES,
    Facet,
    Look,
    card,
    detail,
    document,
    listing,
    long_day,
    page_header,
    pagination,
    short_day,
)
from tests.portals.server import Answer, Call, Portal

PATH = "/partnering-opportunities"
PAGE_SIZE = 12
_TYPE_IDS = {"BO": "4310", "BR": "4311", "TO": "4319", "TR": "4320", "RDR": "4355"}
_LIBRARIES = ("python-", "curl/", "go-http-client", "java/", "okhttp", "")


class EenPortal(Portal):
    """The list with `profiles` profiles of the last 300 days before `today`, newest first.

    `look` sets one markup for all pages; without it every profile has its own. `robots` is what robots.txt says.
    """

    def __init__(self, *, profiles: int = 240, seed: int = 1, today: date | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.seed = seed
        self.look: Look | None = None
        self.robots = "User-agent: *\nDisallow: /admin/\nDisallow: /search\n"
        self._first = self._total = profiles
        self._withdrawn: set[int] = set()
        self._changed: dict[int, int] = {}
        self._moved: dict[int, int] = {}
        self._facts: dict[int, Profile] = {}

    def add(self, count: int = 1) -> list[str]:
        """Publish so many new profiles today; return their references."""
        self._total += count
        return [self.profile(index).reference for index in range(self._total - count, self._total)]

    def change(self, count: int = 1) -> list[str]:
        """Change the summary of so many of the newest profiles, on card and page; return their references."""
        chosen = self.listed()[:count]
        for one in chosen:
            self._changed[one.index] = self._changed.get(one.index, 0) + 1
            self._facts.pop(one.index)
        return [one.reference for one in chosen]

    def extend(self, count: int = 1) -> list[str]:
        """Put off the end of so many of the newest profiles by a month, which no card shows; return their references."""
        chosen = self.listed()[:count]
        for one in chosen:
            self._moved[one.index] = self._moved.get(one.index, 0) + 1
            self._facts.pop(one.index)
        return [one.reference for one in chosen]

    def withdraw(self, count: int = 1) -> list[str]:
        """Take so many of the newest profiles off the list; their pages answer 404. Return their references."""
        chosen = self.listed()[:count]
        self._withdrawn.update(one.index for one in chosen)
        return [one.reference for one in chosen]

    def profile(self, index: int) -> Profile:
        """Return the facts of one profile; the same for ever, but for what `change` and `extend` did."""
        if index not in self._facts:
            made = profile(index, of=self._first, seed=self.seed, today=self.today)
            times, months = self._changed.get(index, 0), self._moved.get(index, 0)
            end = made.expires + timedelta(days=30 * months)
            self._facts[index] = replace(made, summary=made.summary + " Visits are welcome." * times, expires=end)
        return self._facts[index]

    def listed(self) -> list[Profile]:
        """Return the profiles of the list, the newest first."""
        found = (self.profile(index) for index in reversed(range(self._total)) if index not in self._withdrawn)
        return [one for one in found if one.expires >= self.today]

    def answer(self, call: Call) -> Answer:
        if call.path == "/robots.txt":
            return Answer(body=self.robots.encode(), headers={"content-type": "text/plain"})
        agent = call.headers.get("user-agent", "").lower()
        if any(agent.startswith(each) if each else not agent for each in _LIBRARIES):
            return refusal()
        if call.path == PATH:
            return html(self._list(call.query))
        slug = call.path.removeprefix(PATH + "/")
        found = [one for one in self.listed() if one.slug == slug]
        return html(self._detail(found[0])) if found else not_found()

    def _list(self, query: Mapping[str, str]) -> str:
        chosen = {name: value for name, value in query.items() if name.startswith("f[")}
        found = [one for one in self.listed() if self._fits(one, chosen.values())]
        number = int(query.get("page", "0"))
        shown = found[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]
        look = self.look or Look()
        cards = [card(one, age=self._age(one), summary=one.summary, look=look) for one in shown]
        pages = pagination(number, (len(found) - 1) // PAGE_SIZE, query=chosen) if shown else ""
        return listing(cards, total=len(found), facets=self.facets(), pages=pages)

    def facets(self) -> list[Facet]:
        """The filters that the list offers, with how many profiles each finds."""
        there = self.listed()
        types = tuple(
            (label, _TYPE_IDS[kind], sum(one.type == kind for one in there))
            for kind, label in TYPES.items()
            if any(one.type == kind for one in there)
        )
        targets = sorted({country for one in there for country in one.targets})
        origins = sorted({one.country for one in there})
        return [
            Facet("p", "Profile type", types),
            Facet("c", "Country of origin", tuple((name, _id(name), 1) for name in origins)),
            Facet(
                "tc", "Targeted country", tuple((n, _id(n), sum(n in one.targets for one in there)) for n in targets)
            ),
        ]

    def _fits(self, one: Profile, chosen: Iterable[str]) -> bool:
        """Values of one filter mean either, different filters mean both."""
        wanted: dict[str, list[str]] = {}
        for each in chosen:
            facet, _, value = each.partition(":")
            wanted.setdefault(facet, []).append(value)
        has = {
            "p": {_TYPE_IDS[one.type]},
            "c": {_id(one.country)},
            "tc": {_id(country) for country in one.targets},
            "k": {word for word in wanted.get("k", ()) if word.lower() in f"{one.reference} {one.title}".lower()},
        }
        return all(not has.get(facet, set()).isdisjoint(values) for facet, values in wanted.items())

    def _age(self, one: Profile) -> str:
        days = (self.today - one.published).days
        if days < 1:
            return "today"
        count, unit = (days, "day") if days < 14 else (days // 7, "week") if days < 60 else (days // 30, "month")
        return f"{count} {unit}{'s' if count > 1 else ''} ago"

    def _detail(self, one: Profile) -> str:
        styles = Look(lists=STYLES[one.index % len(STYLES)], horizontal=one.index % 3 > 0)
        return detail(one.title, sections(one), look=self.look or styles)


def sections(one: Profile) -> list[tuple[str, list[tuple[str, object]]]]:
    """The sections of a profile's page with their labels, in the order of the real pages; what is empty is left out."""
    call = one.call
    said: list[tuple[str, list[tuple[str, object]]]] = [
        ("Summary", [
            ("Profile Type", one.label), ("POD Reference", one.reference),
            ("Term of Validity", f"{long_day(one.published)} - {long_day(one.expires)}"),
            ("Company's Country", one.country), ("Type of partnership", list(one.partnerships)),
            ("Targeted Countries", list(one.targets)),
        ]),
        ("General information", [
            ("Short Summary", one.summary), ("Full Description", one.description),
            ("Advantages and Innovations", (one.advantages,)),
            ("Technical Specification or Expertise Sought", one.technical), ("Stage of Development", one.stage),
            ("Sustainable Development Goals", list(one.goals)), ("IPR status", one.ipr), ("IPR notes", one.ipr_notes),
        ]),
        ("Partner Sought", [
            ("Expected Role of a Partner", (one.role,)), ("Type and Size of Partner", list(one.sizes)),
            ("Type of partnership", list(one.partnerships)),
        ]),
        ("Call details", [] if call is None else [
            ("Framework program", call.programme), ("Call title and identifier", call.title),
            ("Submission and evaluation scheme", call.scheme), ("Anticipated project budget", call.budget),
            ("Coordinator required", call.coordinator), ("Deadline for EoI", short_day(call.eoi)),
            ("Deadline of the call", short_day(call.closes)), ("Project duration in weeks", call.weeks),
            ("Web link to the call", call.link), ("Project title and acronym", call.project),
        ]),
        ("Dissemination", [
            ("Technology keywords", list(one.technology)), ("Market keywords", list(one.market)),
            ("Sector Groups Involved", list(one.groups)), ("Targeted countries", list(one.targets)),
        ]),
    ]  # fmt: skip
    stated = ((heading, [(label, value) for label, value in fields if value]) for heading, fields in said)
    return [(heading, fields) for heading, fields in stated if fields]


def html(text: str, *, status: int = 200) -> Answer:
    return Answer(status, text.encode(), {"content-type": "text/html; charset=utf-8"})


def not_found() -> Answer:
    missing = document("Page not found", header=page_header("Page not found"), main="<p>Nothing is here.</p>")
    return html(missing, status=404)


def refusal() -> Answer:
    """The wall before the site, as it answers a client that it does not want."""
    body = "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1></BODY></HTML>"
    return Answer(
        403, body.encode(), {"content-type": "text/html", "server": "CloudFront", "x-cache": "Error from cloudfront"}
    )


def _id(name: str) -> str:
    """The number of a country among the filters: no code of any list, and nothing that a client may count on."""
    return str(3200 + 7 * country_names().index(name))
