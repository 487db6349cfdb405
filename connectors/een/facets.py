"""What to ask the list for: the site's own filters, found on the page each time.

The one thing to know: the numbers of the filters are the site's inner ones and may change, so a label is looked up in the
links of the list before it is asked for, and one that is not there is a matter for the admin.
"""

from collections.abc import Collection, Mapping, Sequence

from connectors.base.contract import Page, ParamError, ParseError
from connectors.base.pod import PODType
from connectors.een.about import Params
from connectors.een.listing import facets_of

# Profile type, targeted country [inferred], search words. Source: clients of the list (docs/platforms/een.md).
_TYPE, _TARGETED, _WORDS = "p", "tc", "k"
_LABELS: Mapping[PODType, frozenset[str]] = {
    "BO": frozenset({"business offer"}),
    "BR": frozenset({"business request"}),
    "TO": frozenset({"technology offer"}),
    "TR": frozenset({"technology request"}),
    "RDR": frozenset({"research and development request", "r and d request"}),
}

Question = Mapping[str, str]


def unfiltered(params: Params) -> list[Question]:
    """The one question that needs no filter of the page: everything, or what the search words find."""
    return [_question([], params)]


def filtered(params: Params, page: Page) -> list[Question]:
    """Turn types and countries into questions, each for one type and one country, with what `page` offers.

    One by one, because nobody has seen whether two values of one filter mean "either" or "both". Raises ParamError for
    a label that the site does not offer, ParseError for a page without filters.
    """
    offered = facets_of(page)
    if not offered:
        raise ParseError(page.url, 'a[href*="f%5B0%5D="]', "is not there: the list shows no filters any more")
    types = [_value(offered, _TYPE, _LABELS[kind], named=("profile_types", kind)) for kind in params.profile_types]
    countries = [
        _value(offered, _TARGETED, {_folded(label)}, named=("targeted_countries", label))
        for label in params.targeted_countries
    ]
    return [
        _question([value for value in (kind, country) if value], params)
        for kind in types or [""]
        for country in countries or [""]
    ]


def _value(
    offered: Mapping[str, Mapping[str, str]], facet: str, labels: Collection[str], *, named: tuple[str, str]
) -> str:
    param, wanted = named
    there = offered.get(facet, {})
    for label, value in there.items():
        if _folded(label) in labels:
            return f"{facet}:{value}"
    if not there:
        raise ParamError(param, f"the site has no filter {facet!r} now, only {', '.join(map(repr, offered))}")
    raise ParamError(param, f"the site offers no {wanted!r}; it offers {', '.join(there)}"[:2_000])


def _folded(label: str) -> str:
    return " ".join(label.casefold().replace("&", " and ").split())


def _question(chosen: Sequence[str], params: Params) -> Question:
    asked = [*chosen, *([f"{_WORDS}:{params.keyword}"] if params.keyword else [])]
    return {f"f[{place}]": value for place, value in enumerate(asked)}
