"""What an organisation is recognised by: its name without legal form and accents, and the host of its website.

The one thing to know: both are only used where they tell one organisation from all others. A page on a platform that
everybody uses (facebook.com) tells nothing, and a name of which nothing but the legal form is left tells nothing either.
"""

import re
import unicodedata
from urllib.parse import urlsplit

# Of these hosts, and of every host below them, nobody is the owner who has a page there.
_EVERYBODYS = (
    *("facebook.com", "fb.com", "fb.me", "linkedin.com", "instagram.com", "twitter.com", "x.com", "youtube.com"),
    *("youtu.be", "tiktok.com", "t.me", "wa.me", "pinterest.com", "vimeo.com", "flickr.com", "wikipedia.org"),
    *("linktr.ee", "bit.ly", "goo.gl", "g.page", "opencorporates.com", "company-information.service.gov.uk"),
)
# Of these only the host itself is everybody's; who has a name below it (dairy.wordpress.com) has it alone.
_LENDS_NAMES = frozenset(
    (
        *("wordpress.com", "blogspot.com", "sites.google.com", "google.com", "docs.google.com", "drive.google.com"),
        *("maps.google.com", "wixsite.com", "weebly.com", "jimdo.com", "github.io", "github.com", "medium.com"),
        *("altervista.org", "webnode.it", "about.me", "meetup.com", "nic.coop", "identity.coop", "domains.coop"),
    )
)
_FORMS = """
societa cooperativa sociale a responsabilita limitata|societa cooperativa a responsabilita limitata
societa cooperativa per azioni|societa cooperativa sociale|societa cooperativa agricola|societa cooperativa a rl
societa cooperativa|soc coop sociale|soc coop agricola|soc coop soc|soc coop agr|soc coop a rl|soc coop arl|soc coop p a
soc coop|cooperativa sociale|cooperativa agricola|coop sociale|coop soc|cooperativa|cooperative society|cooperative|coop
societe cooperative|s coop|scoop|s c a r l|sc a rl|s c r l|scarl|scrl|scarlpa|scpa|scsarl|scs|scl|sccl|sca|scic|scop|sce
s de rl|de rl|sc de rl de cv|de cv|rl|ltda|limitada|limited|ltd|plc|llc|inc|cic|eg|ev|ua|bv|sarl|srl|spa|sa|asbl|aisbl
onlus|ets|impresa sociale
"""
_SUFFIXES = sorted((tuple(form.split()) for form in re.split(r"[|\n]", _FORMS) if form), key=len, reverse=True)
# Only whole legal forms stand ahead of a name; a single word there ("Cooperative College") belongs to it.
_PREFIXES = [form for form in _SUFFIXES if form[0] in {"societa", "soc", "societe"}]
_ACRONYM = re.compile(r"\s*\((?=[^()]*[A-Z]{2})[A-Z0-9 .&/-]{2,40}\)\s*")
_WORD = re.compile(r"[^\W_]+")
_COOP = re.compile(r"\bco[-‐‑ ]?(?=op(?:erativ|s?\b))")
_SHORTEST = 3
_LONGEST = 300


def bare(text: str) -> str:
    """Return the text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def name_key(name: str) -> str | None:
    """Return what is left of a name without accents, signs, legal form and acronym; None when that tells nobody apart."""
    without = _ACRONYM.sub(" ", name[:_LONGEST])
    if any(sign.islower() for sign in without):
        name = without
    text = _COOP.sub("co", bare(name[:_LONGEST]).replace(".", "").replace("'", " ").replace("’", " "))
    words = _WORD.findall(text)
    if words[:1] == ["the"]:
        words = words[1:]
    cut = _without_forms(words)
    if not any(len(word) >= _SHORTEST for word in cut):
        return None
    return " ".join(cut)


def _without_forms(words: list[str]) -> list[str]:
    while words and tuple(words) not in _SUFFIXES:
        form = next((one for one in _SUFFIXES if tuple(words[-len(one) :]) == one), None)
        if form is None:
            break
        words = words[: -len(form)]
    for form in _PREFIXES:
        if len(words) > len(form) and tuple(words[: len(form)]) == form:
            return words[len(form) :]
    return words if tuple(words) not in _SUFFIXES else []


def site_of(address: str | None) -> str | None:
    """Return the address of a website as two sources would write the same one: without scheme, www. and last stroke."""
    if not address:
        return None
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}" if "." in host else None


def host_of(site: str | None) -> str | None:
    """Return the host of a website (`site_of`) that can belong to one organisation alone; None for a platform's."""
    if site is None:
        return None
    host = re.split(r"[/?]", site, maxsplit=1)[0]
    if host in _LENDS_NAMES or any(host == one or host.endswith(f".{one}") for one in _EVERYBODYS):
        return None
    return host
