"""Load the words of a room from its `<language>.po`, without compiled files.

The one thing to know: English is the language of the source, so `en` needs no file and answers every text with itself.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

SOURCE_LANGUAGE = "en"


@cache
def catalogue(folder: Path, language: str) -> Translations:
    """Read `<folder>/<language>.po`, once per process, with its plural rule.

    Raises FileNotFoundError for a language that has no file there. Uncertain ("fuzzy") entries are not used.
    """
    if language == SOURCE_LANGUAGE:
        return Translations()
    with (folder / f"{language}.po").open("rb") as file:
        words = read_po(file, locale=language, domain="messages", abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return Translations(compiled)
