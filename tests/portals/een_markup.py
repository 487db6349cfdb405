"""The HTML of the Enterprise Europe Network's pages, as Drupal and the Commission's component library (ECL) give it.

The one thing to know: the elements and classes are those of the components' templates (tests/portals/ecl.yml holds the
facts, and a test holds both against them); what stands around them is our guess, for no page was ever recorded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Literal
from urllib.parse import quote

from tests.portals.een_content import Profile

ListStyle = Literal["taxonomy", "block", "several", "lines", "glued"]
# "glued" is what the library makes of a list of plain texts; no value without a form can be read from it, so no page has it.
STYLES: tuple[ListStyle, ...] = ("taxonomy", "block", "several", "lines")


@dataclass(frozen=True, slots=True)
class Look:
    """How the same facts are marked up. `lists` is how a value with several entries stands in its definition: ECL's list,
    Drupal's own list, a definition an entry, or lines. Older versions of ECL had headings and `div`s where 5 has others."""

    lists: ListStyle = "taxonomy"
    horizontal: bool = True
    title: Literal["div", "h2"] = "div"
    metas: Literal["ul", "div"] = "ul"


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    heading: str
    links: tuple[tuple[str, str, int], ...]
    """Label, value, how many."""


def document(title: str, *, header: str, main: str) -> str:
    """Wrap a page as the site does: head, banner, header, main, footer."""
    return f"""<!DOCTYPE html>
<html lang="en" dir="ltr" prefix="og: https://ogp.me/ns#">
<head><meta charset="utf-8" /><title>{escape(title)} | Enterprise Europe Network</title>
<meta name="Generator" content="Drupal 10 (https://www.drupal.org)" /><script>var searched = "Partnering";</script></head>
<body class="path-partnering-opportunities"><a href="#main-content" class="ecl-link">Skip to main content</a>
<header class="site-header"><nav aria-label="Main"><ul><li><a href="/">Home</a></li>
<li><a href="/partnering-opportunities">Partnering opportunities</a></li></ul></nav></header>
{header}
<main id="main-content">{main}</main>
<footer class="site-footer"><p>Enterprise Europe Network is part of the Single Market Programme.</p></footer>
</body></html>"""


def page_header(title: str) -> str:
    return (
        '<div class="ecl-page-header"><div class="ecl-container ecl-page-header__container">'
        f'<h1 class="ecl-page-header__title"><span>{escape(title)}</span></h1></div></div>'
    )


def card(one: Profile, *, age: str, summary: str, look: Look) -> str:
    meta, item = ("ul", "li") if look.metas == "ul" else ("div", "div")
    primary = "".join(
        f'<{item} class="ecl-content-block__primary-meta-item">{escape(text)}</{item}>'
        for text in (one.label, one.reference)
    )
    secondary = "".join(
        f'<{item} class="ecl-content-block__secondary-meta-item"><svg focusable="false" aria-hidden="true"><title>icon'
        f'</title></svg><span class="ecl-content-block__secondary-meta-label">{escape(text)}</span></{item}>'
        for text in ((age, one.country) if one.index % 2 else (one.country, age))
    )
    return f"""<article class="ecl-card"><div class="ecl-card__body">
<div class="ecl-content-block ecl-card__content-block" data-ecl-auto-init="ContentBlock" data-ecl-content-block>
<{meta} class="ecl-content-block__primary-meta-container">{primary}</{meta}>
<{look.title} class="ecl-content-block__title"><a href="/partnering-opportunities/{one.slug}" class="ecl-link"
 data-ecl-title-link>{escape(one.title)}</a></{look.title}>
<div class="ecl-content-block__description"><p>{escape(summary)}</p></div>
<{meta} class="ecl-content-block__secondary-meta-container">{secondary}</{meta}>
</div></div></article>"""


def listing(cards: Sequence[str], *, total: int, facets: Iterable[Facet], pages: str) -> str:
    found = "\n".join(cards) if cards else "<p>There are no results for this search.</p>"
    main = f"""<div class="ecl-container"><div class="ecl-row">
<aside class="ecl-col-l-3">{"".join(map(sidebar, facets))}</aside>
<div class="ecl-col-l-9"><h2 class="ecl-u-type-heading-2">Partnering opportunities ({total})</h2>
{found}
{pages}</div></div></div>"""
    return document("Partnering opportunities", header=page_header("Partnering opportunities"), main=main)


