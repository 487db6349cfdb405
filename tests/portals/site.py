"""A web site of a region that publishes calls: pages of a list, a page for each call, a page of news that changes.

The one thing to know: it is nobody's site in particular. Newest first, /bandi?pagina=1 counts from 1, /elenco leads on by a
link alone; a call that is over carries a badge and stays on its page. `publish()` adds newer ones, `close()` ends one.
"""

from collections.abc import Callable
from datetime import date
from html import escape

from tests.portals.feed_content import Item, item
from tests.portals.server import Answer, Call, Fault, Portal

PER_PAGE = 10
_HTML = {"content-type": "text/html; charset=utf-8"}
_CONSENT = (
    '<div id="cookie-banner" class="cookie-consent" role="dialog"><h2>Questo sito usa i cookie</h2>'
    "<p>Usiamo cookie tecnici e, se vuoi, di statistica. Scegli che cosa accettare prima di continuare.</p>"
    "<button>Accetta</button></div>"
)
_MENU = (
    '<header><nav><a href="/">Regione Alta Costa</a> <a href="/bandi">Bandi</a> <a href="/bandi/archivio">Archivio</a>'
    ' <a href="/avvisi">Avvisi</a></nav></header>'
)
_FOOT = '<footer><nav><a href="/privacy">Privacy</a> <a href="/bandi/mappa">Mappa</a></nav><p>© 2026 Regione Alta Costa</p></footer>'


class SitePortal(Portal):
    """`items` calls, the newest of the morning of `today`; every seventh of them is over from the beginning."""

    def __init__(self, *, items: int = 34, seed: int = 1, today: date = date(2026, 11, 23), port: int = 0) -> None:
        super().__init__(port=port)
        self._at_start, self._items, self._seed, self._today = items, items, seed, today
        self._over: set[int] = {number for number in range(items) if number % 7 == 3}
        self._missing: set[int] = set()
        self.visits = 1_204
        self.lines: list[str] = ["Gli uffici sono chiusi il 7 dicembre.", "Il modulo di domanda è stato aggiornato."]

    def publish(self, more: int = 1) -> None:
        """Let `more` newer calls appear on top of the list."""
        self._items += more

    def close(self, number: int) -> None:
        """Put the badge of what is over on a call."""
        self._over.add(number)

    def remove(self, number: int) -> None:
        """Take a call off: it is not listed any more, and its page is gone."""
        self._missing.add(number)

    def forget(self, number: int) -> None:
        """Let a call stay on the list while its page is gone."""
        self._missing.add(-number - 1)

    def call(self, number: int) -> Item:
        """A call as facts; number 0 is the oldest."""
        return item("it", number, of=self._at_start, seed=self._seed, today=self._today)

    def address(self, number: int) -> str:
        return f"{self.url}/bandi/{number:05}-avviso"

    @property
    def listed(self) -> list[int]:
        """Who is on the list, newest first."""
        return [number for number in reversed(range(self._items)) if number not in self._missing]

    @property
    def open(self) -> list[int]:
        return [number for number in self.listed if number not in self._over]

    def answer(self, call: Call) -> Answer:
        if call.path in ("/bandi", "/elenco"):
            page = int(call.query.get("pagina", "1"))
            return _page("Bandi", self._list(page, by_link=call.path == "/elenco"))
        if call.path == "/avvisi":
            return _page("Avvisi", self._notices())
        number = int(call.path[7:12]) if call.path.startswith("/bandi/") and call.path[7:12].isdigit() else -1
        if not 0 <= number < self._items or number in self._missing or -number - 1 in self._missing:
            return Answer(404, b"<!DOCTYPE html><title>Pagina non trovata</title><h1>Pagina non trovata</h1>", _HTML)
        return _page(self.call(number).title, self._detail(number), head=self._head(number))

    def _list(self, page: int, *, by_link: bool) -> str:
        shown = self.listed[PER_PAGE * (page - 1) : PER_PAGE * page]
        cards = "".join(self._card(number) for number in shown)
        more = page * PER_PAGE < len(self.listed)
        path = "/elenco" if by_link else "/bandi"
        pager = f'<a class="successiva" rel="next" href="{path}?pagina={page + 1}">Avanti</a>' if more else ""
        empty = "" if shown else '<p class="nessuno">Nessun bando.</p>'
        total = f'<p class="totale">{len(self.listed)} risultati</p>'
        return f'<main><h1>Bandi</h1>{total}<div class="elenco">{cards}</div>{empty}<div class="pagine">{pager}</div></main>'

    def _card(self, number: int) -> str:
        call, state = self.call(number), "Chiuso" if number in self._over else "Aperto"
        href = f"{self.address(number).removeprefix(self.url)};jsessionid=7F{self.visits:04X}?utm_source=elenco#top"
        themes = "".join(f"<li>{escape(name)}</li>" for name in call.categories)
        return (
            f'<article class="scheda"><span class="stato">{state}</span><h3>{escape(call.title)}</h3>'
            f'<time datetime="{call.published:%Y-%m-%d}">{call.published:%d/%m/%Y}</time><ul class="temi">{themes}</ul>'
            f'<div class="testo">{call.html}</div>'
            f'<a href="{href}" title="{escape(call.title)}">Per saperne di più su <span>{escape(call.title)}</span></a></article>'
        )

    def _head(self, number: int) -> str:
        call = self.call(number)
        return (
            f'<meta property="og:title" content="{escape(call.title)} | Regione Alta Costa">'
            f'<meta property="article:published_time" content="{call.published.isoformat()}">'
            f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Bando {number}", "x": [}}</script>'
        )

    def _detail(self, number: int) -> str:
        call, state = self.call(number), "Chiuso" if number in self._over else "Aperto"
        document = f'<a class="allegato" href="{call.document}">Testo integrale</a>' if call.document else ""
        return (
            f'<main><nav class="breadcrumb"><a href="/bandi">Bandi</a></nav><span class="stato">{state}</span>'
            f'<h1>{escape(call.title)}</h1><div class="testo">{call.html}{document}</div>'
            '<div class="share-buttons"><a href="https://social.example/share">Condividi</a></div></main>'
        )

    def _notices(self) -> str:
        self.visits += 1
        lines = "".join(f"<p>{escape(line)}</p>" for line in self.lines)
        return (
            f'<main><h1>Avvisi</h1><div class="avvisi">{lines}</div><p>Ultimo aggiornamento: {self._today:%d/%m/%Y}</p>'
            f'<p>Visite: {self.visits}</p><input name="csrf_token" value="{self.visits:x}"></main>'
        )


