"""Open Innovation Lombardia as a simulator: its list of collaboration proposals and their pages, in the recorded markup.

The one thing to know: the page of a proposal is built like the one that was recorded; the list never was, and is built of
the cards that stand at the end of that page. Behind its last page the list shows that page again, as its software does.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape

from tests.portals.een import EenPortal
from tests.portals.een_content import Profile
from tests.portals.een_lombardia_content import TYPES, Proposal, mirrored
from tests.portals.server import Answer, Call, Portal

PATH = "/en/collaborations/collaboration-proposals"
PAGE_SIZE = 12
_RELATED = 4


class LombardiaPortal(Portal):
    """A list of proposals, the newest first. `profiles` are those of an EEN simulator that it mirrors; without them it
    mirrors one of its own. `unheeded`: whatever page is asked for, the first one comes."""

    def __init__(
        self,
        *,
        profiles: Sequence[Profile] | None = None,
        proposals: int = 30,
        seed: int = 1,
        today: date | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        if profiles is None:
            profiles = EenPortal(profiles=proposals, seed=seed, today=self.today).listed()
        first = 2_400 - len(profiles)
        self.proposals = [mirrored(each, number=first + at) for at, each in enumerate(reversed(profiles))][::-1]
        self.unheeded = False

    def listed(self) -> list[Proposal]:
        """What the list shows now, the newest first."""
        return [each for each in self.proposals if each.expires >= self.today]

    def change(self, count: int = 1) -> list[str]:
        """Give so many of the newest another title; return their references."""
        for at, each in enumerate(self.proposals[:count]):
            self.proposals[at] = replace(each, title=f"{each.title}, anche in piccole quantità")
        return [each.reference or "" for each in self.proposals[:count]]

    def withdraw(self, count: int = 1) -> list[str]:
        """Take so many of the newest off the list, and their pages away; return their references."""
        gone, self.proposals = self.proposals[:count], self.proposals[count:]
        return [each.reference or "" for each in gone]

    def add_own(self) -> None:
        """List a proposal of the platform's own, which has no reference of the network."""
        own = self.proposals[0]
        self.proposals.insert(
            0, replace(own, number=own.number + 1, reference=None, title="Proposta senza riferimento")
        )

    def answer(self, call: Call) -> Answer:
        if call.path == PATH:
            number = call.query.get("page", "1")
            return html(self._list(1 if self.unheeded or not number.isdigit() else int(number)))
        found = [each for each in self.listed() if call.path == address(each)]
        return html(self._page(found[0])) if found else not_found()

    def _list(self, number: int) -> str:
        listed = self.listed()
        last = max(1, -(-len(listed) // PAGE_SIZE))
        number = min(max(number, 1), last)
        cards = "".join(map(card, listed[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]))
        pages = "".join(
            f'<li><a href="{PATH}?page={at}" data-page="{at - 1}">{at}</a></li>' for at in range(1, last + 1)
        )
        pager = f'<ul class="pagination">{pages}</ul>' if last > 1 else ""
        return document("Proposte di collaborazione", f'<div class="row">{cards}</div>{pager}')

    def _page(self, one: Proposal) -> str:
        others = [each for each in self.listed() if each.number != one.number][:_RELATED]
        return document(one.title, detail(one, today=self.today, related="".join(map(card, others))))


def address(one: Proposal) -> str:
    return f"{PATH}/{one.number}/{one.slug}"


def card(one: Proposal) -> str:
    number, label = TYPES[one.type]
    url, title = address(one), escape(one.title)
    een = (
        f'<div class="collaborations-card-een"><span class="mdi mdi-tag-outline"></span> ID: {one.reference}</div>'
        if one.reference
        else ""
    )
    return f"""<div class="col-md-4 collaborations-col"><div class="collaborations-card collaborations-platform">
<div class="collaborations-card-scadenza collaborations-card-scadenza-normal text-center">
 Expires on <strong>{one.expiry}</strong> </div>
<div class="collaborations-card-img"><a href="{url}" title="{title}">
<img src="/en/attachments/file/view?hash=0&amp;inLine=1" alt="{title}"></a></div>
<div class="collaborations-card-body">
<span class="label label-default collaborations-card-type collaborations-type-{number}">{escape(label)}</span>
<div class="collaborations-card-title"> <a href="{url}" title="{title}">{title}</a> </div>{een}</div>
<div class="collaborations-card-footer"><a class="readmore" href="{url}" title="{title}">DISCOVER MORE →</a></div></div></div>
"""


def detail(one: Proposal, *, today: date, related: str) -> str:
    number, label = TYPES[one.type]
    badge = f"in {(one.expires - today) // timedelta(days=1)} days"
    return f"""<div class="collaboration-proposals-view collaborations-detail collaborations-platform">
<div class="container collaborations-detail-hero">
<span class="label label-default collaborations-detail-type collaborations-type-{number}">{escape(label)}</span>
<h1 class="collaborations-detail-title">{escape(one.title)}</h1></div>
<div class="container collaborations-detail-main"><div class="collaborations-info-card">
<div class="collaborations-info-item"><span class="collaborations-info-label"><span class="mdi mdi-tag-outline"></span> ID</span>
<span class="collaborations-info-value lead">{one.reference or ""}</span></div><hr>
<div class="collaborations-info-item"><span class="collaborations-info-label"><span class="mdi mdi-calendar"></span> EXPIRATION DATE</span>
<span class="collaborations-info-value"> {one.expiry}
<span class="collaborations-info-badge collaborations-info-badge-normal"><strong>• {badge}</strong></span> </span></div>
<hr><div class="collaborations-info-cta">
<a class="btn btn-primary collaborations-approfondisci" href="https://forms.example.org/e/{one.number}"
 title="Express interest" target="_blank">Learn more</a></div></div>
<div class="collaborations-abstract"><h2 class="collaborations-abstract-title">Abstract</h2>
<div class="collaborations-abstract-text">{one.abstract}</div></div></div>
<div class="container collaborations-related"><h2 class="collaborations-related-title">Other collaboration proposals</h2>
<div class="row collaborations-related-grid">{related}</div></div></div>"""


def document(title: str, main: str) -> str:
    return f"""<!DOCTYPE html>
<html prefix="og: https://ogp.me/ns#" lang="en"><head><meta charset="UTF-8"><title>{escape(title)} - Open Innovation</title></head>
<body class="layout-hero-collaborations"><main id="main-content" class="content">
<nav class="breadcrumb-container"><a href="{PATH}/index">Proposte di collaborazione</a></nav>{main}</main></body></html>"""


def html(text: str, *, status: int = 200) -> Answer:
    return Answer(status, text.encode(), {"content-type": "text/html; charset=utf-8"})


def not_found() -> Answer:
    return html(document("Not Found", "<h1>Not Found (#404)</h1><p>Page not found.</p>"), status=404)
