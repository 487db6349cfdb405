"""The folder of a source, file by file; a long file is cut, so that a thousand rows are committed at a time.

The one thing to know: an empty folder is a mistake of somebody and never the news that everything is over.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from connectors.base.contract import Dropped, FetchError, Page, ParseError, Visit
from connectors.generic.file_drop import parts
from connectors.generic.file_drop.about import Params
from connectors.generic.file_drop.content import rows_of
from connectors.generic.file_drop.organisations import of_connections
from connectors.generic.file_drop.reading import split

ROWS_OF_A_PAGE = 1_000
LARGEST_FOLDER = 100_000_000


def fetch(visit: Visit) -> Iterator[Page]:
    """Yield the files, the newest first: where two tell of the same thing, the newer one is believed.

    Raises FetchError when no file lies there, or more than we have room for.
    """
    files: list[Dropped] = []
    for file in visit.files():
        files.append(file)
        if sum(len(one.body) for one in files) > LARGEST_FOLDER:
            why = f"the files in it are larger than {LARGEST_FOLDER} bytes together; take old ones away"
            raise FetchError("gone", f"drop/{visit.source}", why, status=404)
    files.sort(key=lambda file: (file.changed_at, file.name), reverse=True)
    if not files:
        raise FetchError(
            "gone",
            f"drop/{visit.source}",
            f"no file lies in this folder of the data; lay one there: worldwidewe sources drop {visit.source} FILE",
            status=404,
        )
    told: set[str] = set()
    for file in files:
        whole = Page(url=f"file:{file.name}", body=file.body, fetched_at=visit.now, role="file")
        for page in cut(whole, visit.params):
            said = _said(page.with_params(visit.params))
            # Last week's file beside this week's: to read it again would look like a list that goes round in a circle.
            if said and said <= told:
                visit.log.info("a file tells only what newer ones tell", file=page.url)
                continue
            told |= said
            yield page
        if visit.trial:
            return


def _said(page: Page) -> set[str]:
    """Whose rows a page holds: by their identity, else by all that they say; nothing of a page that has a fault."""
    try:
        found = [record.data for record in split(page)]
    except ParseError:
        return set()
    if any(one.row.fault for one in found):
        return set()
    return {one.source_id or repr(sorted(one.row.cells.items())) for one in found}


def cut(page: Page, params: Params) -> Iterator[Page]:
    """Yield a file as it is, or its rows by the thousand where it has more; one that cannot be read stays whole.

    Of a person's connections only the organisations leave here, for what is yielded is kept. Raises ParseError for such
    a file when it cannot be read.
    """
    personal = params.shape == "linkedin_connections"
    try:
        rows = list(rows_of(page.with_params(params)))
    except ParseError:
        if personal:
            raise
        rows = []  # `split` meets it again and says what is wrong, where a page is judged
    if personal:
        rows = list(of_connections(rows))
    elif len(rows) <= ROWS_OF_A_PAGE:
        yield page
        return
    left = iter(rows)
    while some := list(islice(left, ROWS_OF_A_PAGE)):
        place = f"{page.url}#rows={some[0].number}-{some[-1].number}"
        yield replace(page, url=place, body=parts.written(some), role=parts.PART)
