"""An alert mail of LinkedIn in, jobs and articles out; how the mail is fetched and judged is what every mailbox does.

The one thing to know: what is kept of a job is its number, which stands in the path of its links, and an address made of it;
words change with every language and redesign, the path does not.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from connectors.base.contract import About, Body, Contact, Key, Notice, Page, ParseError, Record, Rights, Skipped, Visit
from connectors.base.people import without_people
from connectors.base.text import clean_line
from connectors.generic.mailbox import fetching, reading
from connectors.generic.mailbox.about import KEY, LINK_ONLY, Letterbox, Sender
from connectors.generic.mailbox.fetching import FOLDER
from connectors.generic.mailbox.gathering import linked
from connectors.generic.mailbox.mime import Mail
from connectors.linkedin_alerts.cards import jobs

ABOUT = About(
    name="linkedin_alerts",
    title="LinkedIn (alert mails)",
    home="https://www.linkedin.com/",
    rights=Rights(show="link", audience="office", basis=LINK_ONLY),
    reads="mail",
    rhythm_minutes=60,
    robots=False,  # the one web address that is ever asked is a token endpoint, which is made for programs
    keys=(Key(param=KEY.param, title=KEY.title, where=KEY.where, how=KEY.how),),
    keep_days=14,
    needs="a job alert or a newsletter of LinkedIn that is sent to a mailbox of its own",
    caveats=(
        "2026-11-23: LinkedIn offers programs no search and no posts of others; what its mails hold is all there is.",
        "2026-11-23: an alert names title, company and place of a job, never its text or its deadline.",
        "2026-11-23: the senders of newsletters are partly inferred and unproven.",
    ),
)
SENDERS = (
    *("jobalerts-noreply@linkedin.com", "jobs-noreply@linkedin.com", "jobs-listings@linkedin.com"),
    *("editors-noreply@linkedin.com", "messages-noreply@linkedin.com", "newsletters-noreply@linkedin.com"),
)
# Those who write for somebody, to somebody: what they send is a letter, and is not read.
_PERSONAL = ("inmail-hit-reply", "hit-reply", "invitations", "messaging-digest-noreply", "member")
_PERSONAL_CLASS = "inmail"
_ARTICLE = r"^https://(?:www\.linkedin\.com/(?:pulse|news/story|newsletters|posts|feed/update)/[^/]|lnkd\.in/[\w-]+)"


class Params(Letterbox):
    """The mailbox that the alerts go to, and what of them is for members."""

    allow_senders: tuple[Sender, ...] = Field(
        SENDERS,
        title="Senders",
        description="Whose mails are read: addresses or domains. The mails of others are not even fetched.",
        min_length=1,
        max_length=200,
    )
    member_words: tuple[str, ...] = Field(
        (),
        title="Words for members",
        description="An item with one of these words in its title or company is for members too; left empty, everything"
        " is a lead for the office alone.",
        examples=[["cooperativa", "social impact"]],
        max_length=100,
    )


def fetch(visit: Visit) -> Iterator[Page]:
    """Read the mails that are new, as every mailbox is read."""
    yield from fetching.fetch(visit)


def split(page: Page) -> Iterator[Record]:
    """Cut a mail into its jobs, or into its articles where it holds no job. A mail that is refused is one record."""
    if page.role == FOLDER:
        yield from reading.passed_over(page)
        return
    try:
        params = page.params
        if not isinstance(params, Letterbox):
            raise ParseError(page.url, "params", "a mail cannot be judged without the parameters of its source")
        if reading.is_personal(page, local=_PERSONAL, classes=(_PERSONAL_CLASS,)):
            yield Record(reading.place_of(page), {"skipped": "a letter to a person"})
            return
        # LinkedIn signs every mail; a server that may send for it proves nothing more.
        came = reading.mail_of(page, params, spf_alone=False)
        found = _jobs(came.mail, page.url) or _articles(came.mail, page.url)
    except ParseError as exc:
        yield reading.refusal(page, exc)
        return
    shared = {"at": came.at.isoformat(), "lang": _lang(came.mail), "extra": reading.provenance(came)}
    if not found:
        yield Record(reading.place_of(page), {"skipped": "a mail without a link to a job or an article"})
    for one in found:
        yield Record(f"{one['kind']} {one['id']}", one | shared)


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one job or article; what is not said in the mail is not asked for."""
    reading.refused(record, page)
    data: dict[str, Any] = record.data
    if "skipped" in data:
        return Skipped(data["skipped"])
    if not data["title"]:
        raise ParseError(page.url, record.where, "stands in the mail without a title")
    company, lang = data.get("company"), data["lang"]
    place = {"place": data["place"]} if data.get("place") else {}
    vacancy = data["kind"] == "vacancy"
    return Notice(
        source_id=data["id"],
        url=data["url"],
        titles={lang or "und": {"text": data["title"]}},
        kind=data["kind"],
        lang=lang,
        published_at=datetime.fromisoformat(data["at"]),
        organisation=Body(name=company) if company else None,
        contact=Contact(url=data["url"]),
        same_as=((f"linkedin:job:{data['id']}",) if vacancy else ()) + (f"url:{data['url']}",),
        extra={"linkedin": place | data["extra"]},
    )


def identify(record: Record) -> str | None:
    """The number of the job, or the address of the article."""
    found = record.data.get("id")
    return found if isinstance(found, str) else None


def rights(notice: Notice, params: BaseModel) -> Rights:
    """A lead for the office; for members too where one of the source's words stands in title or company."""
    said = " ".join(title.text for title in notice.titles.values())
    said = f"{said} {notice.organisation.name if notice.organisation else ''}".casefold()
    if not isinstance(params, Params):
        return ABOUT.rights
    shown = any(word.casefold() in said for word in params.member_words if word.strip())
    return Rights(show="link", audience="members" if shown else params.audience, basis=LINK_ONLY)


def _jobs(mail: Mail, url: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "vacancy",
            "id": job.id,
            "url": f"https://www.linkedin.com/jobs/view/{job.id}/",
            "title": without_people(clean_line(job.title, 300)),
            "company": without_people(clean_line(job.company, 200)),
            "place": without_people(clean_line(job.place, 200)),
        }
        for job in jobs(mail, url=url)
    ]


def _articles(mail: Mail, url: str) -> list[dict[str, Any]]:
    return [
        {"kind": "news", "id": one.url, "url": one.url, "title": without_people(one.title or mail.first("subject"))}
        for one in linked(mail, _ARTICLE, url=url)
    ]


def _lang(mail: Mail) -> str | None:
    return next((lang for page in mail.pages if (lang := reading.language_of(page))), None)
