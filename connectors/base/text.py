"""Text and links of strangers, made harmless: html to plain text, html to our own few tags, addresses to http(s).

The one thing to know: everything here may be called on hostile input; what comes back holds no live markup but the tags
of `_TAGS`, no control or direction characters, and no address that is not http or https.
"""

import html as entities
import re
import unicodedata
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import nh3

from connectors.base.markup import Excess, Most, calm

_TAGS = {
    *("p", "br", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "h5"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_REL = "noopener noreferrer nofollow ugc"
# Elements whose content is no text for people.
_MUTE = {"script", "style", "template", "iframe", "object", "svg", "math", "noscript", "head", "title", "select"}

# Elements outside our list that still mean a block or a stress: renamed, so that their words do not run together.
_RENAMED = {
    **dict.fromkeys(
        ("div", "section", "article", "header", "footer", "main", "blockquote", "pre", "dl", "dt", "dd"), "p"
    ),
    **dict.fromkeys(("h1", "h2"), "h3"),
    "h6": "h5",
    "b": "strong",
    "i": "em",
}
_RENAME = re.compile(rf"<(/?)({'|'.join(_RENAMED)})(?=[\s/>])", re.IGNORECASE)
_BLOCK = re.compile(
    r"(?=</?(?:p|br|div|li|ul|ol|tr|td|th|table|h[1-6]|section|article|header|footer|blockquote|pre|dt|dd|hr|option)[\s/>])",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"<(p|li|strong|em|h[345]|ul|ol)>(?:\s|&nbsp;|<br>)*</\1>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
# Below these a fragment may hold what it likes; above, it is calmed first, which costs as much as reading it.
_LARGE, _MANY_TAGS = 20_000, 200
# The longest calls of our sources have half of it; what stands behind is read at the source.
_LONGEST, _MOST_REFERENCES = 100_000, 20_000
_MOST = Most(
    tags=20_000,
    attributes=20_000,
    depth=60,
    keep=lambda tag, attribute: (tag, attribute) == ("a", "href"),
    # Stresses that we do not keep; open ones are begun anew in every paragraph that follows.
    drop=frozenset(("font", "u", "s", "small", "tt", "big", "code", "nobr", "strike", "span")),
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_NO_REFERENCE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_TRACKING = re.compile(r"^(?:utm_.*|fbclid|gclid|mc_cid|mc_eid)$", re.IGNORECASE)
_LONGEST_URL = 2048

_INVISIBLE = dict.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n\r\f\v"),
        *(code for code in range(0x7F, 0xA0) if code != 0x85),
        0x00AD,  # soft hyphen: words would not be found
        0x061C,
        *range(0x200B, 0x2010),  # zero width, direction marks
        *range(0x202A, 0x202F),  # direction overrides
        *range(0x2060, 0x2070),
        *range(0xD800, 0xE000),  # lone surrogates cannot be stored
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
        *range(0xE0000, 0xE0080),
    ]
)
_MARKS = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
# So many signs that sit on one letter are no writing (UAX 15, 13 "Stream-Safe Text Format"), and putting a hundred
# thousand of them in order takes minutes.
_MOST_MARKS = 30
_PILE = re.compile(rf"[{_MARKS}]{{{_MOST_MARKS + 1},}}")


def visible(text: str) -> str:
    """Return the text in NFC without NUL, control, zero-width and direction characters; line breaks stay."""
    return _nfc(text.translate(_INVISIBLE))


def _nfc(text: str) -> str:
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _PILE.sub(lambda pile: pile[0][:_MOST_MARKS], text))


def _calmed(html: str) -> str:
    """Return a fragment that costs no more to read than its length says; what is beyond reason loses its tags or end."""
    if len(html) <= _LARGE and html.count("<") <= _MANY_TAGS:
        return html
    if len(html) > _LONGEST:
        begun, ended = html.rfind("<", 0, _LONGEST), html.rfind(">", 0, _LONGEST)
        html = html[: begun if begun > ended else _LONGEST]  # and not half a tag
    if html.count("&") > _MOST_REFERENCES:
        html = html.replace("&", " ")
    try:
        html = calm(html, _MOST)
    except Excess:
        html = _ANY_TAG.sub(" ", html).replace("<", "&lt;")
    return _NO_REFERENCE.sub("&amp;", html)


def _collapse(text: str) -> str:
    return _SPACE.sub(" ", visible(text)).strip()


def plain(html: str) -> str:
    """Return the text of an html fragment: no tags, entities decoded, all white space one blank, NFC."""
    without_tags = nh3.clean(_BLOCK.sub(" ", _calmed(html)), tags=set(), clean_content_tags=_MUTE)
    return _collapse(entities.unescape(without_tags))


def clean_line(text: str, limit: int | None = None) -> str:
    """Return one line of text from a title, which may be escaped twice and hold tags; `limit` in characters."""
    line = plain(entities.unescape(entities.unescape(text[:_LONGEST])))
    return line if limit is None else shorten(line, limit)


def shorten(text: str, limit: int) -> str:
    """Cut at a word boundary and add an ellipsis; the result has at most `limit` characters."""
    if len(text) <= limit:
        return text
    if limit < 2:
        return "…"[:limit]
    head = text[: limit - 1]
    if not text[limit - 1].isspace():
        at = head.rfind(" ")
        # A single endless word is cut where it stands.
        head = head[:at] if at >= limit // 3 else head
    return head.rstrip(" ,;:.–-") + "…"


def clean_html(html: str, base_url: str | None = None) -> str:
    """Keep our few tags only; a relative link becomes absolute against `base_url` or loses its address."""

    def address(tag: str, attribute: str, value: str) -> str | None:
        return http_url(value, base_url) if attribute == "href" else value

    renamed = _RENAME.sub(lambda tag: f"<{tag[1]}{_RENAMED[tag[2].lower()]}", _calmed(html))
    cleaned = nh3.clean(
        renamed,
        tags=_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=address,
        clean_content_tags=_MUTE,
        link_rel=_REL,
        url_schemes={"http", "https"},
    )
    text = _normalise_between_tags(cleaned)
    while (fewer := _EMPTY.sub("", text)) != text:
        text = fewer
    return text.strip()


def _normalise_between_tags(html: str) -> str:
    # NFC joins ">" and a following U+0338 into "≯" and so would open a tag that the cleaner had closed.
    runs = re.sub(r"[^<>]+", lambda run: _nfc(run[0]), html.translate(_INVISIBLE))
    return runs.replace("\u0338", "")


def http_url(raw: str, base: str | None = None) -> str | None:
    """Return an absolute http or https address without fragment and tracking parameters, or None.

    Line breaks inside an address are taken out, blanks are encoded; an address with a user name is refused, and a host
    in other letters than ASCII is shown in its IDNA form, so that a look-alike is seen (WHATWG URL, RFC 3490).
    """
    if len(raw) > 4 * _LONGEST_URL:
        return None
    text = re.sub(r"[ \t]*[\r\n]+[ \t]*", "", visible(raw).strip()).replace("\t", "").replace(" ", "%20")
    if not text or "\\" in text or any(sign in text for sign in '<>"`{}|^'):
        text = quote(text, safe="%/:=&?~#+!$,;'@()*[]") if text and "\\" not in text else ""
    if not text:
        return None
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        host, port = parts.hostname, parts.port
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            return None
        name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if not re.fullmatch(r"\[[0-9a-f:.]+\]|[a-z0-9._-]+", name):
        return None
    default = {"http": 80, "https": 443}[parts.scheme]
    netloc = name if port in (None, default) else f"{name}:{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    url = urlunsplit((parts.scheme, netloc, path, _without_tracking(parts.query), ""))
    return url if len(url) <= _LONGEST_URL else None


def _without_tracking(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if any(_TRACKING.match(name) for name, _ in pairs):
        query = urlencode([(name, value) for name, value in pairs if not _TRACKING.match(name)])
    return quote(query, safe="%/:=&?~#+!$,;'@()*[]-._")