def _page(title: str, main: str, *, head: str = "") -> Answer:
    html = (
        f'<!DOCTYPE html><html lang="it"><head><meta charset="utf-8"><title>{escape(title)} | Regione Alta Costa</title>{head}</head>'
        f"<body>{_CONSENT}{_MENU}{main}{_FOOT}</body></html>"
    )
    return Answer(200, html.encode(), _HTML)


def on_list(page: int | None = None) -> Callable[[Call], bool]:
    """Choose the calls for a page of the list, or for all of them."""
    return lambda call: (
        call.path in ("/bandi", "/elenco") and (page is None or call.query.get("pagina", "1") == str(page))
    )


def on_details(call: Call) -> bool:
    return call.path.startswith("/bandi/")


# Faults, for Portal.fail().


def changed_markup() -> Fault:
    """The site has a new design: cards and badges are called otherwise."""
    return _altered(lambda body: body.replace(b'class="scheda"', b'class="card-v2"'), when=on_list())


def lost_links() -> Fault:
    """Cards open by a script: their links are gone."""
    return _altered(lambda body: body.replace(b"<a href=", b"<a data-href="), when=on_list())


def empty_list() -> Fault:
    return _altered(lambda body: _between(body, b'<div class="elenco">', b'<div class="pagine">'), when=on_list())


def login_page() -> Fault:
    body = b'<!DOCTYPE html><title>Accedi | Regione Alta Costa</title><form><input type="password" name="p"></form>'
    return Fault(answer=Answer(200, body, _HTML), times=0)


def challenge(*, status: int = 200) -> Fault:
    body = b"<!DOCTYPE html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>"
    mitigated = {"cf-mitigated": "challenge"} if status != 200 else {}
    return Fault(answer=Answer(status, body, {**_HTML, **mitigated}), times=0)


def repeating_pager() -> Fault:
    """Every page of the list shows the cards of the first one, and leads on."""

    def alter(true: Answer) -> Answer:
        first.setdefault("body", true.body)
        return Answer(true.status, first["body"], true.headers)

    first: dict[str, bytes] = {}
    return Fault(alter=alter, when=on_list(), times=0)


def soft_404() -> Fault:
    """A friendly 200 that says that there is nothing."""
    body = "<!DOCTYPE html><title>Regione Alta Costa</title><h1>Pagina non trovata</h1><p>Prova a cercare.</p>"
    return Fault(answer=Answer(200, body.encode(), _HTML), when=on_details)


def to_the_front_door() -> Fault:
    return Fault(answer=Answer(302, b"", {"location": "/"}), when=on_details)


def wrong_charset() -> Fault:
    """Bytes of windows-1252 under the name of UTF-8."""
    return _altered(lambda body: body.decode().encode("cp1252", "xmlcharrefreplace"), when=lambda call: True)


def huge_page(tags: int = 60_000) -> Fault:
    return Fault(answer=Answer(200, b"<html><body>" + b"<p>x" * tags, _HTML), when=on_list())


def _between(body: bytes, start: bytes, end: bytes) -> bytes:
    head, _, rest = body.partition(start)
    return head + start + b"</div>" + end + rest.partition(end)[2]


def _altered(change: Callable[[bytes], bytes], *, when: Callable[[Call], bool]) -> Fault:
    return Fault(alter=lambda true: Answer(true.status, change(true.body), true.headers), when=when, times=0)
