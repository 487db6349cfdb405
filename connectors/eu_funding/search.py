"""Reading the search to its end, or saying that it did not come to its end.

The one thing to know: titles in other languages are asked for first, the notices in English after them, which come
whatever became of the titles. A page without rows before the announced total is a cut-off list and no end; and nothing at
all is believed only where the same question without its programmes finds something, and the programmes ever had anything.
"""

from collections.abc import Generator, Iterator

from connectors.base.contract import TITLES, FetchError, Page, ParamError, ParseError, Visit
from connectors.eu_funding.about import WINDOW, Params
from connectors.eu_funding.answers import Answer, answer_of
from connectors.eu_funding.question import (
    DIVISION,
    PERSONS,
    PROGRAMME,
    Question,
    announcements,
    notices,
    of_programme_alone,
    titles,
    without_programme,
)

_PERSONS_PER_PAGE = 50


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for titles, notices and announcements. Raises FetchError, ParseError, ParamError for a too wide question.

    Too many pages, or one that comes twice, end a pass early: what was announced then exceeds what came.
    """
    params: Params = visit.params
    for language in params.title_languages:
        asked = titles(params, language)
        if asked is not None:
            yield from _titles(visit, asked)
    total = yield from _pass(visit, notices(params), before=0)
    if params.partner_search:
        yield from _pass(visit, announcements(), before=total)


def _titles(visit: Visit, question: Question) -> Iterator[Page]:
    """Read a pass of titles, as far as it goes: they are an ornament, and the notices come without them too."""
    try:
        yield from _pass(visit, question, before=0)
    except (FetchError, ParseError) as error:
        if isinstance(error, FetchError) and error.kind != "transient":
            raise
        why = "titles could not be had, those we hold stay"
        visit.log.warning(why, language=question.language, error=str(error))


def _pass(visit: Visit, question: Question, *, before: int) -> Generator[Page, None, int]:
    """Read all pages of one question; returns how many documents it and those `before` announced."""
    params: Params = visit.params
    seen: set[str] = set()
    announced, came, twice, unsaid = before, 0, 0, 0
    for number in range(1, params.max_pages + 1):
        page = _ask(visit, question, number=number, size=params.page_size)
        if question.role != TITLES:
            # Handed on before it is judged: where it is refused, it is kept to be looked at, and the visit fails.
            yield page
        answer = _answer(page, number)
        _not_too_wide(answer, page, question)
        if question.role == TITLES:
            yield page
        references = {str(hit.row["reference"]) for hit in answer.hits if hit.row.get("reference")}
        repeated = len(references) > 1 and references <= seen
        came, unsaid = came + len(answer.hits), unsaid + answer.without_source()
        # A document on two pages is one: what is listed twice must not look like something that is missing.
        twice += 0 if repeated else len(references & seen)
        announced = before + max(answer.total, came) - twice
        if question.role != TITLES:
            visit.announced(announced)
        if not answer.hits:
            _whole(visit, page, answer, question, came=came)
            break
        if visit.trial:
            break
        if repeated:
            visit.log.warning("the portal gave a page again", page=number, came=came, total=answer.total)
            break
        seen |= references
        if came >= answer.total:
            break
    else:
        visit.log.warning("visit stopped at its limit of pages", limit=params.max_pages)
    if unsaid:
        visit.log.info("rows that do not say which copy of the index they are from", rows=unsaid)
    return announced


def _ask(visit: Visit, question: Question, *, number: int, size: int) -> Page:
    return visit.http.post_json_parts(
        visit.params.endpoint,
        question.parts(),
        role=question.role,
        params={
            "apiKey": question.index,
            "text": question.text,
            "pageSize": min(size, _PERSONS_PER_PAGE) if question.index == PERSONS else size,
            "pageNumber": number,
        },
        accept=(400,),
    )


def _answer(page: Page, number: int) -> Answer:
    answer = answer_of(page)
    if answer.number not in (None, number):
        raise ParseError(page.url, "pageNumber", f"page {number} was asked for, and page {answer.number} came")
    if number == 1 and len(answer.hits) > answer.total:
        raise ParseError(page.url, "totalResults", f"says {answer.total} where {len(answer.hits)} rows stand beside it")
    return answer


def _not_too_wide(answer: Answer, page: Page, question: Question) -> None:
    if answer.total > WINDOW:
        why = f"{answer.total} documents are found, and the portal hands out {WINDOW} of one question: "
        asked = "partner_search" if question.index == PERSONS else "programmes"
        raise ParamError(asked, why + "make several sources, by programme, kind or status")


def _whole(visit: Visit, page: Page, answer: Answer, question: Question, *, came: int) -> None:
    """Say whether a page without rows is the end. Raises ParseError where it is a fault."""
    if came < answer.total:
        raise ParseError(page.url, "results", f"is empty after {came} of {answer.total}: the list was cut off")
    if answer.total or question.role == TITLES:
        return
    wide = without_programme(question)
    control = _ask(visit, wide, number=1, size=1)
    if not answer_of(control).hits:
        raise ParseError(page.url, "totalResults", "says that nothing at all is open, which is taken for a fault")
    alone = of_programme_alone(question)
    if alone is not None and not answer_of(_ask(visit, alone, number=1, size=1)).hits:
        codes = [code for each in alone.demands if each.field in (PROGRAMME, DIVISION) for code in each.values]
        why = (
            f"{' or '.join(codes)} is not known any more: nothing carries it, closed calls included. Look up the present "
            "code with the filters of the portal's own search page, and set it in the source"
        )
        raise ParseError(page.url, "programmes or divisions", why)
