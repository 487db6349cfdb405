"""Take one page in: keep it, split, read, normalise, put, match; all of it in one transaction, or nothing.

The one thing to know: what a page says is doubted before it is written (aggregator/intake/plausible.py), because what
was written over cannot be asked for again.
"""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from aggregator.directory import put as directory
from aggregator.directory.draft import OrganisationDraft
from aggregator.intake import backlog, clock, joining, kept, leading, lease, quarantine, sources, titles
from aggregator.intake.normalise import normalise
from aggregator.intake.reading import Batch, read_page, unknown_fields
from aggregator.intake.work import Work
from aggregator.matching.engine import record
from aggregator.store import likely
from aggregator.store.put import Draft, Put, put
from aggregator.store.session import Store
from connectors.base.answers import strayed
from connectors.base.client import Client
from connectors.base.contract import TITLES, Notice, Page, ParseError
from connectors.base.guard import masked


def take(store: Store, work: Work, page: Page, *, client: Client, dry: bool, now: datetime) -> None:
    """Take one page of a visit in; a dry run does the same and rolls it back. Raises lease.Lost."""
    source, work.pages, doubted = work.source, work.pages + 1, work.doubts
    work.clocks.update([said] if (said := clock.heard(page)) is not None else ())
    batch, keep = _said(store, work, page)
    answered = page.of if page.of in work.waiting and batch.believed else None
    untold = [_with_card(draft, work, page) for draft in batch.drafts if draft.notice.source_id not in work.told]
    store.look(lambda connection: likely.refresh(connection, now=now))
    fresh = store.look(
        lambda c: titles.kept_on(c, untold, held=work.held, remake=lambda notice: _draft(work, page, notice))
    )
    signed = likely.signed([draft for draft in fresh if _says_otherwise(draft, work)])
    met = [_org_with_card(one, work, page) for one in batch.organisations if one.source_id not in work.met]
    cards = backlog.due(batch.seen, held=work.read_before, there=work.waiting)
    strangers = {draft.notice.source_id for draft in fresh} - work.held.keys()

    def write(connection: sa.Connection) -> tuple[Put, directory.Put]:
        lease.renew(connection, work.lease, now=now)
        stood: int | None
        if keep:
            shown = page if work.doubts == doubted else replace(page, role=kept.DOUBTED)
            stood = kept.keep(connection, shown, source=source.name, visit_id=work.visit_id)
        else:
            stood = kept.latest_id(connection, source.name, page) if batch.rejected else None
        done = put(
            connection, fresh, source=source.name, held=work.held, now=now, visit_id=work.visit_id, signed=signed
        )
        told = {item.id: item for item in (*done.new, *done.changed)}
        united = joining.bridge(connection, done.bridges, now=now, visit_id=work.visit_id)
        told = {id: item for id, item in told.items() if id not in {one.loser for one in done.bridges}}
        told |= {item.id: item for item in united}
        if done.joined:
            joined = [draft for draft in fresh if draft.notice.source_id in strangers]
            led = leading.give_way(connection, source, joined, now=now, visit_id=work.visit_id)
            told |= {item.id: item for item in led}
        record(connection, list(told.values()), work.prepared, now=now)
        joins = directory.put(connection, met, source=source.name, held=work.organisations, now=now)
        rejected = batch.rejected
        quarantine.set_aside(connection, source.name, rejected, visit_id=work.visit_id, page_id=stood, now=now)
        backlog.add(connection, source.name, cards, now=now)
        backlog.drop(connection, source.name, [answered] if answered else ())
        if page.cursor_after is not None:
            sources.move_cursor(connection, source.name, page.cursor_after)
        return done, joins

    done, joins = store.whole(write, dry=dry, anew=work.as_stored)
    _count_repeats(work, page, batch)
    work.waiting |= cards
    for key in cards:
        work.tries.pop(key, None)
    if answered is not None:
        work.waiting.pop(answered, None)
    work.gone.update(batch.gone)
    work.said_gone.update(batch.said_gone)
    for key, given in batch.titles.items():
        work.titles.setdefault(key, {}).update(given)
    work.told.update(d.notice.source_id for d in fresh)
    work.met.update(one.source_id for one in met)
    work.poison.update(bad.record for bad in batch.rejected)
    if page.of is None:
        work.listed.update(d.notice.source_id for d in batch.drafts)
        work.listed.update(card.source_id for card in batch.seen)
        work.listed.update(one.source_id for one in batch.organisations)
        work.unreadable.update(bad.source_id for bad in batch.rejected)
        work.unreadable.update(batch.left_out)
    else:
        work.details += 1
        work.bad_details += len(batch.rejected)
        work.gone_details += len(batch.gone)
    work.new, work.changed, work.same = (
        work.new + len(done.new) + done.joined + joins.new,
        work.changed + len(done.changed) - done.enriched + joins.changed,
        work.same + done.same + joins.same,
    )
    work.skipped += sum(batch.skipped.values())
    work.rejected += len(batch.rejected)
    work.dated += batch.dated
    work.newest = max(filter(None, (work.newest, batch.newest)), default=None)
    if dry:
        return
    # The validators of a page that nobody could read would let the source say "nothing changed" and pass for healthy;
    # those of a page that is gone would bring it back as it was.
    usable = batch.believed and page.status not in (404, 410)
    client.confirm(page if usable else replace(page, status=200, headers={}))


