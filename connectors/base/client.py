"""The one HTTP client: whatever this program fetches over HTTP passes here. No other module may open a connection.

The one thing to know: a `Client` belongs to one visit and one thread. Validators of a page are remembered only when the
pipeline says that the page is safely kept (`confirm`); remembered earlier, a crash in between would lose the page for
ever, for the server would go on saying that nothing changed.
"""

import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import httpx
import structlog

from connectors.base import answers, network, pace, robots, validators, walls
from connectors.base.asking import (
    Answer,
    Ask,
    page_of,
    redirected,
    repeats,
    with_params,
    without_credentials,
    without_keys,
    without_params,
)
from connectors.base.body import STANDARD, Limits, read_body, spool_body
from connectors.base.contract import About, FetchError, Memory, Page
from connectors.base.guard import WEB_PORTS, AddressNotAllowed, Egress, check_url, masked, target
from connectors.base.transport import GuardedTransport
from connectors.base.verbs import Verbs

log = structlog.get_logger(__name__)

PAUSES = (2.0, 8.0, 30.0)
_AROUND = 256 * 1024


class Client(Verbs):
    """Fetch pages politely and within limits; implements `contract.HTTP`. Close it, or use it in a `with`.

    `extra_hosts` are the hosts that the source's own parameters name. `fingerprint` is a digest of those parameters
    and of the module's version. `time_limit` is in seconds for the whole visit; pace.VisitOver is raised when it is
    spent, or when `stopping` says so. `requests` and `bytes` count what went out and came in; `moved` is the address
    that a permanent redirect proposes; `last_date` is the server's clock, in UTC. `pauses` are the seconds before each
    further try: PAUSES unless given, and with an empty one a single try is all.
    """

    def __init__(
        self,
        *,
        about: About,
        memory: Memory,
        user_agent: str,
        egress: Egress,
        extra_hosts: Collection[str] = (),
        fingerprint: str = "",
        limits: Limits = STANDARD,
        ports: Collection[int] = WEB_PORTS,
        obey_robots: bool = True,
        transport: httpx.BaseTransport | None = None,
        gates: pace.Gates = pace.SHARED,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        stopping: Callable[[], bool] = lambda: False,
        time_limit: float = 900.0,
        pauses: Sequence[float] | None = None,
    ) -> None:
        self.requests = 0
        self.bytes = 0
        self.moved: str | None = None
        self.last_date: datetime | None = None
        self._languages = about.languages
        self._pace, self._hosts, self._ports = about.pace_seconds, (*about.hosts, *extra_hosts), ports
        self._memory, self._user_agent, self._egress = memory, user_agent, egress
        self._fingerprint, self._limits, self._obey_robots = fingerprint, limits, obey_robots
        self._transport = GuardedTransport(egress) if transport is None else transport
        self._gates, self._now, self._pauses = gates, now, PAUSES if pauses is None else pauses
        self._clock = pace.VisitClock(time_limit, stopping=stopping, sleep=sleep, monotonic=monotonic)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def confirm(self, page: Page) -> None:
        """Remember the validators of a page. Call it only after the page was committed."""
        validators.remember(self._memory, page, self._fingerprint)

    def _fetch(self, ask: Ask) -> Page:
        for pause in () if ask.once else self._pauses:
            try:
                return self._chain(ask)
            except FetchError as exc:
                wait = answers.wait_before_retry(exc, pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load
                if wait is None or wait >= self._clock.left():
                    raise
                log.debug("another try", url=exc.url, why=exc.why, seconds=round(wait, 1))
                failed = exc
            self._clock.wait(wait)
            if failed.kind == "throttled":
                pace.hold(self._memory, self._place(failed.url), None)
        return self._chain(ask)

    def _chain(self, ask: Ask, *, is_robots: bool = False) -> Page:
        """Follow redirects ourselves, each one checked like a first address."""
        url, headers, permanent = self._checked(ask.url), ask.headers, not is_robots
        first = target(url).origin
        for _ in range(self._limits.redirects + 1):
            origin, delay = target(url).origin, 0.0
            if self._obey_robots and not is_robots:
                rules = robots.rules_of(origin, self._memory, now=self._now(), read=self._read_robots)
                delay = robots.delay_for(url, rules, self._user_agent)
            # A key goes to the host that it was meant for, and to nobody whom that one names.
            hidden = ask.hidden if target(url).origin == first else {}
            answer = self._exchange(ask, url, headers, delay, hidden=hidden)
            if answer.status not in answers.REDIRECTS or answer.status in ask.accept:
                return page_of(ask, url, without_keys(answer, ask.keys), self._now())
            new = self._next(ask, url, answer)
            if why := answers.redirect_refusal(ask.method, answer.status, old=origin, new=target(new).origin):
                raise FetchError("blocked", masked(url), why, status=answer.status)
            if target(new).origin != origin:
                headers = without_credentials(headers)
            permanent = permanent and answer.status in answers.PERMANENT
            self.moved = new if permanent else self.moved
            url = new
        why = f"more than {self._limits.redirects} redirects"
        raise FetchError("blocked", masked(ask.url), why, status=answer.status)

    def _next(self, ask: Ask, url: str, answer: Answer) -> str:
        new = without_params(redirected(url, answer), ask.hidden)
        if repeats(new, ask.keys):
            raise FetchError(
                "blocked", masked(url), "it redirects to an address with our key in it", status=answer.status
            )
        try:
            return self._checked(new)
        except FetchError as exc:
            raise FetchError("blocked", exc.url, f"it redirects here, and {exc.why}", status=answer.status) from exc

    def _exchange(
        self, ask: Ask, url: str, headers: Mapping[str, str], delay: float, *, hidden: Mapping[str, str]
    ) -> Answer:
        """Send one request at its host's pace, and read its answer if it is wanted."""
        place = self._place(url)
        if left := pace.held_for(self._memory, place, self._now()):
            why = f"the server asked us to wait; {round(left)} seconds are left"
            raise FetchError("throttled", masked(url), why, retry_after=max(left, 1.0))
        asked_if = validators.conditions(self._memory, url, self._fingerprint) if ask.conditional else {}
        own = {"user-agent": self._user_agent, "accept-encoding": "gzip, identity", "accept": "*/*"}
        own["accept-language"] = self._languages
        at_home = self._egress.loopback(target(url).host, target(url).port)
        with self._gates.turn(place, 0.0 if at_home else max(self._pace, delay), self._clock):
            try:
                answer = self._send(ask, url, {**own, **headers, **asked_if}, hidden)
            except (AddressNotAllowed, network.TooMuch) as exc:
                raise FetchError("blocked", masked(url), str(exc)) from exc
            except (httpx.TransportError, *network.ERRORS) as exc:
                self._clock.check()  # the time of the visit may have ended first
                raise FetchError("transient", masked(url), network.told(exc)) from exc
        usable = ask.wants(answer.status) or answer.status in answers.REDIRECTS or (answer.status == 304 and asked_if)
        if usable and not walls.challenged(answer.headers):
            return answer
        failure = answers.failure(url, answer.status, answer.headers, now=self._now())
        if failure.kind == "throttled":
            seconds = failure.retry_after or answers.LONGEST_PAUSE
            pace.hold(self._memory, place, self._now() + timedelta(seconds=seconds))
        raise failure

    def _send(self, ask: Ask, url: str, headers: Mapping[str, str], hidden: Mapping[str, str]) -> Answer:
        limits, self.requests = ask.limits or self._limits, self.requests + 1
        timeout = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
        # Chunks and heads come on top of the body; more of them than that is no answer any more.
        most = limits.raw + limits.raw // 4 + _AROUND
        extensions = {"timeout": timeout, "whole": min(limits.whole, self._clock.left()), "most": most}
        sent = with_params(url, hidden)
        request = httpx.Request(ask.method, sent, headers=headers, content=ask.body, extensions=extensions)
        response = self._transport.handle_request(request)
        try:
            received = {name: value for name, value in response.headers.items() if name != "set-cookie"}
            self.last_date = answers.http_date(received.get("date")) or self.last_date
            body = b""
            if ask.wants(response.status_code):
                chunks, clock = self._counted(response), self._clock.monotonic
                if ask.into is not None:
                    spool_body(chunks, received, ask.into, url=url, limits=limits, monotonic=clock)
                else:
                    body = read_body(chunks, received, url=url, limits=limits, monotonic=clock, enough=ask.most)
        finally:
            response.close()
        return Answer(response.status_code, received, body)

    def _counted(self, response: httpx.Response) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            self.bytes += len(chunk)
            yield chunk

    def _read_robots(self, url: str) -> bytes:
        return self._chain(Ask(method="GET", url=url, role="robots", most=robots.LONGEST), is_robots=True).body

    def _place(self, url: str) -> str:
        place = target(url)
        return f"{place.host}:{place.port}" if self._egress.loopback(place.host, place.port) else place.host

    def _checked(self, raw: str) -> str:
        """Return the address that is both validated and fetched; two readers must see the same host in it."""
        url = check_url(raw, hosts=self._hosts, egress=self._egress, ports=self._ports)
        try:
            read = httpx.URL(url)
        except httpx.InvalidURL as exc:
            raise FetchError("blocked", masked(url), "not a web address") from exc
        url = check_url(str(read), hosts=self._hosts, egress=self._egress, ports=self._ports)
        if (read.scheme, read.raw_host.decode("ascii")) != (target(url).scheme, target(url).host):
            raise FetchError("blocked", masked(url), "not a web address")
        return url
