"""Who a mail was for, and how every trace of that is cut from its texts and pages.

The one thing to know: the headers give the reader's names and addresses away, and so tell what to look for in the rest; a
footer that speaks of him goes as a whole.
"""

import re

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PreformattedString

from connectors.base.documents import read_html
from connectors.base.people import CUT, without_people
from connectors.generic.mailbox import links
from connectors.generic.mailbox.mime import Mail, Unreadable, addresses_in

MOST_LINKS = 2_000
"""In one text; the longest digests have a tenth of it."""
_FOR = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)", re.I)
_GREETING = (
    r"(?:hi|hello|dear|hey|ciao|gentile|gent\.m[oa]|egregi[oa]|salve|buongiorno|car[oa]|bonjour|cher|chère|hallo|guten tag|liebe[r]?"
    r"|sehr geehrte[r]?|hola|estimad[oa]|querid[oa]|olá|hej|beste)"
)
# Where a mail begins to speak of its reader: "This email was intended for NAME (HEADLINE)".
_FOOTER = re.compile(
    r"(?:this|the) (?:e-?mail|message|newsletter) (?:was|is|has been) (?:intended for|sent to|addressed to|delivered to)"
    r"|quest[ao] (?:e-?mail|messaggio|newsletter) (?:era|è|è stat[ao]) (?:destinat[ao]|inviat[ao]|indirizzat[ao]) a"
    r"|diese (?:e-?mail|nachricht) (?:ist|war|wurde) (?:für|an)\b|cet e-?mail (?:est|était|a été) (?:destiné|envoyé|adressé) à"
    r"|este (?:correo(?: electrónico)?|e-?mail|mensaje) (?:está|estaba|iba|fue|se) (?:dirigido|envi\w+|destinado|dirig\w+) (?:a|para)"
    r"|esta mensagem (?:foi|é) (?:enviada|destinada) |deze e-?mail (?:is|was) (?:bedoeld voor|verzonden aan|verstuurd naar)"
    r"|denne e-?mail (?:er|var|blev) (?:beregnet|sendt|tiltænkt) til|you(?:'re| are) receiving th(?:is|ese) (?:e-?mail|message|newsletter)"
    r"|ricevi quest[ao] (?:e-?mail|messaggio|newsletter)",
    re.I,
)
_RULE = re.compile(r"^[ \t]*-{40}[ \t]*$", re.M)  # exactly so many: the sign of LinkedIn's footer, in every language
_BARE_TAG = re.compile(r"<(https?://[^\s<>]+)>", re.I)
_BROKEN_URL = re.compile(r"<\s*(https?://[^<>]{1,4000})>", re.I)
_MUTE = (
    "script",
    "style",
    "head",
    "title",
    "noscript",
    "template",
    "object",
    "iframe",
    "form",
    "svg",
    "meta",
    "link",
    "base",
)
_ATTRIBUTES = frozenset(("href", "class", "data-test-id", "lang", "alt"))
_NAMED_BY_HAND = re.compile(r"[A-Za-z][A-Za-z_-]{0,40}")


