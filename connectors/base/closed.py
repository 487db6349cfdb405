"""Hosts of platforms that have closed for good, with what took their place: known, and never asked for anything.

The one thing to know: whoever owns such a name next may answer under it. An address there is told what became of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Closed:
    """A platform that is no more: what it was called, when it closed, and what to read in its place."""

    name: str
    when: str
    instead: str

    @property
    def sentence(self) -> str:
        return f"{self.name} closed {self.when}; {self.instead}"


BUSINESS_USA = Closed(
    "BusinessUSA (business.usa.gov)",
    "in 2017, and its interface left api.data.gov in the same year",
    "its tenders are on SAM.gov, its grants on Grants.gov, its events and leads at trade.gov. "
    "Switch these on as one with: worldwidewe sources set business-usa --on",
)
_FBO = Closed("FedBizOpps (fbo.gov)", "in November 2019", "its tenders are on SAM.gov: connector sam_gov")
_BETA_SAM = Closed("beta.SAM.gov", "in 2021", "its tenders are on SAM.gov: connector sam_gov")
_API_TRADE = Closed(
    "The interface at api.trade.gov",
    "in 2021, after two others before it",
    "it went on at data.trade.gov: connector trade_gov",
)
CLOSED: Mapping[str, Closed] = {
    **dict.fromkeys(
        (
            "business.usa.gov",
            "businessusa.gov",
            "api.business.usa.gov",
            "api-business.usa.gov",
            "help.business.usa.gov",
        ),
        BUSINESS_USA,
    ),
    "fbo.gov": _FBO,
    "beta.sam.gov": _BETA_SAM,
    **dict.fromkeys(("api.trade.gov", "api.govwizely.com"), _API_TRADE),
}


def closed_at(url: str) -> Closed | None:
    """Say which closed platform an address belongs to; None for every other address, and for what is none."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return None
    return CLOSED.get(host.lower().removesuffix(".").removeprefix("www."))


def named_in(params: Mapping[str, Any]) -> tuple[str, Closed] | None:
    """Find the first parameter that holds an address of a closed platform, wherever inside it stands."""
    for name, value in params.items():
        for text in _texts(value):
            if "://" in text and (closed := closed_at(text)) is not None:
                return name, closed
    return None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
