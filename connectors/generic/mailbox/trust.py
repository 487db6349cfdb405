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
    written = ours(mail, params.trusted_authserv_ids)
    found, warned = believed(written, domain), [one for header in written for one in header if one.result == "fail"]
    if mail.first("received-spf").strip().lower().startswith("fail"):
        raise Untrusted(url, "spf", "the server that sent it may not send for this domain")
    if any(one.method == "dmarc" for one in warned):
        raise Untrusted(url, "dmarc", "the sender's domain does not vouch for it")
    if any(one.method == "spf" and _speaks_of(one, domain) for one in warned):
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


def ours(mail: Mail, servers: Sequence[str]) -> list[list[Result]]:
    """What stands in the topmost header of one of our servers, and in each of its headers right below that one."""
    names = {name.lower() for name in servers}
    found: list[list[Result]] = []
    last: tuple[int, str] | None = None
    for place, (key, value) in enumerate(mail.raw):
        server = server_of(value) if key == AR else ""
        if server not in names:
            continue
        if last is not None and (place, server) != (last[0] + 1, last[1]):
            break  # it was there when the mail came
        found.append(_results(value))
        last = (place, server)
    return found


def believed(written: Sequence[Sequence[Result]], domain: str) -> list[Result]:
    """What counts for the sender: the topmost header, and the next as long as all above vouches for the same `domain`.

    A header right below ours may have come with the mail: whoever signs with a domain of his own gets a clean pass for that
    on top of what he wrote himself. A pass for the sender's domain nobody else gets.
    """
    found: list[Result] = []
    for header in written:
        found += header
        if not header or not all(_vouches(one, domain) for one in header):
            break
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
    """Whether two domains are one, or one stands below the other.

    Stricter than RFC 7489, 3.1.1, which also takes two neighbours for one organisation: under rn.it or co.uk they are
    strangers, and which names are of that sort only a long list could say. No stranger signs for a name above his own.
    """
    one, other = one.lower().strip("."), other.lower().strip(".")
    return bool(one and other) and (f".{one}".endswith(f".{other}") or f".{other}".endswith(f".{one}"))


def _results(value: str) -> list[Result]:
    found = []
    for part in _bare(value).split(";")[1:]:
        if said := _RESULT.fullmatch(part):
            properties = _PROPERTY.findall(said["rest"])
            domains = tuple(text.rpartition("@")[2].lower() for _, name, text in properties if name.lower() in _SPEAKS)
            found.append(Result(said["method"].lower(), said["result"].lower(), domains))
    return found


def _vouches(one: Result, domain: str) -> bool:
    return one.method in ("dkim", "dmarc") and one.result == "pass" and _speaks_of(one, domain)


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
