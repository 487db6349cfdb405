"""Announcements of partner search (index SEDIA_PERSON, type ANNOUNCEMENT). Not proven: no such answer was ever seen.

The one thing to know: persons announce here, too. No key that could hold a name is read; of an organisation only its
number on the portal (PIC) is kept.
"""

import re
from typing import Any

from connectors.base.contract import Contact, Deadline, Link, Notice, Skipped, Title
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, plain, shorten
from connectors.eu_funding.about import PORTAL
from connectors.eu_funding.call import topic_page
from connectors.eu_funding.hit import Hit
from connectors.eu_funding.when import first

_SUMMARY = 500
# What the keys are called is a guess from descriptions; each list is tried in its order.
_TITLE = ("topicTitle", "title", "callTitle")
_TEXT = ("description", "descriptionByte", "text")
_TOPIC = ("topic", "topicIdentifier", "identifier")
_PIC = re.compile(r"\d{9}")


def notice(hit: Hit) -> Notice | Skipped:
    """Read an announcement. Raises ValueError."""
    about, text, topic = hit.first(*_TITLE), hit.first(*_TEXT), hit.first(*_TOPIC)
    if not about or not text:
        return Skipped("an announcement without topic or text")
    body = without_people(clean_html(text, PORTAL))
    pic = next((given for given in hit.values("pic") if _PIC.fullmatch(given)), None)
    page = f"{PORTAL}/how-to-participate/org-details/{pic}" if pic else None
    address = topic_page(topic) if topic else f"{PORTAL}/how-to-participate/partner-search"
    sort = hit.first("announcementType", "requestType")
    published = first(hit, "publicationDate", "es_SortDate", "startDate")
    rest: dict[str, Any] = {"topic": topic, "pic": pic, "sort": sort, "unread": hit.unread}
    return Notice(
        source_id=hit.source_id,
        url=address,
        titles={"und": Title(text=without_people(clean_line(about)))},
        kind="partner_search",
        summary=shorten(plain(body), _SUMMARY) or None,
        body=body or None,
        published_at=published,
        deadlines=(Deadline(certainty="not_stated"),),
        codes=tuple(f"programme:{code}" for code in hit.values("frameworkProgramme")),
        links=(Link(url=page, title="Organisation that announces"),) if page else (),
        contact=Contact(url=page) if page else None,
        # Not the topic's own key: a search for partners is another thing than the call that it wants to enter.
        same_as=(f"sedia:{hit.source_id}",),
        extra={"sedia": {key: value for key, value in rest.items() if value}},
    )
