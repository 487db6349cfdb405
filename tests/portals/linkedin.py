"""LinkedIn as a simulator: its login (OAuth 2), the versioned list of a page's posts, and the roles of who connected.

The one thing to know: it hands out pages by start and count, and says only by a link whether more follow. The shape of the
list is that of clients; one post was recorded, no list ever (docs/platforms/linkedin.md).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from tests.portals.linkedin_content import PAGE, Post, post
from tests.portals.server import Answer, Call, Portal, json_answer

CLIENT, SECRET = "simulated-client", "simulated-secret"
ACCESS_SECONDS, REFRESH_SECONDS = 5_184_000, 31_536_000


class LinkedInPortal(Portal):
    """One page with so many posts, one app, one person who administers the page.

    `refreshing`: the app is an approved one and gets refresh tokens; `rotating`: each renewal gives a new one and ends the
    old, as LinkedIn may. `role`: whether who connected administers the page. `calls`: how many are left today; None: enough.
    `links` False: the list never names a next page; `lying`: it always does.
    """

    def __init__(self, *, posts: int = 120, seed: int = 1, now: datetime | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        self.now = now or datetime.now(UTC)
        self.seed = seed
        self.refreshing = self.role = self.links = True
        self.rotating = self.lying = False
        self.calls_left: int | None = None
        self.renewals = 0
        self.posts: list[Post] = []
        self._access: set[str] = set()
        self._refresh: str | None = None
        self._codes: dict[str, str] = {}
        self._given = self._made = 0
        for age in reversed(range(posts)):
            self._add(self.now - timedelta(days=3 * age + 1))

    @property
    def params(self) -> dict[str, Any]:
        """What the connector's parameters must be to read this page."""
        return {"endpoint": f"{self.url}/rest", "login": f"{self.url}/oauth/v2", "page_id": PAGE.rpartition(":")[2]}

    def add(self, **more: Any) -> str:
        """Publish one more post now; `more` are fields of its record."""
        made = self._add(self.now)
        made.at, made.more = self.now, more
        return made.id

    def _add(self, at: datetime) -> Post:
        self.posts.append(post(self._made, seed=self.seed, now=at))
        self._made += 1
        return self.posts[-1]

    def edit(self, number: int = 0) -> str:
        """Change the text of a post; that moves it to the head of the list."""
        changed = replace(self.posts[number], commentary="Changed.", modified=self.now)
        self.posts[number] = changed
        return changed.id

    def delete(self, count: int = 1) -> list[str]:
        """Take the oldest away: they are merely no more there."""
        gone, self.posts = self.posts[:count], self.posts[count:]
        return [one.id for one in gone]

    def tokens(self, *, refresh: bool | None = None) -> dict[str, Any]:
        """Give out tokens, as to somebody who has just connected."""
        self._given += 1
        access = f"access-{self._given}"
        self._access.add(access)
        told: dict[str, Any] = {"access_token": access, "expires_in": ACCESS_SECONDS, "scope": "r_organization_social"}
        if self.refreshing if refresh is None else refresh:
            self._refresh = f"refresh-{self._given}"
            told |= {"refresh_token": self._refresh, "refresh_token_expires_in": REFRESH_SECONDS}
        return told

    def expire(self) -> None:
        """End every access token that was given out."""
        self._access.clear()

    def disconnect(self) -> None:
        """End everything: the person has withdrawn the consent."""
        self._access.clear()
        self._refresh = None

    def answer(self, call: Call) -> Answer:
        match call.method, call.path:
            case "GET", "/oauth/v2/authorization":
                return self._consent(call)
            case "POST", "/oauth/v2/accessToken":
                return self._login({name: values[0] for name, values in parse_qs(call.body.decode()).items()})
            case "GET", "/rest/posts" | "/rest/organizationAcls":
                return self._refusal(call) or (self._list(call) if call.path.endswith("posts") else self._roles(call))
        return _error(404, "RESOURCE_NOT_FOUND", "No virtual resource found")

    def _consent(self, call: Call) -> Answer:
        self._given += 1
        code = f"code-{self._given}"
        self._codes[code] = call.query["redirect_uri"]
        back = urlencode({"code": code, "state": call.query["state"]})
        return Answer(302, headers={"location": f"{call.query['redirect_uri']}?{back}"})

    def _login(self, asked: dict[str, str]) -> Answer:
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            return json_answer(
                {"error": "invalid_client", "error_description": "Client authentication failed"}, status=401
            )
        if asked.get("grant_type") == "authorization_code":
            # A code is good for one exchange, and for the address that it was sent to.
            if self._codes.pop(asked.get("code", ""), None) == asked.get("redirect_uri"):
                return json_answer(self.tokens())
        elif self._refresh is not None and asked.get("refresh_token") == self._refresh:
            self.renewals += 1
            return json_answer(self.tokens() if self.rotating else self._renewed())
        told = {"error": "invalid_grant", "error_description": f"The token {asked.get('refresh_token')} is unknown"}
        return json_answer(told, status=400)

    def _renewed(self) -> dict[str, Any]:
        kept = self._refresh
        told = self.tokens(refresh=False)
        self._refresh = kept
        # Its end is fixed on the day of the consent: renewing does not move it.
        return told | {"refresh_token": kept, "refresh_token_expires_in": REFRESH_SECONDS - ACCESS_SECONDS}

    def _refusal(self, call: Call) -> Answer | None:
        if call.headers.get("authorization", "").removeprefix("Bearer ") not in self._access:
            return _error(401, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user")
        version = call.headers.get("linkedin-version", "")
        if version not in self.versions():
            return _error(426, "NONEXISTENT_VERSION", f"Requested version {version}01 is not active")
        if call.headers.get("x-restli-protocol-version") != "2.0.0":
            return _error(400, "PROTOCOL", "X-RestLi-Protocol-Version must be 2.0.0")
        if self.calls_left is not None:
            if self.calls_left <= 0:
                return _error(429, "TOO_MANY_REQUESTS", "Resource level throttle limit for calls is reached")
            self.calls_left -= 1
        return None

    def versions(self) -> list[str]:
        """The versions of the last twelve months."""
        months = self.now.year * 12 + self.now.month - 1
        return [f"{at // 12}{at % 12 + 1:02}" for at in range(months - 11, months + 1)]

    def _list(self, call: Call) -> Answer:
        start, count = int(call.query.get("start", 0)), min(int(call.query.get("count", 10)), 100)
        if call.query.get("q") != "author" or not self.role or call.query.get("author") != PAGE:
            return _error(403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPosts.FINDER-author")
        newest = sorted(self.posts, key=lambda one: one.modified or one.at, reverse=True)
        shown, more = newest[start : start + count], start + count < len(newest)
        next_page = f"/rest/posts?author={quote(PAGE, safe='')}&count={count}&q=author&start={start + count}"
        links = [{"type": "application/json", "rel": "next", "href": next_page}]
        paging = {"start": start, "count": count, "links": links if self.lying or (more and self.links) else []}
        return json_answer({"paging": paging, "elements": [one.json(PAGE) for one in shown]})

    def _roles(self, call: Call) -> Answer:
        if call.query.get("q") != "roleAssignee":
            return _error(400, "ILLEGAL_ARGUMENT", "no such finder")
        mine = [PAGE, "urn:li:organizationBrand:70778899"] if self.role else []
        return json_answer({"paging": {"start": 0, "count": 100, "links": []}, "elements": list(_acls(mine))})


def _acls(pages: list[str]) -> Iterator[dict[str, str]]:
    for urn in pages:
        yield {
            "organization": urn,
            "role": "ADMINISTRATOR",
            "roleAssignee": "urn:li:person:AbC123xyz",
            "state": "APPROVED",
        }


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer({"status": status, "code": code, "message": message}, status=status)