class Reader:
    """Who got the mail: every address and name of him that its headers give away, to be cut wherever it stands."""

    def __init__(self, mail: Mail, addressed: list[tuple[str, str]], passed_on: list[tuple[str, str]]) -> None:
        senders = set(addresses_in(mail.first("from")))
        own = [address for _, value in addressed for address in addresses_in(value)]
        own += [found.lower() for _, value in passed_on for found in _FOR.findall(value)]
        self._addresses = sorted(set(own) - senders, key=len, reverse=True)
        names = {name for _, value in addressed for name in _names(value)}
        names |= {address.partition("@")[0] for address in self._addresses if "." in address.partition("@")[0]}
        self._whole = _any_of(
            [name for name in names if len(name.split()) > 1 or "." in name], r"(?:\s*\([^()\n]{0,200}\))?"
        )
        parts = sorted({part for name in names for part in name.split() if len(part) > 1}, key=len, reverse=True)
        called = rf"(^|\b{_GREETING}\s+)(?:{'|'.join(map(re.escape, parts))})(?=\s*[,:!])"
        self._part = re.compile(called, re.I | re.M) if parts else None

    def cut(self, text: str) -> str:
        for address in self._addresses:
            text = links.without_address(text, address) if address.partition("@")[0] in text.lower() else text
        return self._whole.sub(CUT, text) if self._whole else text

    def greeted(self, text: str) -> str:
        return self._part.sub(rf"\1{CUT}", text) if self._part else text

    def text(self, text: str) -> str:
        """A plain text: links without tokens, nothing of the reader, and no footer."""
        text = _BROKEN_URL.sub(lambda url: f"<{''.join(url[1].split())}>", text)
        for end in (_RULE, _FOOTER):
            if found := end.search(text):
                text = text[: found.start()]
        return self.line(self.greeted(links.joined(text)))

    def line(self, text: str) -> str:
        """A text without a footer, as a subject: the same in all else."""
        parts, last = [], 0
        places = links.addresses_in(text)
        if len(places) > MOST_LINKS:
            raise Unreadable(f"holds more than {MOST_LINKS} links")
        for start, stop, url in places:
            parts += [text[last:start], self.link(url) or CUT]
            last = stop
        return without_people(self.cut(links.without_tokens("".join([*parts, text[last:]]))))

    def link(self, url: str) -> str | None:
        for address in self._addresses:
            url = links.without_address(url, address)
        return links.scrubbed(url)

    def page(self, html: str) -> str:
        """A page: its texts, links, paragraphs and cells; nothing that runs, is fetched, or speaks of the reader."""
        soup = read_html(_BARE_TAG.sub(r"&lt;\1&gt;", html), "mail:html")
        for tag in soup.find_all(_MUTE):
            tag.decompose()
        for tag in soup.find_all(True):
            self._tag(tag)
        ended = False
        for node in list(soup.find_all(string=True)):
            if isinstance(node, Comment | PreformattedString):
                node.extract()
                continue
            ended = ended or _FOOTER.search(str(node)) is not None
            link = node.find_parent("a")
            if link is not None and links.about_subscription(str(node)):
                link.attrs.pop("href", None)
            node.replace_with(NavigableString("" if ended else self._said(str(node))))
        if ended:
            _without_links_behind(soup)
        return str(soup)

    def _said(self, text: str) -> str:
        return self.text(text) if text.strip() else " " if text else ""

    def _tag(self, tag: Tag) -> None:
        for name in list(tag.attrs):
            if name not in _ATTRIBUTES:
                del tag.attrs[name]
        if "href" in tag.attrs:
            url = self.link(str(tag.attrs.pop("href")))
            if url is not None:
                tag.attrs["href"] = url
        if "alt" in tag.attrs:
            tag.attrs["alt"] = self.line(links.joined(str(tag.attrs["alt"])))
        for name in ("class", "data-test-id", "lang"):
            if name in tag.attrs:
                # Names that a designer gave; a number in one may say whose copy it is.
                words = tag.attrs[name] if isinstance(tag.attrs[name], list) else str(tag.attrs[name]).split()
                tag.attrs[name] = " ".join(word for word in words if _NAMED_BY_HAND.fullmatch(word))


def _without_links_behind(soup: BeautifulSoup) -> None:
    # A link that says nothing any more stood in the footer, or was a picture above it, which has its words in `alt`.
    for link in soup.find_all("a", href=True):
        if not link.get_text(strip=True) and link.find("img") is None:
            link.attrs.pop("href", None)


def _names(value: str) -> list[str]:
    found = re.findall(r'(?:^|,)\s*"?([^"<>,@]{2,80}?)"?\s*<', value)
    return [" ".join(name.split()) for name in found]


def _any_of(names: list[str], behind: str) -> re.Pattern[str] | None:
    if not names:
        return None
    words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w){behind}", re.I)
