"""Links of mails: unwrapped from those who count clicks, and freed of everything that says who was to click.

The one thing to know: nothing here asks anybody. What only the tracking service could say stays unsaid, and a link that
works only with its token is left without it.
"""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from connectors.base.text import http_url

_WRAPPED = ("url", "u", "q", "target", "redirect", "redirect_url", "redirecturl", "dest", "destination", "link")
_MOST_WRAPS = 3
# Who the reader is, what signs him in, which of a million copies it was. By name, whatever the value.
_PERSONAL = re.compile(
    r"(?:otp_?token|mid_?token|midsig|eid|loid|lipi|trk.*|savedsearchauthtoken|tracking_?id|refid"
    r"|(?:.*_|.*-)?(?:token|auth|secret|passw(?:ord)?|pwd|sig|signature|session(?:id)?|sid|hash|hmac|jwt|nonce|otp)"
    r"|(?:access|auth|login|magic|user|one)[_-]?(?:key|token|code|link)"
    r"|e-?mail|mail|user(?:_?id|name)?|uid|recipient(?:_?id)?|rcpt|subscriber(?:_?id)?|contact(?:_?id)?|member(?:_?id)?|person(?:_?id)?"
    r"|utm_.*|mc_.*|mkt_tok|_hs.*|hs(?:enc|mi|ctatracking)|elq.*|vero_.*|oly_.*|ck_subscriber_id|fbclid|gclid|dclid|msclkid|twclid|igshid|yclid"
    r"|wickedid|bxid|cmpid|campaign_?id|upn|ss_.*|s_cid|spm)",
    re.I,
)
# Mailchimp: /track/click?u=&id=&e=, and e is the reader. The names are too short to be cut everywhere.
_MAILERS = re.compile(r"(?:^|\.)(?:list-manage\.com|mailchi\.mp|campaign-archive\.com)$")
_SUBSCRIPTION = re.compile(
    r"unsub|opt-?out|disiscri|cancella(?:ti|zione)?[-_/ ]?iscriz|désabonn|desabonn|desinscri|désinscri|abmeld|abbestell"
    r"|(?:darse|dar)[-_ ]de[-_ ]baja|cancelar[-_ ]suscri|afmeld|uitschrij|avregistr|wypisz"
    r"|email[-_/]?(?:preferences|settings)|manage[-_/ ]?(?:your[-_/ ])?(?:subscription|preference|alert)|/psettings/"
    r"|update[-_ ]your[-_ ]preferences"
    r"|gestisci (?:le )?(?:preferenze|iscrizion)|one-?click",
    re.I,
)
_OPAQUE = re.compile(r"eyJ[\w-]{10,}|(?=[\w.~-]*\d)(?=[\w.~-]*[a-z])(?=[\w.~-]*[A-Z])[\w.~-]{48,}")
_URL = re.compile(r"(?i:https?)://[^\s<>\"'\u00ab\u00bb\u201c\u201d\ue000]+")
# A token wherever it stands: in a path, packed into another address, in an address without http, in half a line of one.
_LOOSE = re.compile(
    r"(?:(?<=%3F)|(?<=%26)|(?<=%23)|(?<![\w%-]))[\w-]{0,40}"
    r"(?:token|secret|passw(?:or)?d|pwd|auth|sig(?:nature)?|hmac|jwt|nonce|otp|\bs?e?id|loid|lipi|trk\w{0,20})"
    r"(?:=|%3D)[^\s<>\"'&;]{4,}",
    re.I,
)
_LONGEST = 8_000
_ENDS_OPEN, _GOES_ON = re.compile(r"(?i:https?)://[^\s<>\"']+"), re.compile(r"[^\s<>\"'=&%]*[=&%][^\s<>\"']*")
_LINKEDIN = re.compile(r"(?:^|\.)linkedin\.com$")
_JOB = re.compile(r"/(?:comm/)?jobs/view/(?:[^/?#]*-)?(\d{6,})/?$")
_BEHIND = ".,;:!?…·*|"


def unwrapped(url: str) -> str:
    """The address inside the address of a known redirector, by its query parameter alone; else the address itself."""
    for _ in range(_MOST_WRAPS):
        try:
            parts = urlsplit(url)
            pairs = parse_qsl(parts.query, max_num_fields=100)
        except ValueError:
            return url
        inside = next((v for k, v in pairs if k.lower() in _WRAPPED and re.match(r"https?://[^/\s]+\.", v, re.I)), None)
        if inside is None:
            return url
        url = inside
    return url


def scrubbed(raw: str) -> str | None:
    """The address that may be kept and shown: unwrapped, without tokens; None for none, and for a subscription's."""
    url = http_url(unwrapped(raw))
    if url is None or about_subscription(url):
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host == "lnkd.in":
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    if _LINKEDIN.search(host):
        # Whatever it asks for, some parameter of it signs the reader in (docs/platforms/linkedin_alerts.md).
        job = _JOB.match(parts.path)
        path = f"/jobs/view/{job[1]}/" if job else parts.path.removeprefix("/comm")
        return urlunsplit(("https", "www.linkedin.com", path if not _OPAQUE.search(path) else "/", "", ""))
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        pairs = []
    mailer = _MAILERS.search(host) is not None
    kept = [(k, v) for k, v in pairs if not (_is_personal(k, v) or (mailer and k.lower() == "e"))]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    path = "/".join("" if _names_somebody(part) else part for part in parts.path.split("/"))
    return http_url(urlunsplit((parts.scheme, parts.netloc, without_tokens(path), without_tokens(query), "")))


def without_tokens(text: str) -> str:
    """Cut what signs somebody in, with its name, wherever it stands in a text."""
    return _LOOSE.sub("", text)


def joined(text: str) -> str:
    """Join an address that a gateway has broken over lines: what goes on with `=` or `&` is no word of a sentence."""
    lines: list[str] = []
    for line in text.split("\n"):
        last = lines[-1].rpartition(" ")[2] if lines else ""
        # Only the end of a line that is all address, and no longer than one may be, is looked at.
        if (
            len(last) < _LONGEST
            and _ENDS_OPEN.search(last)
            and (more := _GOES_ON.match(line))
            and more[0] == line.strip()
        ):
            lines[-1] += more[0]
        else:
            lines.append(line)
    return "\n".join(lines)


def about_subscription(text: str) -> bool:
    """Whether an address, or the words of a link, end or change a subscription: one click is enough for some."""
    return _SUBSCRIPTION.search(unquote(text[:4_096])) is not None


def addresses_in(text: str) -> list[tuple[int, int, str]]:
    """The addresses in a text, with their places; what a sentence puts behind one is not part of it."""
    return [(start, start + len(url), url) for start, url in map(_trimmed, _URL.finditer(text))]


def _trimmed(found: re.Match[str]) -> tuple[int, str]:
    url = found[0].rstrip(_BEHIND)
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(_BEHIND)
    return found.start(), url


def without_address(url: str, address: str) -> str:
    """Cut a mail address out of an address, however it is written in it."""
    for written in {address, quote(address, safe=""), quote(address, safe="").lower()}:
        url = re.sub(re.escape(written), "", url, flags=re.I)
    return url


def _is_personal(name: str, value: str) -> bool:
    return bool(_PERSONAL.fullmatch(name)) or _names_somebody(value)


def _names_somebody(value: str) -> bool:
    value = unquote(value)
    return bool(_OPAQUE.fullmatch(value)) or bool(re.fullmatch(r"[^@/\s]+@[\w-]+(?:\.[\w-]+)+", value))
