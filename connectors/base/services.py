"""What a visit lends its connector: the one client, a memory, the vault, a log. Protocols; the floors above implement them.

The one thing to know: a secret passes here by its name; what a connector gets of it goes to the platform and nowhere else.
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from typing import IO, Any, Protocol

from connectors.base.pages import Page


class HTTP(Protocol):
    """What a connector may ask of the one client. Both verbs return a whole, checked, decoded answer or raise FetchError.

    `role` says what the answer is (listing, detail, feed, ...). Validators are sent by `get` when `conditional`;
    an answer that says nothing changed comes back with `unchanged` set. Statuses in `accept` come back as a page, for
    platforms whose error bodies must be read. `hidden` are query parameters that are sent and nowhere kept: keys.
    """

    def get(
        self,
        url: str,
        *,
        role: str = "listing",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        hidden: Mapping[str, str] | None = None,
        conditional: bool = True,
        accept: Collection[int] = (),
        once: bool = False,
    ) -> Page:
        """`once`: a failure is not tried again within the visit, for platforms that count every call."""
        ...

    def post_json(
        self,
        url: str,
        payload: Any,
        *,
        role: str = "listing",
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Page:
        """POST a JSON body. Only for searches: the call must be harmless to repeat."""
        ...

    def post_json_parts(
        self,
        url: str,
        parts: Mapping[str, Any],
        *,
        role: str = "listing",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        accept: Collection[int] = (),
    ) -> Page:
        """POST `multipart/form-data` whose parts are JSON texts, each typed `application/json`. Only for searches.

        The same parts make the same bytes, boundary included, so that a kept page is found again under its request.
        """
        ...

    def post_form(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        role: str = "token",
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Page:
        """POST a form, once: it is not tried again. Where the fields hold a secret, the page is not for yielding."""
        ...

    def bulk(
        self, url: str, *, most: int, headers: Mapping[str, str] | None = None
    ) -> AbstractContextManager[IO[bytes]]:
        """Stream a large file (identity or gzip) to a temporary one, of at most `most` bytes when decoded.

        Cut it into pages of a thousand records, so that each is committed on its own.
        """
        ...


class Memory(Protocol):
    """What must survive a restart (validators, `not_before`, robots): small texts by key. The store implements it."""

    def recall(self, key: str) -> str | None: ...

    def remember(self, key: str, value: str | None) -> None:
        """Keep the value; None forgets it."""
        ...


class Secrets(Protocol):
    """The vault, as a connector sees it: secrets by the names that its parameters give. None is ever logged or kept."""

    def get(self, name: str) -> str | None:
        """The secret of this name; None when nobody has set it."""
        ...

    def require(self, name: str) -> str:
        """The secret of this name. Raises FetchError("auth") that says how to set it."""
        ...

    def put(self, name: str, value: str, *, days: int | None = None) -> None:
        """Keep a secret that the platform has renewed, committed before this returns (F24). `days`: how long it lives."""
        ...

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Let only one process renew this secret at a time; read it again inside. Raises FetchError("transient")."""
        ...


class Log(Protocol):
    def info(self, event: str, **facts: Any) -> Any: ...

    def warning(self, event: str, **facts: Any) -> Any: ...
