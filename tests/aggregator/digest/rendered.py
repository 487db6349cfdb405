"""A rendered letter, and its HTML taken apart."""

from html.parser import HTMLParser
from pathlib import Path

from aggregator.digest.digest import Digest
from aggregator.digest.letter import Letter, render
from tests.aggregator.digest.sample import digest, settings

LANGUAGES = ("it", "en")


def letter(tmp_path: Path, given: Digest | None = None, language: str = "it") -> Letter:
    return render(given or digest(language), settings=settings(tmp_path), language=language)


class Page(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]