def sidebar(facet: Facet) -> str:
    links = "".join(
        f'<li class="facet-item"><a href="/partnering-opportunities?f%5B0%5D={quote(f"{facet.name}:{value}", safe="")}"'
        f' rel="nofollow"><span class="facet-item__value">{escape(label)}</span> <span class="facet-item__count">({count})'
        "</span></a></li>"
        for label, value, count in facet.links
    )
    return f'<h3>{escape(facet.heading)}</h3><ul data-drupal-facet-alias="{facet.name}">{links}</ul>'


def pagination(number: int, last: int, *, query: Mapping[str, str]) -> str:
    """The links from page to page; none where there is one page only."""
    if last < 1:
        return ""
    kept = "".join(f"{quote(name, safe='')}={quote(value, safe='')}&amp;" for name, value in query.items())

    def item(kind: str, to: int, label: str) -> str:
        link = f'<a href="?{kept}page={to}" class="ecl-link ecl-link--standalone ecl-pagination__link">{label}</a>'
        return f'<li class="ecl-pagination__item{kind}">{link}</li>'

    text = f'<span class="ecl-pagination__text ecl-pagination__text--summary" aria-current="true">{number + 1}</span>'
    items = [item(" ecl-pagination__item--previous", number - 1, "Previous")] if number else []
    items.append(f'<li class="ecl-pagination__item ecl-pagination__item--current">{text}</li>')
    if number < last:
        items.append(item(" ecl-pagination__item--last", last, str(last + 1)))
        items.append(item(" ecl-pagination__item--next", number + 1, "Next"))
    joined = "".join(items)
    return f'<nav class="ecl-pagination" aria-label="Pages"><ul class="ecl-pagination__list">{joined}</ul></nav>'


def detail(title: str, sections: Sequence[tuple[str, Sequence[tuple[str, object]]]], *, look: Look) -> str:
    """A profile's page: sections of labels and values. A text is a value of its own; a list has entries; html is a tuple
    of paragraphs."""
    parts = []
    for heading, fields in sections:
        parts.append(f'<h2 class="ecl-u-type-heading-2">{escape(heading)}</h2>{description_list(fields, look=look)}')
        if heading == "Summary":
            parts.append(
                "<p>For more information contact the EEN partner nearest to you.</p>"
                '<p><a class="ecl-link" href="partnership-contact">Express interest</a>'
                '<a class="ecl-link" href="/local-contact-points">Find my local partner</a></p>'
            )
    main = f'<article class="node"><div class="ecl-container">{"".join(parts)}<p>Share this page</p></div></article>'
    return document(title, header=page_header(title), main=main)


def description_list(fields: Sequence[tuple[str, object]], *, look: Look) -> str:
    horizontal = " ecl-description-list--horizontal" if look.horizontal else ""
    inner = "".join(
        f'<dt class="ecl-description-list__term">{escape(label)}</dt>{_definition(value, look.lists)}'
        for label, value in fields
    )
    return f'<dl class="ecl-description-list{horizontal}">{inner}</dl>'


def _definition(value: object, style: ListStyle) -> str:
    if isinstance(value, tuple):
        return _plain("".join(f"<p>{escape(paragraph)}</p>" for paragraph in value))
    if not isinstance(value, list):
        text = str(value)
        linked = text.startswith("https://")
        return _plain(f'<a class="ecl-link" href="{escape(text)}">{escape(text)}</a>' if linked else escape(text))
    entries = [escape(entry) for entry in value]
    if style == "several":
        return "".join(map(_plain, entries))
    if style == "glued":
        return _plain("".join(entries))
    if style == "lines":
        return _plain("<br />".join(entries))
    if style == "block":
        return _plain(f"<ul>{''.join(f'<li>{entry}</li>' for entry in entries)}</ul>")
    items = "".join(f'<li class="ecl-description-list__definition-item">{entry}</li>' for entry in entries)
    listed = f'<ul class="ecl-description-list__definition-list">{items}</ul>'
    return f'<dd class="ecl-description-list__definition ecl-description-list__definition--taxonomy">{listed}</dd>'


def _plain(html: str) -> str:
    return f'<dd class="ecl-description-list__definition">{html}</dd>'


def long_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
