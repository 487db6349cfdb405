"""The jobs of an alert, from its text and its page, united by the number in the path of their links.

The one thing to know: nothing is anchored on a word. In a text, a job is the last paragraph of several lines before its link; in a
page, it is the largest block that leads to no other job.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from connectors.base.documents import read_html
from connectors.base.text import clean_line
from connectors.generic.mailbox.mime import Mail

MOST_JOBS = 200
_JOB = re.compile(r"https://www\.linkedin\.com/(?:comm/)?jobs/view/(?:[^/?#\s]*-)?(\d{6,20})(?:[/?#][^\s<>\"]*)?")
_OTHER = re.compile(r"https?://\S+")
_RULE = re.compile(r"\s*[-_=–—]{20,}\s*")
_DOT = re.compile(r"\s+[·•]\s+")


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    title: str
    company: str = ""
    place: str = ""


def jobs(mail: Mail, *, url: str) -> list[Job]:
    """Every job once, in the order of the text and then of the page; what one says less of is filled from the other."""
    found: dict[str, Job] = {}
    written = [job for text in mail.texts for job in _of_text(text)]
    shown = [job for page in mail.pages for job in _of_page(read_html(page, url))]
    for job in written + shown:
        there = found.get(job.id, Job(job.id, ""))
        found[job.id] = Job(job.id, there.title or job.title, there.company or job.company, there.place or job.place)
    return list(found.values())[:MOST_JOBS]


def _of_text(text: str) -> Iterator[Job]:
    paragraphs: list[list[str]] = [[]]
    begun = False  # behind a rule or another job, where nothing but this job stands
    for raw in text.split("\n"):
        line = raw.strip()
        job = _JOB.search(line)
        if job is not None:
            yield _card(job[1], [lines for lines in paragraphs if lines], begun)
        if job is not None or _RULE.fullmatch(line) or _OTHER.search(line):
            # A link that leads elsewhere ends what came before it, as a job does.
            paragraphs, begun = [[]], True
        elif line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])


def _card(number: str, paragraphs: list[list[str]], begun: bool) -> Job:
    whole = [lines for lines in paragraphs if len(lines) > 1]
    if whole:
        lines = whole[-1]
    elif begun:
        lines = [line for paragraph in paragraphs for line in paragraph]
    else:
        lines = [line for paragraph in paragraphs[-3:] for line in paragraph]
    title, company, place = (*lines, "", "", "")[:3]
    return _named(number, title, company, place)


def _named(number: str, title: str, company: str, place: str = "") -> Job:
    # "Company · City" on one line, in some mails; then the next line is a note.
    parts = _DOT.split(company, maxsplit=1)
    return Job(number, title, *(parts if len(parts) > 1 else (company, place)))


def _of_page(soup: BeautifulSoup) -> Iterator[Job]:
    anchors: dict[str, list[Tag]] = {}
    for anchor in soup.find_all("a", href=True):
        if job := _JOB.match(str(anchor["href"])):
            anchors.setdefault(job[1], []).append(anchor)
    whose = {id(anchor): number for number, those in anchors.items() for anchor in those}
    for number, those in list(anchors.items())[:MOST_JOBS]:
        yield _of_anchors(number, those, whose)


def _of_anchors(number: str, anchors: list[Tag], whose: dict[int, str]) -> Job:
    # Links stand inside each other: the innermost has the title, the outer ones the whole card.
    inner = [a for a in anchors if a.find("a") is None and a.get_text(strip=True)] or anchors
    bold = [a for a in inner if "font-bold" in (a.get("class") or [])]
    title = max((clean_line(a.get_text(" ", strip=True)) for a in bold or inner), key=len)
    card = _card_around(anchors[-1], whose)
    logo = next((clean_line(str(image["alt"])) for image in card.find_all("img", alt=True) if image["alt"]), "")
    lines = [clean_line(p.get_text(" ", strip=True)) for p in card.find_all("p")]
    lines = [line for line in lines if line and line != title]
    named = next((line for line in lines if _DOT.search(line)), lines[0] if lines else "")
    job = _named(number, title, named, lines[1] if len(lines) > 1 and not _DOT.search(named) else "")
    return Job(number, title, logo if logo and named.startswith(logo) else job.company or logo, job.place)


def _card_around(anchor: Tag, whose: dict[int, str]) -> Tag:
    card = anchor
    for block in anchor.parents:
        others = {whose[id(a)] for a in block.find_all("a", href=True) if id(a) in whose}
        if len(others) > 1 or block.name in (None, "[document]", "html", "body"):
            break
        card = block
        if block.get("data-test-id") == "job-card":
            break
    return card
