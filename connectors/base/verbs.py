"""The verbs of the client: what a connector asks for, made into one request each.

The one thing to know: nothing here does I/O; `_fetch` of the client does.
"""

import tempfile
from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import urlencode

from connectors.base.asking import Ask, checked_headers, json_parts, json_text, with_params
from connectors.base.body import bulk_limits
from connectors.base.contract import Page

_IN_MEMORY = 1024 * 1024
"""A bulk file that is larger lies on the disk while it is read."""


class Verbs:
    """Implements the verbs of `contract.HTTP` over one `_fetch`."""

    @abstractmethod
    def _fetch(self, ask: Ask) -> Page: ...

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
        return self._fetch(
            Ask(
                method="GET",
                url=with_params(url, params),
                role=role,
                headers=checked_headers(headers),
                hidden=hidden or {},
                conditional=conditional,
                accept=accept,
                once=once,
            )
        )

    def post_json(
        self,
        url: str,
        payload: Any,
        *,
        role: str = "listing",
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Page:
        return self._post(url, json_text(payload), "application/json", role=role, headers=headers, accept=accept)

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
        typed, body = json_parts(parts)
        return self._post(with_params(url, params), body, typed, role=role, headers=headers, accept=accept)

    def post_form(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        role: str = "token",
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Page:
        body, typed = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        return self._post(url, body, typed, role=role, headers=headers, accept=accept, once=True)

    @contextmanager
    def bulk(self, url: str, *, most: int, headers: Mapping[str, str] | None = None) -> Iterator[IO[bytes]]:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as into:
            named = checked_headers(headers)
            self._fetch(Ask(method="GET", url=url, role="bulk", headers=named, limits=bulk_limits(most), into=into))
            into.seek(0)
            yield into

    def _post(
        self,
        url: str,
        body: bytes,
        typed: str,
        *,
        role: str,
        headers: Mapping[str, str] | None,
        accept: Collection[int],
        once: bool = False,
    ) -> Page:
        named = {"content-type": typed, "accept": "application/json"} | checked_headers(headers)
        return self._fetch(Ask(method="POST", url=url, role=role, headers=named, body=body, accept=accept, once=once))
