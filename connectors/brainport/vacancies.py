"""The one list of Brainport that programs can read: vacancies, as JSON behind a page for people. Off by default.

The one thing to know: the list answers only with a sum (`cHash`) over its own parameters, which the page holds; it is taken
from there on every visit. Both spellings, `joblist` and `jobslist`, are the platform's.
"""

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from connectors.base.codes import language
from connectors.base.contract import Body, Contact, Notice, Page, ParseError, Record, Title, Visit
from connectors.base.dates import instant
from connectors.base.documents import html_of, object_of
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url, plain, shorten
from connectors.brainport.about import REGION, ZONE, Params

START, LIST = "vacancies_page", "listing"
_PER_PAGE, _BRAINPORT = 15, 5
_ADDRESS = re.compile(r"""[^"'\s<>]*tx_brainportjobs_joblist[^"'\s<>]*""")
_SUM = re.compile(r"[?&]cHash=[0-9a-f]{32}(?:&|$)")


def read_all(visit: Visit, params: Params) -> Iterator[Page]:
    """Ask for the page, then for its list to the first part without vacancies. Raises ParseError without the sum."""
    start = visit.http.get(params.address, role=START, conditional=False)
    yield start
    address = list_address(start)
    seen: set[str] = set()
    for number in range(1, params.most_pages + 1):
        asked: dict[str, str | int] = {
            "tx_brainportjobs_jobslist[pageLimit]": _PER_PAGE,
            "tx_brainportjobs_jobslist[page]": number,
            "tx_brainportjobs_jobslist[location_filter][]": _BRAINPORT,
            "tx_brainportjobs_jobslist[language_filter]": params.lang,
        }
        page = visit.http.get(address, role=LIST, params=asked, conditional=False)
        jobs = {str(job.get("uri")) for job in _jobs(page) if isinstance(job, dict)}
        yield page
        if not jobs:
            return
        if visit.trial:
            return
        if jobs <= seen:
            break
        seen |= jobs
    # More pages than we read, or the same again and again: never a whole list.
    visit.announced(len(seen) + 1)


def list_address(page: Page) -> str:
    """Find the address of the list in its page. Raises ParseError where there is none with a sum."""
    text = html.unescape(str(html_of(page)))
    for found in _ADDRESS.finditer(text.replace("\\/", "/")):
        # The brackets may be encoded, and the address may stand in a script, with its ampersands escaped.
        raw = unquote(found[0].replace("\\u0026", "&"))
        if "JobAjax" in raw and _SUM.search(raw) and (address := http_url(raw, page.url)):
            return address
    raise ParseError(page.url, "cHash", "the page holds no address of its list: changed, or a script makes it up")


def records(page: Page) -> Iterator[Record]:
    """Cut a part of the list into vacancies. Raises ParseError."""
    if page.role == START:
        list_address(page)
        return
    for place, job in enumerate(_jobs(page)):
        yield Record(f"jobs[{place}]", job)


def notice_of(record: Record, page: Page) -> Notice:
    """Read one vacancy; it stands on somebody else's board, whose address is its identity. Raises ParseError."""
    job: dict[str, Any] = record.data if isinstance(record.data, dict) else {}
    url, title = http_url(_text(job.get("uri"))), without_people(clean_line(_text(job.get("title")), 300))
    if url is None or not title:
        raise ParseError(page.url, record.where, "has no title or no address")
    # Translated by machine and cut at some 400 signs by the platform itself.
    summary = without_people(plain(_text(job.get("description"))))
    lang = language(_text(job.get("language"))) or "und"
    company, written = clean_line(_text(job.get("company")), 200), job.get("date")
    day = instant(_text(written.get("date") if isinstance(written, dict) else written)[:10], zone=ZONE)
    where = clean_line(_text(job.get("location_name")), 100)
    return Notice(
        source_id=url,
        url=url,
        titles={lang: Title(text=title)},
        kind="vacancy",
        summary=shorten(summary, 400) or None,
        lang=lang if lang != "und" else None,
        published_at=day,
        countries=("NL",),
        origin_country="NL",
        regions=(REGION,),
        organisation=Body(name=company, country="NL") if company else None,
        contact=Contact(url=url),
        same_as=(f"url:{url}",),
        extra={"brainport": {"place": where}} if where else {},
    )


def _jobs(page: Page) -> list[Any]:
    jobs = object_of(page).get("jobs")
    if not isinstance(jobs, list):
        raise ParseError(page.url, "jobs", "is no list")
    return jobs


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
