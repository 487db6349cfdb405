"""Whether a mail is from whom it says: what our own mail server found out (RFC 8601), against what the admin listed.

The one thing to know: a sender can write any header. Only what our server wrote on top counts, and each way of proof only
where it speaks of the domain that stands in From.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.base.contract import ParseError
from connectors.generic.mailbox.about import Letterbox
from connectors.generic.mailbox.mime import Mail

AR = "authentication-results"
_RESULT = re.compile(r"\s*(?P<method>[a-z0-9-]+)(?:/\d+)?\s*=\s*(?P<result>[a-z]+)(?P<rest>.*)", re.I | re.S)
_PROPERTY = re.compile(r"\b(header|smtp)\.([a-z-]+)\s*=\s*([^\s;]+)", re.I)
# Names under which strangers register side by side; a fuller list is not needed where an admin lists the senders.
_SHARED = frozenset(
    ["ac", "co", "com", "edu", "gob", "gouv", "gov", "govt", "gv", "id", "mil", "ne", "net", "or", "org", "sch"]
)
_SPEAKS = frozenset(("d", "i", "from", "mailfrom"))
_VERDICTS = (
    ("x-ses-spam-verdict", "spam", ("fail",)),
    ("x-ses-virus-verdict", "virus", ("fail",)),
    ("x-spam-flag", "spam", ("yes",)),
    ("x-spam-status", "spam", ("yes",)),
    ("x-virus-status", "virus", ("yes", "infected")),
)


class Untrusted(ParseError):
    """A mail that is kept aside, because nobody vouches for it or somebody warns of it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One finding: `dkim=pass header.d=example.org`. `domains` are those that it speaks of."""

    method: str
    result: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mail it is, and which finding vouches for it: dmarc, dkim, spf, or `list` where only the list does."""

    address: str
    proof: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def sender_of(mail: Mail, params: Letterbox, url: str, *, spf_alone: bool = True) -> Sender:
    """Say whose mail it is. Raises Untrusted with the reason."""
    address = mail.sender
    if address is None:
        raise Untrusted(url, "sender", "the mail names no sender, or several")
    if not listed(address, params.allow_senders):
        raise Untrusted(url, "sender", "is not among the senders of this source")
    domain = address.rpartition("@")[2]
    for header, what, bad in _VERDICTS:
        if mail.first(header).strip().lower().startswith(bad):
            raise Untrusted(url, header, f"the mail server takes it for {what}")
    found = results(mail, params.trusted_authserv_ids)
    if mail.first("received-spf").strip().lower().startswith("fail"):
        raise Untrusted(url, "spf", "the server that sent it may not send for this domain")
    if any(one.method == "dmarc" and one.result == "fail" for one in found):
        raise Untrusted(url, "dmarc", "the sender's domain does not vouch for it")
    if any(one.method == "spf" and one.result == "fail" and _speaks_of(one, domain) for one in found):
        raise Untrusted(url, "spf", "the server that sent it may not send for this domain")
    # A mailing list in between sends from its own servers: its SPF says nothing of the author.
    weak = spf_alone and params.require_auth == "dkim" and not mail.first("list-id")
    for method in ("dmarc", *(("dkim",) if params.require_auth != "dmarc" else ()), *(("spf",) if weak else ())):
        if any(one.method == method and one.result == "pass" and _speaks_of(one, domain) for one in found):
            return Sender(address, method)
    if params.require_auth == "none":
        return Sender(address, "list")
    why = "no Authentication-Results of our own server" if not found else f"nothing vouches for {domain}"
    raise Untrusted(url, "authentication", why)


def listed(address: str, senders: Sequence[str]) -> bool:
    """Whether this address, its domain or one above it with `*.` is listed; `*` lists everybody."""
    local, _, domain = address.lower().rpartition("@")
    bare = f"{local.partition('+')[0]}@{domain}"
    for entry in senders:
        if entry == "*" or entry == domain or (entry.startswith("*.") and domain.endswith(entry[1:])):
            return True
        name, _, place = entry.rpartition("@")
        if name and f"{name.partition('+')[0]}@{place}" == bare:
            return True
    return False


def results(mail: Mail, ours: Sequence[str]) -> list[Result]:
    """What our own server found: its topmost header, and those that stand right below it, one for each signature.

    A header further down was there when the mail came. One right below a finding that is no clean pass of a signature
    could be the sender's own, so it does not count either.
    """
    names = {name.lower() for name in ours}
    rows = [(place, server_of(value), value) for place, (key, value) in enumerate(mail.raw) if key == AR]
    found: list[Result] = []
    last: tuple[int, str] | None = None
    for place, server, value in rows:
        if server not in names:
            continue
        if last is not None and (place != last[0] + 1 or server != last[1]):
            break
        new = _results(value)
        found += new
        if not new or any(one.method != "dkim" or one.result != "pass" for one in new):
            break
        last = (place, server)
    return found


def runs(raw: Sequence[tuple[str, str]]) -> list[str]:
    """Of each server, the topmost header of this kind and those right below it: all that may ever count."""
    kept: list[str] = []
    last: dict[str, int] = {}
    for place, (key, value) in enumerate(raw):
        if key == AR and last.get(server_of(value), place - 1) == place - 1:
            last[server_of(value)] = place
            kept.append(value)
    return kept


def server_of(value: str) -> str:
    """The authserv-id that a header begins with, in lower case."""
    words = _bare(value).partition(";")[0].split()
    return words[0].lower() if words else ""


def aligned(one: str, other: str) -> bool:
    """Whether two domains are of one organisation (RFC 7489, 3.1.1, relaxed)."""
    one, other = one.lower().strip("."), other.lower().strip(".")
    return bool(one and other) and _organisation(one) == _organisation(other)


def _organisation(domain: str) -> str:
    labels = domain.split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3:] if shared else labels[-2:])


def _results(value: str) -> list[Result]:
    found = []
    for part in _bare(value).split(";")[1:]:
        if said := _RESULT.fullmatch(part):
            properties = _PROPERTY.findall(said["rest"])
            domains = tuple(text.rpartition("@")[2].lower() for _, name, text in properties if name.lower() in _SPEAKS)
            found.append(Result(said["method"].lower(), said["result"].lower(), domains))
    return found


def _speaks_of(one: Result, domain: str) -> bool:
    return any(aligned(other, domain) for other in one.domains)


def _bare(value: str) -> str:
    """Without comments, and quoted texts without what could end a part: both may hold what a stranger wrote."""
    kept: list[str] = []
    depth, quoted, signs = 0, False, iter(value)
    for sign in signs:
        if sign == "\\":
            next(signs, "")
        elif depth:
            depth += {"(": 1, ")": -1}.get(sign, 0)
        elif sign == '"':
            quoted = not quoted
        elif quoted:
            kept.append("_" if sign in ";()= \t" else sign)
        elif sign == "(":
            depth = 1
            kept.append(" ")
        else:
            kept.append(sign)
    return "" if depth or quoted else "".join(kept)
