"""Ask for the part of Brainport that a source reads, and say clearly where its certificate is broken."""

from collections.abc import Iterator

from connectors.base.contract import FetchError, Page, Visit
from connectors.brainport import vacancies
from connectors.brainport.about import Params
from connectors.generic.html_list.reading import DETAIL
from connectors.generic.html_list.walk import walk
from connectors.generic.page_watch.watch import watch

_CERTIFICATE = (
    "the server's certificate cannot be verified, its chain seems broken; put the missing certificate into the file that"
    " the setting extra_ca names. Verification is never switched off"
)


def sweep_days(params: Params) -> int | None:
    """The vacancies are listed whole, and the fund's page is read anew each week, for its days are counted from that day.

    Every other part is a window on the newest.
    """
    return 7 if params.section in ("vacancies", "fund") else None


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the pages of one part. Raises FetchError("blocked") that says what to do about a broken certificate."""
    params: Params = visit.params
    try:
        match params.place.how:
            case "list":
                yield from walk(visit, params.as_list())
            case "watch":
                yield from watch(visit, params.as_watch())
            case "page":
                yield visit.http.get(params.address, role=DETAIL, conditional=False)
            case "vacancies":
                yield from vacancies.read_all(visit, params)
    except FetchError as error:
        if "certificate" in error.why.lower():
            raise FetchError("blocked", error.url, _CERTIFICATE) from error
        raise
