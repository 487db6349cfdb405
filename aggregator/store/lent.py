"""What members see of several notices: put together from what each says by itself. Pure.

The one thing to know: what each notice says by itself is kept beside it (`Provenance.says`), so what members see is put
together anew whenever one of them changes, and what was lent is never taken for the leader's own.
"""

from collections.abc import Iterable, Sequence

from aggregator.store import precedence
from aggregator.store.draft import Draft
from aggregator.store.opportunity import Opportunity, Provenance, Said, wider
from connectors.base.contract import Link, Title

WORDS = 5_000
"""So many characters of what a follower says are searched, beside its titles."""


def said_by(item: Opportunity, *, words: str = "") -> Said:
    """What the leading notice says by itself. Where nothing was ever put together, it says all there is."""
    says = item.notices[0].says
    if says is None:
        return precedence.of(item, words=words)
    if says.show is None:  # kept by a version that lent titles alone, so that all else is the leader's own
        own = {"titles": says.titles, "audience": says.audience, "attribution": says.attribution}
        return precedence.of(item, words=words).model_copy(update=own)
    return says


def saying(draft: Draft) -> Said:
    """What a draft says by itself."""
    return precedence.of(draft.opportunity, words=draft.text[:WORDS])


def together(item: Opportunity, *, words: str = "") -> Opportunity:
    """Put an opportunity together. A draft's own words must stand in `item`, or in the first notice's `says`.

    What is for fewer people than the leader is not lent: who may see the opportunity would see it.
    """
    followers = [notice for notice in item.notices[1:] if notice.says is not None]
    if not followers:
        return item
    own = said_by(item, words=words)
    lenders = [
        (notice, notice.says) for notice in followers if notice.says and not wider(own.audience, notice.says.audience)
    ]
    titles, links = dict(own.titles), [link for link in item.links if not _lent(link, item.notices[1:])]
    named = [own.attribution]
    told = precedence.text(own, [says for _, says in lenders])
    for notice, says in lenders:
        added = _added(says, titles)
        titles |= added
        there = {link.lang for link in links if not link.title}
        links += [Link(url=notice.url, lang=lang) for lang in added if lang not in there]
        named += [says.attribution] if added or says is told else []
    attribution = " · ".join(dict.fromkeys(filter(None, named)))
    rights = {"attribution": attribution, "show": told.show, "drop_text_at": told.drop_text_at, "basis": told.basis}
    return item.model_copy(
        update={
            **precedence.facts(own, [says for _, says in lenders]),
            "summary": told.summary,
            "body": told.body,
            "lang": told.lang,
            "titles": titles,
            "links": tuple(links),
            "rights": item.rights.model_copy(update=rights),
            "notices": (item.notices[0].model_copy(update={"says": own}), *item.notices[1:]),
        }
    )


def heard(item: Opportunity, draft: Draft, *, words: str) -> Opportunity:
    """Let a follower of `item` say what its draft says now; the same object where that is what it said before.

    `words` are those of the leader, as search was given them.
    """
    new = draft.opportunity.notices[0]
    notices = tuple(
        _saying(n, draft) if (n.source, n.source_id) == (new.source, new.source_id) else n for n in item.notices
    )
    return item if notices == item.notices else together(item.model_copy(update={"notices": notices}), words=words)


def behind(draft: Draft, *, because: str) -> tuple[Provenance, ...]:
    """The provenance of a draft that will follow, with what it says."""
    return tuple(_saying(n, draft).model_copy(update={"merged_because": because}) for n in draft.opportunity.notices)


def title_words(item: Opportunity) -> str:
    """The titles as full-text search reads them, one a line."""
    return "\n".join(dict.fromkeys(title.text for title in item.titles.values()))


def text_words(item: Opportunity, own: str) -> str:
    """The text that search reads: the leader's own, and that of the followers whom the same people may see."""
    return "\n".join(dict.fromkeys([own, *(says.words for says in _lending(item) if says.words)]))


def own_words(item: Opportunity, searched: str) -> str:
    """What of the text that search was given is the leader's own."""
    says = item.notices[0].says if item.notices else None
    return says.words if says is not None and says.show is not None else searched


def _lending(item: Opportunity) -> Sequence[Said]:
    return [n.says for n in item.notices[1:] if n.says and not wider(item.rights.audience, n.says.audience)]


def _saying(notice: Provenance, draft: Draft) -> Provenance:
    return notice.model_copy(update={"url": draft.opportunity.notices[0].url, "says": saying(draft)})


def _added(says: Said, titles: dict[str, Title]) -> dict[str, Title]:
    # A title that only repeats words is not a translation.
    words = {title.text.casefold() for title in titles.values()}
    return {
        lang: title
        for lang, title in says.titles.items()
        if lang not in titles and lang != "und" and title.text.casefold() not in words
    }


def _lent(link: Link, followers: Iterable[Provenance]) -> bool:
    return not link.title and link.lang is not None and link.url in {notice.url for notice in followers}
