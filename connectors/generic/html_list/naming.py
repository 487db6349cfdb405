"""What an item is called where the words of its link say only "read more"."""

import re

from bs4 import Tag

from connectors.base.text import clean_line
from connectors.generic.selecting import words_of

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_LONGEST = 300
_MORE = re.compile(
    r"(?:leggi(?: tutto| di più| ancora| l['’]articolo| la notizia)?|continua(?: a leggere)?|(?:per )?saperne di più"
    r"|scopri(?: di più)?|(?:vai al |vedi )?dettagli[oa]?|approfondisci|maggiori informazioni|visualizza|apri|vai"
    r"|read(?: more| on)?|(?:learn|find out|see|view|show|know) more|more(?: info(?:rmation)?| details)?|(?:view )?details"
    r"|continue reading|en savoir (?:plus|\+)|lire(?: la suite| plus| l['’]article)?|voir(?: plus| le détail)?"
    r"|mehr(?: erfahren| lesen| infos?)?|weiterlesen|weitere informationen|leer más|más información|ver más|saber más"
    r"|lees (?:meer|verder)|meer(?: lezen| informatie| info)?|bekijk|saiba mais|[»›>…→.\s]+)"
    r"(?:\s*(?:\bsu\b|\babout\b|\bover\b|\bsur\b|\bzu\b|[:–—-])\s*(?P<of>.*?))?[\s»›>…→.]*",
    re.IGNORECASE,
)


def says_only_more(text: str) -> bool:
    """Whether the words of a link name nothing: empty, or "read more" in one of our languages."""
    found = _MORE.fullmatch(text.strip())
    return not text.strip() or found is not None


def title_of(box: Tag, links: list[Tag], selector: Tag | None) -> str:
    """Name an item: the element that the admin has pointed at, else heading, words and labels of its links, else its own.

    Empty where nothing in it is a name.
    """
    if selector is not None and (said := words_of(selector)):
        return said
    for link in links:
        heading = link.find(_HEADINGS)
        if isinstance(heading, Tag) and words_of(heading):
            return words_of(heading)
    for link in links:
        if not says_only_more(said := words_of(link)) and len(said) <= _LONGEST:
            return said
    for link in links:
        for name in ("aria-label", "title"):
            if said := _named(str(link.get(name) or "")):
                return said
    heading = box.find(_HEADINGS)
    if isinstance(heading, Tag) and words_of(heading):
        return words_of(heading)
    named = (_named(words_of(link)) for link in links)
    pictures = (str(picture.get("alt") or "") for link in links for picture in link.find_all("img"))
    return next((said for said in (*named, *pictures) if said.strip()), "") or clean_line(words_of(box), 120)


def _named(text: str) -> str:
    """What a label names: "Read more about X" is X, "Read more" is nothing."""
    line = clean_line(text, _LONGEST)
    found = _MORE.fullmatch(line)
    return line if found is None else (found["of"] or "").strip()
