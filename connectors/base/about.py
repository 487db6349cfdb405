"""How a connector describes itself: what it reads, under which rights, how politely, and what a healthy visit brings."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a healthy visit looks like. Fewer than `at_least`: the visit fails and the old data stay; more than
    `at_most`: it warns. `with_deadline` is the least share of notices that state a deadline, `fresh_days` the most
    days since the newest publication. `markup`: the source is pages for people, so a selector may one day match the
    wrong thing; where many notices then have one title or address, nothing of it is written."""

    at_least: int = 0
    at_most: int | None = None
    with_deadline: float = 0.0
    fresh_days: int | None = None
    markup: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What may be shown to whom, and why we may. Not known: a summary of 400 characters and the link."""

    show: Literal["full", "summary", "link"] = "summary"
    audience: Literal["public", "members", "office"] = "public"
    attribution: str = ""
    drop_text_at: Literal["never", "close"] | int = "never"
    basis: str = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A secret that a platform wants of us. It lies in the vault; a parameter only says under which name.

    `param` is that parameter, `title` what the platform calls the secret, `where` the page that gives it out, `how` the
    way there in plain words. `days`: how long the platform lets it live. `optional`: it works without it, if less well.
    """

    param: str
    title: str
    where: str
    how: str
    days: int | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A connector's own description. `hosts` are the only hosts it may speak to; empty: the host of its parameters;
    "*" is every public host, for an index that leads to profiles anywhere.

    `rhythm_minutes` is the polite interval between visits, `pace_seconds` between requests to one host.
    `sweep_days`: how often a visit that lists everything open is due; None: this platform offers windows only.
    `robots`: whether robots.txt is obeyed; False only for an interface that the platform offers to programs.
    `languages` is what Accept-Language says, always the same, so that a platform that answers by language answers alike.
    `reads`: what it reads; "nothing" is a bundle, which only switches the sources of other connectors.
    `keys` are the secrets that it needs, `needs` what else a person must bring about: an agreement, a mailbox, a file.
    `keep_days`: how long what it answered is kept. `recorded`: whether any answer of the platform was ever seen; if not,
    all that is said of its form is a belief, and there is no simulator of it.
    `zone` is where a day without a zone ends. `confirmed_live` is the day on which the live platform was read, if ever.
    """

    name: str
    title: str
    home: str
    rights: Rights
    hosts: tuple[str, ...] = ()
    rhythm_minutes: int = 24 * 60
    pace_seconds: float = 1.0
    sweep_days: int | None = None
    robots: bool = True
    languages: str = "en"
    zone: str = "UTC"
    reads: Literal["web", "mail", "files", "nothing"] = "web"
    keys: tuple[Key, ...] = ()
    needs: str = ""
    keep_days: int = 90
    recorded: bool = True
    expect: Expect = field(default_factory=Expect)
    caveats: tuple[str, ...] = ()
    confirmed_live: date | None = None
