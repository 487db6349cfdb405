"""The address guard: which addresses this program may speak to, whatever a page, a redirect or a form asks for.

The one thing to know: a name is resolved once, every address it has must be allowed, and the connection goes to the
literal address that was checked; so a name that changes its answer between check and use gains nothing.
"""

import re
import socket
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, TypeAlias
from urllib.parse import quote

import idna

from connectors.base.contract import FetchError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
Resolver: TypeAlias = Callable[..., list[Any]]

WEB_PORTS = frozenset({80, 443})
LONGEST_URL = 2048

# Written out, because what `is_global` means has changed between releases of Python. Sources: the IANA special-purpose
# registries for IPv4 and IPv6; the ranges that carry an IPv4 address inside (NAT64, 6to4, Teredo) are refused whole.
_SPECIAL = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    ::/8 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16
    fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""
_REFUSED: tuple[Network, ...] = tuple(ip_network(text) for text in _SPECIAL.split())
_INSIDE_NAMES = ("localhost", "local", "internal", "intranet", "lan", "corp", "home", "home.arpa")
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?(?:#.*)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_SECRET = re.compile(r"(?i)([?&][^=&]*(?:key|token|secret|passw|signature|auth)[^=&]*=)[^&#]*")


class AddressNotAllowed(Exception):
    """A host has an address inside: nothing else about it is told, so that nobody can feel their way around."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """What this installation may reach beyond the public internet. A deployment setting, never a form.

    `private_networks` are allowed besides public addresses. `loopback_hosts` ("127.0.0.1" or "127.0.0.1:8801") may be
    reached at any port and without a pace, but only at a loopback address. `proxy` is a trusted hop: names are then
    resolved by it, and the rules for names and literal addresses are all that is left to us.
    `extra_ca` is the path of a file with certificates that are trusted besides the usual ones.
    """

    private_networks: tuple[Network, ...] = ()
    loopback_hosts: frozenset[str] = frozenset()
    proxy: str | None = None
    extra_ca: str | None = None

    def loopback(self, host: str, port: int) -> bool:
        """Whether this host and port are listed as our own loopback services."""
        return host in self.loopback_hosts or f"{host}:{port}" in self.loopback_hosts


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a checked address. `host` is ASCII, lower case, without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def masked(url: str) -> str:
    """Hide the values of query parameters that look like secrets, and write signs out that turn or mark up text.

    For messages and logs: an address may be a stranger's, and a message is read in a terminal and on a page.
    """
    shown = _SECRET.sub(r"\1***", url)
    return "".join(
        sign if sign.isprintable() and sign not in '<>"' else quote(sign, errors="replace") for sign in shown
    )


def for_keys(url: str) -> str:
    """Return the address if a key may be sent to it: over https, or to a simulator on this machine. Raises ValueError."""
    found = _URL.fullmatch(url)
    host = found["host"].strip("[]") if found else ""
    try:
        at_home = ip_address(host).is_loopback
    except ValueError:
        at_home = False
    if not at_home and (found is None or found["scheme"].lower() != "https"):
        raise ValueError("must be an https address, because a key is sent to it")
    return url


def allowed(address: Address, egress: Egress) -> bool:
    """Whether a connection to this address is allowed: public, or inside a network that the deployment names."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return allowed(address.ipv4_mapped, egress)
    if any(address in network for network in egress.private_networks if network.version == address.version):
        return True
    if any(address in network for network in _REFUSED if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def check_url(raw: str, *, hosts: Collection[str], egress: Egress, ports: Collection[int] = WEB_PORTS) -> str:
    """Return the address in the one form that is fetched, or raise FetchError("blocked") with the reason.

    `hosts` are names without a port; `www.` before a name makes no difference, `*.example.org` stands for every name
    below, `*` for every name there is: what is inside is refused all the same. No hosts at all: nothing is allowed.
    """
    return _checked(raw, hosts, egress, ports)[0]


def target(url: str) -> Target:
    """Split an address that `check_url` returned."""
    match = _URL.fullmatch(url)
    if match is None:
        raise _refusal(url, "not a web address")
    scheme = match["scheme"].lower()
    return Target(scheme, match["host"].strip("[]"), int(match["port"] or (443 if scheme == "https" else 80)))


def _refusal(url: str, why: str) -> FetchError:
    return FetchError("blocked", masked(url[:LONGEST_URL]), why)


def _checked(raw: str, hosts: Collection[str], egress: Egress, ports: Collection[int]) -> tuple[str, Target]:
    if len(raw) > LONGEST_URL:
        raise _refusal(raw, f"the address is longer than {LONGEST_URL} characters")
    # C and Z: control, format and separator characters, and whatever has no meaning yet; they have no place in an
    # address and make two readers see two different ones.
    if any(sign in '\\<>"' or unicodedata.category(sign)[0] in "CZ" for sign in raw):
        raise _refusal(raw, "the address holds a space, a backslash or another forbidden character")
    match = _URL.fullmatch(raw)
    if match is None:
        raise _refusal(raw, "not an http or https address, or one with a user name in it")
    scheme = match["scheme"].lower()
    default = 443 if scheme == "https" else 80
    host, port = _host(match["host"], raw), int(match["port"] or default)
    if not any(_matches(host, entry.lower()) for entry in hosts):
        raise _refusal(raw, f"{host} is not among the hosts of this source")
    if not egress.loopback(host, port):
        _refuse_inside(host, raw, egress)
        if port not in ports:
            raise _refusal(raw, f"port {port} is not allowed")
    shown = f"[{host}]" if ":" in host else host
    rest = _encoded(match["path"] or "/") + _encoded(match["query"] or "")
    url = f"{scheme}://{shown}{'' if port == default else f':{port}'}{rest}"
    if len(url) > LONGEST_URL:
        raise _refusal(raw, f"the address is longer than {LONGEST_URL} characters")
    return url, Target(scheme, host, port)


def _host(text: str, raw: str) -> str:
    text = text.lower()
    try:
        if text.startswith("["):
            return IPv6Address(text[1:-1]).compressed
        if not text.isascii():
            text = idna.encode(text, uts46=True).decode("ascii")
    except (ValueError, idna.IDNAError) as exc:
        raise _refusal(raw, "not a host name") from exc
    text = text.removesuffix(".")
    labels = text.split(".")
    if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refusal(raw, "not a host name")
    if _NUMBER.fullmatch(labels[-1]):  # 2130706433, 0x7f.1 and 127.1 are all 127.0.0.1 to a resolver
        try:
            return str(IPv4Address(text))
        except ValueError as exc:
            raise _refusal(raw, "not a host name") from exc
    return text


def _matches(host: str, entry: str) -> bool:
    if entry == "*":
        return True
    if entry.startswith("*."):
        return host.endswith(entry[1:])
    return host.removeprefix("www.") == entry.removeprefix("www.")


def _refuse_inside(host: str, raw: str, egress: Egress) -> None:
    try:
        inside = not allowed(ip_address(host), egress)
    except ValueError:
        named = "." not in host or any(host == name or host.endswith(f".{name}") for name in _INSIDE_NAMES)
        inside = named and not egress.private_networks
    if inside:
        raise _refusal(raw, "address not allowed")


def _encoded(part: str) -> str:
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part), safe="%/:@!$&'()*+,;=~?[]")


def resolve(host: str, port: int, egress: Egress, resolver: Resolver = socket.getaddrinfo) -> tuple[str, ...]:
    """Resolve a name once and return its addresses, all checked.

    Raises AddressNotAllowed if only one of them is not allowed, and OSError if the name has none.
    """
    found = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in resolver(host, port, type=socket.SOCK_STREAM)]
    if not found:
        raise OSError("no address")
    for address in found:
        if not (address.is_loopback if egress.loopback(host, port) else allowed(address, egress)):
            raise AddressNotAllowed("address not allowed")
    return tuple(dict.fromkeys(str(address) for address in found))


def connect(host: str, port: int, egress: Egress, timeout: float) -> socket.socket:
    """Open a socket to a checked address, for protocols other than HTTP. Raises AddressNotAllowed or OSError."""
    failure: OSError = OSError("no address")
    for address in resolve(host, port, egress):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as exc:
            failure = exc
    raise failure
