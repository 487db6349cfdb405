"""Pages that a test lays down by their addresses: for platforms of which nobody has ever seen an answer.

The one thing to know: it is nobody's site, so nothing that is read of it says anything about a platform.
"""

from collections.abc import Mapping

from tests.portals.server import Answer, Call, Portal

HTML = {"content-type": "text/html; charset=utf-8"}


class PagesPortal(Portal):
    """`pages` by path, or by path and query where a query was asked for; anything else is 404."""

    def __init__(self, pages: Mapping[str, str | Answer], *, port: int = 0) -> None:
        super().__init__(port=port)
        self.pages = dict(pages)

    def answer(self, call: Call) -> Answer:
        query = "&".join(f"{name}={value}" for name, value in call.query.items())
        found = self.pages.get(f"{call.path}?{query}") or self.pages.get(call.path)
        if found is None:
            return Answer(404, b"<title>Not found</title>", HTML)
        return found if isinstance(found, Answer) else Answer(200, found.encode(), HTML)
