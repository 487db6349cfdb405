"""What following notices lend to an opportunity: titles in languages that the leading one lacks, and their pages. Pure.

The one thing to know: what each notice says by itself is kept beside it (`Provenance.says`), so what members see is put
together anew whenever one of them changes, and what was lent is never taken for the leader's own.
"""

from collections.abc import Iterable

from aggregator.store.opportunity import Opportunity, Provenance, Said, wider
from connectors.base.contract import Link, Title


def said_by(item: Opportunity) -> Said:
    """What the leading notice says by itself. Where nothing was ever put together, it says all there is."""
    rights = item.rights
    return item.notices[0].says or Said(titles=item.titles, audience=rights.audience, attribution=rights.attribution)


def together(item: Opportunity) -> Opportunity:
    """Add to an opportunity what its followers may lend. A draft's own words must stand in `item`, or in `says`.

    A title for fewer people than the leader's is not lent: who may see the opportunity would see it. Nor is one that only
    repeats words: it is not a translation.
    """
    lenders = [notice for notice in item.notices[1:] if notice.says is not None]
    if not lenders:
        return item
    own = said_by(item)
    titles, links = dict(own.titles), [link for link in item.links if not _lent(link, item.notices[1:])]
    named = [own.attribution]
    for notice in lenders:
        added = _added(notice, own, titles)
        titles |= added
        there = {link.lang for link in links if not link.title}
        links += [Link(url=notice.url, lang=lang) for lang in added if lang not in there]
        named += [notice.says.attribution] if added and notice.says else []
    attribution = " · ".join(dict.fromkeys(filter(None, named)))
    return item.model_copy(
        update={
            "titles": titles,
            "links": tuple(links),
            "rights": item.rights.model_copy(update={"attribution": attribution}),
            "notices": (item.notices[0].model_copy(update={"says": own}), *item.notices[1:]),
        }
    )


def heard(item: Opportunity, said: Opportunity) -> Opportunity:
    """Let a follower of `item` say what its draft says now; the same object where that is what it said before."""
    new = said.notices[0]
    notices = tuple(
        _saying(n, said) if (n.source, n.source_id) == (new.source, new.source_id) else n for n in item.notices
    )
    return item if notices == item.notices else together(item.model_copy(update={"notices": notices}))


def behind(said: Opportunity, *, because: str) -> tuple[Provenance, ...]:
    """The provenance of a draft that will follow, with what it says."""
    return tuple(_saying(n, said).model_copy(update={"merged_because": because}) for n in said.notices)


def title_words(item: Opportunity) -> str:
    """The titles as full-text search reads them, one a line."""
    return "\n".join(dict.fromkeys(title.text for title in item.titles.values()))


def _saying(notice: Provenance, said: Opportunity) -> Provenance:
    return notice.model_copy(update={"url": said.notices[0].url, "says": said_by(said)})


def _added(notice: Provenance, own: Said, titles: dict[str, Title]) -> dict[str, Title]:
    says = notice.says
    if says is None or wider(own.audience, says.audience):
        return {}
    words = {title.text.casefold() for title in titles.values()}
    return {
        lang: title
        for lang, title in says.titles.items()
        if lang not in titles and lang != "und" and title.text.casefold() not in words
    }


def _lent(link: Link, followers: Iterable[Provenance]) -> bool:
    return not link.title and link.lang is not None and link.url in {notice.url for notice in followers}
