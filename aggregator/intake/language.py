"""Which language a text is in, where its source does not say.

The one thing to know: only European languages are thought of, and an answer is given only when it is sure; the model
is loaded with the first text that needs it (half a second), so that most commands never pay for it.
"""

from functools import cache
from typing import Any

SHORTEST = 20
# At this certainty 998 of 1,000 titles of tenders were told right, and 16 of 100 were left undecided (docs/vocabulary.md).
SURE = 0.8
_LONGEST = 1_000
# fmt: off
EUROPEAN = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lt", "lv", "mk", "mt", "nl",
    "no", "pl", "pt", "ro", "sk", "sl", "sq", "sr", "sv", "tr", "uk",
)
# fmt: on


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(list(EUROPEAN))
    # Anew of what is left of it: the whole would be held besides, 28 MB of languages that are never thought of.
    held = whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output
    return LanguageIdentifier(*held, norm_probs=True, tk_row=whole.tk_row)


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None when it is short or could be another."""
    if len(text) < SHORTEST:
        return None
    # The model was trained on running text: a heading in capitals is another alphabet to it.
    language, certainty = _identifier().classify(text[:_LONGEST].lower() if text.isupper() else text[:_LONGEST])
    return str(language) if certainty >= SURE else None