def _says_otherwise(draft: Draft, work: Work) -> bool:
    """Whether `put` will write this notice: an unchanged one costs no signature."""
    one = work.held.get(draft.notice.source_id)
    return one is None or one.hash != draft.hash or one.withdrawn


def _with_card(draft: Draft, work: Work, page: Page) -> Draft:
    """A detail page makes good what its card promised: the notice is held with the card's fingerprint from now on."""
    card = work.waiting.get(page.of) if page.of == draft.notice.source_id else None
    return replace(draft, fingerprint=card.fingerprint) if card else draft


def _org_with_card(draft: OrganisationDraft, work: Work, page: Page) -> OrganisationDraft:
    card = work.waiting.get(draft.source_id) if page.of == draft.source_id else None
    return draft.marked(card.fingerprint) if card else draft


def _count_repeats(work: Work, page: Page, batch: Batch) -> None:
    shown = {card.source_id for card in batch.seen} | {draft.notice.source_id for draft in batch.drafts}
    shown |= {one.source_id for one in batch.organisations}
    # A single record may have moved from one page to the next while we turned it; a whole page has not. Only what is paged
    # goes round in a circle: alert mails bring the same jobs day after day, files the same rows.
    if page.of is None and len(shown) > 1 and work.source.about.reads == "web":
        work.repeats = work.repeats + 1 if shown <= work.listed else 0
        work.repeated = work.repeated or work.repeats > 0


def _said(store: Store, work: Work, page: Page) -> tuple[Batch, bool]:
    """What a page says, and whether it is to be kept. One that says nothing new is read only where that is needed."""
    name = work.source.name
    # A detail page was asked for because its card says that it is to be read; titles belong to what is read after them.
    rereads = work.rereads or page.of is not None or page.role == TITLES
    unchanged = page.unchanged or store.look(lambda c: kept.latest_digest(c, name, page)) == kept.digest(page)
    old = store.look(lambda c: kept.latest(c, name, page)) if page.unchanged and rereads else page
    if not unchanged:
        return _read(work, page), True
    if rereads and old is not None:
        return _read(work, replace(old.with_params(work.source.params), of=page.of)), False
    if rereads:
        work.bad_pages.append(
            f"{page.url}: nothing has changed, says the source, but what it said is not kept any more"
        )
        return Batch(believed=False), False
    work.unchanged += 1
    if page.body and page.of is None:
        # Counted only where a total is announced, and that may come after the first page.
        work.uncounted.append(page)
    if work.announced is not None:
        count_passed(work)
    return Batch(), False


def count_passed(work: Work) -> None:
    """Count the records of pages that said nothing new, so that they can be held against the total announced."""
    work.passed += sum(1 for page in work.uncounted for _ in work.source.module.split(page))
    work.uncounted.clear()


def _read(work: Work, page: Page) -> Batch:
    source = work.source
    if (astray := strayed(page)) is not None:
        return _bad(work, f"{masked(page.url)}: {astray}", suspect=True)
    try:
        batch = read_page(source.module, page, normalise=lambda notice: _draft(work, page, notice))
    except ParseError as exc:
        return _bad(work, str(exc), suspect=exc.suspicious)
    doubt = work.plausible.refusal([draft.notice for draft in batch.drafts], detail=page.of is not None)
    if doubt is not None:
        work.doubts, work.doubted = work.doubts + 1, work.doubted or f"{masked(page.url)}: {doubt}"
        return Batch(believed=False)
    told = [*(d.notice.source_id for d in batch.drafts), *(one.source_id for one in batch.organisations)]
    if page.of is not None and (strangers := [key for key in told if key != page.of]):
        return _bad(
            work, f"{masked(page.url)}: is the page of {strangers[0]}, and {page.of} was asked for", suspect=False
        )
    if page.role not in work.audited:
        work.audited.add(page.role)
        work.unknown |= unknown_fields(source.module, page)
    return batch


def _draft(work: Work, page: Page, notice: Notice) -> Draft:
    source, whole = work.source, titles.joined(notice, work.titles.get(notice.source_id))
    return normalise(
        whole, source=source.name, about=source.about, fetched_at=page.fetched_at, rights=source.rights(whole)
    )


def _bad(work: Work, why: str, *, suspect: bool) -> Batch:
    work.bad_pages.append(why)
    if suspect:
        work.suspect = work.suspect or why
    return Batch(believed=False)
