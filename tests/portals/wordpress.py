"""A WordPress site as a simulator: its REST interface with pages, headers and errors, the pages behind, and events.

The one thing to know: a page behind the last is an error, and the names of the errors are those of WordPress itself.
"""

from datetime import UTC, date, datetime, time, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from tests.portals.region_content import Call as Post
from tests.portals.region_content import call as post
from tests.portals.server import Answer, Call, Portal, json_answer

ROME = ZoneInfo("Europe/Rome")
_ROUTE = "/wp/v2/bandi"
_EVENTS = "/tribe/events/v1/events"


class WordPressPortal(Portal):
    """One site. `headers` False: a proxy takes the pager away; `old`: before 5.7, it does not know `modified_after`;
    `plain`: no /wp-json/; `empty`: posts have no text; `lying`: every page is the first."""

    def __init__(self, *, posts: int = 60, today: date | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.posts: list[Post] = [post(number, self.today) for number in range(posts)]
        self.headers = True
        self.old = self.plain = self.empty = self.lying = False

    def answer(self, call: Call) -> Answer:
        route = call.query.get("rest_route") if self.plain else call.path.removeprefix("/wp-json")
        if not self.plain and not call.path.startswith("/wp-json/"):
            return self._page(call)
        if route == _EVENTS:
            return self._events(call)
        if route != _ROUTE:
            return _error(404, "rest_no_route", "Nessuna rotta corrisponde all'URL.")
        per_page, number = int(call.query.get("per_page", 10)), int(call.query.get("page", 1))
        if not 1 <= per_page <= 100:
            return _error(400, "rest_invalid_param", "Parametro(i) non valido(i): per_page")
        chosen = [one for one in self.posts if self._is_asked(one, call)]
        by = {"modified": lambda one: (one.changed, one.number), "id": lambda one: one.number}
        chosen.sort(key=by[call.query.get("orderby", "id")], reverse=True)
        pages = -(-len(chosen) // per_page)
        if number > max(pages, 1):
            return _error(
                400, "rest_post_invalid_page_number", "Il numero di pagina è maggiore delle pagine disponibili."
            )
        start = 0 if self.lying else (number - 1) * per_page
        told = {"x-wp-total": str(len(chosen)), "x-wp-totalpages": str(pages)}
        if number < pages:
            told["link"] = f'<{self.url}{call.path}?page={number + 1}>; rel="next"'
        wanted = call.query.get("_fields", "").split(",")
        rows = [{k: v for k, v in self._post(one).items() if k in wanted} for one in chosen[start : start + per_page]]
        return json_answer(rows, headers=told if self.headers else {})

    def _is_asked(self, one: Post, call: Call) -> bool:
        after = call.query.get("modified_after")
        return self.old or after is None or one.changed > datetime.fromisoformat(after.replace("Z", "+00:00"))

    def _post(self, one: Post) -> dict[str, Any]:
        day = f"{one.closes.day:02}/{one.closes.month:02}/{one.closes.year}"
        text = (
            f'<p>{escape(one.about)}.</p>\n[vc_row el_class="x"]<p>Domande entro le ore 12:00 del {day}.</p>[/vc_row]'
        )
        return {
            "id": 4_000 + one.number,
            "date": f"{one.published.astimezone(ROME):%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{one.published:%Y-%m-%dT%H:%M:%S}",
            "modified": f"{one.changed.astimezone(ROME):%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{one.changed:%Y-%m-%dT%H:%M:%S}",
            "link": f"{self.url}/bandi/bando-{one.number}/",
            "slug": f"bando-{one.number}",
            "status": "publish",
            "type": "bandi",
            "title": {"rendered": escape(one.title).replace("–", "&#8211;")},
            "content": {"rendered": "" if self.empty else text, "protected": False},
            "excerpt": {"rendered": "", "protected": False},
            "class_list": [
                f"post-{4_000 + one.number}",
                "bandi",
                "type-bandi",
                "status-publish",
                "hentry",
                *(f"tematiche-{_slug(word)}" for word in one.subjects),
                *(f"destinatari-{_slug(word)}" for word in one.addressees),
            ],
            **one.more,
        }

    def _page(self, call: Call) -> Answer:
        number = call.path.rstrip("/").rpartition("-")[2]
        found = next((one for one in self.posts if str(one.number) == number and "/bandi/" in call.path), None)
        if found is None:
            return Answer(404, b"<html><title>Pagina non trovata</title></html>", {"content-type": "text/html"})
        text = f"{found.about}. Possono partecipare i soggetti indicati nell'avviso, con una sola domanda ciascuno."
        body = (
            f'<html lang="it-IT"><head><title>{escape(found.title)} - Sito</title>'
            f'<meta property="og:title" content="{escape(found.title, quote=True)}">'
            f'<meta property="article:published_time" content="{found.published.isoformat()}"></head><body>'
            '<nav><a href="/">Home</a> scadenza 01/01/2030</nav>'
            f'<main><article><div class="entry-content"><p>{escape(text)}</p>'
            f"<p>Scadenza: {found.closes.day}/{found.closes.month}/{found.closes.year} ore 12:00</p></div></article></main></body></html>"
        )
        return Answer(200, body.encode(), {"content-type": "text/html; charset=utf-8"})

    def _events(self, call: Call) -> Answer:
        per_page, number = int(call.query["per_page"]), int(call.query["page"])
        pages = -(-len(self.posts) // per_page)
        if number > pages:
            return _error(404, "event-archive-page-not-found", "La pagina richiesta non esiste.")
        chosen = self.posts[(number - 1) * per_page : number * per_page]
        told = {"events": [self._event(one) for one in chosen], "total": len(self.posts), "total_pages": pages}
        return json_answer(told)

    def _event(self, one: Post) -> dict[str, Any]:
        starts = datetime.combine(self.today + timedelta(days=one.number + 1), time(9, 30), ROME)
        ends = starts + timedelta(days=one.number % 2, hours=3)
        return {
            "id": 9_000 + one.number,
            "url": f"{self.url}/event/{one.number}/",
            "title": f"Incontro: {one.title}",
            "description": f"<p>{one.about}</p>",
            "start_date": f"{starts:%Y-%m-%d %H:%M:%S}",
            "end_date": f"{ends:%Y-%m-%d %H:%M:%S}",
            "utc_start_date": f"{starts.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            "utc_end_date": f"{ends.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            "timezone": "Europe/Rome",
            "cost": "Gratuito",
            "venue": {"venue": "Sala del Mulino", "city": "Valdorena", "country": "Italia"},
            "categories": [{"name": word} for word in one.subjects],
            **one.more,
        }


def _slug(word: str) -> str:
    return word.lower().replace(" ", "-").replace("à", "a")


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer({"code": code, "message": message, "data": {"status": status}}, status=status)
