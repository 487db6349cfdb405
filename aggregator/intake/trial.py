"""Try a source: a few pages through the same client and readers, and nothing written. Also what a first live visit confirms.

The one thing to know: the report is for a maintainer who cannot reach the platform: it holds shapes and counts, and no
text of a notice.
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from aggregator.intake import sources
from aggregator.intake.pipeline import client_for, egress
from aggregator.intake.reading import Rejected, readings, unknown_fields
from aggregator.intake.visit import OpenVisit
from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from config.settings import Settings
from config.version import VERSION
from connectors.base.contract import ConnectorError, Notice, Organisation, Page, Seen, Skipped
from connectors.base.pace import VisitOver

SECONDS = 30
PAGES = 4
RECORDS = 10


@dataclass(slots=True)
class Trial:
    """What the first pages said. `facts` are statements about the answer, each with whether it held."""

    source: str
    connector: str
    at: datetime
    host: str = "nobody"
    facts: list[tuple[bool, str]] = field(default_factory=list)
    first: list[str] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    error: str | None = None


def trial(store: Store, name: str, *, settings: Settings, now: datetime) -> Trial:
    """Ask a source for its first pages, until one holds notices. Raises ParamError when there is no such source.

    Other failures are told in it. Where a platform gives titles or cards first, that takes two or three pages.
    """
    with store.read() as connection:
        source = sources.get(connection, name)
    done = Trial(name, source.connector, now)
    client = client_for(store, source, settings=settings, dry=True, time_limit=SECONDS)
    visit = OpenVisit(
        source=name,
        client=client,
        egress=egress(settings),
        secrets=Vault(store, settings.home),
        home=settings.home,
        params=source.params,
        mode="recent",
        trial=True,
        now=now,
    )
    try:
        for page in islice(source.module.fetch(visit), PAGES):
            if _read(done, source, page.with_params(source.params), visit):
                break
        if done.host == "nobody":
            done.error = "the source answered with no page at all"
    except VisitOver as exc:
        done.error = f"{exc.reason}: the source answers too slowly to be tried in {SECONDS} seconds"
    except ConnectorError as exc:
        done.facts.append((False, "the source answered"))
        done.error = str(exc)
    finally:
        client.close()
    return done


def _read(done: Trial, source: sources.Source, page: Page, visit: OpenVisit) -> bool:
    """Tell what a page says; True when it held notices."""
    done.host = urlsplit(page.url).hostname or page.url
    done.facts.append((True, f"the source answered: status {page.status}, {page.content_type}, {len(page.body)} bytes"))
    if visit.total is not None:
        done.facts.append((True, f"it announces {visit.total} records"))
    found = list(readings(source.module, page))
    notices = [r for r in found if isinstance(r, Notice)]
    met = [r for r in found if isinstance(r, Organisation)]
    bad = [r for r in found if isinstance(r, Rejected)]
    skipped = sum(isinstance(r, Skipped) for r in found)
    cards = [r for r in found if isinstance(r, Seen)]
    if cards:
        done.facts.append((True, f"{len(cards)} records lead to pages of their own; one of them is read"))
        visit.waiting = {cards[0].source_id: cards[0]}
    done.facts.append(
        (not bad, f"every record can be read: {len(found)} records, {len(bad)} rejected, {skipped} left out")
    )
    if unknown := unknown_fields(source.module, page):
        done.facts.append((False, f"every field is one that we know; new are: {', '.join(sorted(unknown)[:20])}"))
    for name, holds in _EXPECTED:
        count = sum(holds(notice) for notice in notices)
        if notices:
            done.facts.append((count > 0, f"notices that state {name}: {count} of {len(notices)}"))
    for name, states in _EXPECTED_OF_ORGANISATIONS:
        count = sum(map(states, met))
        if met:
            done.facts.append((count > 0, f"organisations that state {name}: {count} of {len(met)}"))
    for notice in notices[:RECORDS]:
        title = next(iter(notice.titles.values())).text
        deadline = next((d.on.isoformat() for d in notice.deadlines if d.on), "no deadline")
        done.first.append(f"{notice.source_id} · {notice.kind} · {deadline} · {title[:80]}")
    for one in met[:RECORDS]:
        done.first.append(f"{one.source_id} · organisation · {one.country or 'no country'} · {one.name[:80]}")
    done.first += [f"{card.source_id} · card · {card.url or 'its id leads to its page'}" for card in cards[:3]]
    done.first += [f"rejected {r.where}: {r.reason}" for r in bad[:RECORDS]]
    done.shape = sorted(
        {path for one in (*notices, *met) for path in _paths(one.model_dump(mode="json", exclude={"extra"}))}
    )
    return bool(notices or met)


_EXPECTED: tuple[tuple[str, Any], ...] = (
    ("a deadline", lambda n: any(d.on for d in n.deadlines)),
    ("a country", lambda n: bool(n.countries or n.origin_country)),
    ("a code", lambda n: bool(n.codes)),
    ("a publication date", lambda n: n.published_at is not None),
    ("an organisation", lambda n: n.organisation is not None),
)
_EXPECTED_OF_ORGANISATIONS: tuple[tuple[str, Any], ...] = (
    ("a website", lambda one: one.website is not None or bool(one.domains)),
    ("a country", lambda one: one.country is not None or one.members_country is not None),
    ("a place", lambda one: one.place is not None or one.lat is not None),
    ("a sector", lambda one: bool(one.sectors or one.codes)),
)


def _paths(value: Any, at: str = "") -> list[str]:
    if isinstance(value, dict):
        return [path for key, inner in value.items() for path in _paths(inner, f"{at}.{key}".strip("."))]
    if isinstance(value, list):
        return [path for inner in value for path in _paths(inner, f"{at}[]")]
    return [f"{at}: {type(value).__name__}"]


def report(done: Trial) -> str:
    """The trial as a page for a maintainer: which stated facts held, which shapes came, and no text of any notice."""
    lines = [
        f"# {done.source} ({done.connector}), answered by {done.host} on {done.at:%Y-%m-%d}, read by worldwidewe {VERSION}",
        "",
        *(f"- [{'x' if held else ' '}] {fact}" for held, fact in done.facts),
    ]
    if done.error:
        lines += ["", f"It failed: {done.error}"]
    if done.shape:
        lines += ["", "Keys and types of what was read:", "", *(f"    {line}" for line in done.shape)]
    return "\n".join(lines) + "\n"
