"""Reasons in the reader's language. The one thing to know: Italian and English are here, side by side, for a reader's eye.

A reason is evidence and no advice: a reservation says which article to check, never that a member qualifies.
"""

from datetime import date
from typing import Literal

from babel.dates import format_date

from aggregator import taxonomy
from aggregator.matching.verdict import Reason

_CODED = frozenset({"code", "sector", "programme"})
_ARTICLES = {"res-ws": "20", "res-pub-ser": "77"}
_PHRASES = {
    "it": {
        "code": "codice: {item}",
        "code_own": "codice: {item} (il tuo {profile})",
        "sector": "settore: {sector} ({item})",
        "programme": "programma: {item}",
        "keyword": "parola: «{item}»",
        "keyword_sector": "parola: «{item}» ({sector})",
        "keyword_own": "parola: «{item}» ({profile})",
        "country": "paese: {country}",
        "kind": "tipo: {kind}",
        "deadline": "scadenza: {day}, almeno {profile} giorni",
        "res-ws": "riservato a laboratori protetti e inserimento lavorativo: verificare l'art. {article} della direttiva 2014/24/UE",
        "res-pub-ser": "riservato a chi ha una missione di servizio pubblico: verificare l'art. {article} della direttiva 2014/24/UE",
        "lots": "{phrase} (solo {lots})",
    },
    "en": {
        "code": "code: {item}",
        "code_own": "code: {item} (your {profile})",
        "sector": "sector: {sector} ({item})",
        "programme": "programme: {item}",
        "keyword": "word: “{item}”",
        "keyword_sector": "word: “{item}” ({sector})",
        "keyword_own": "word: “{item}” ({profile})",
        "country": "country: {country}",
        "kind": "kind: {kind}",
        "deadline": "deadline: {day}, at least {profile} days",
        "res-ws": "reserved for sheltered workshops and work integration: check Art. {article} of Directive 2014/24/EU",
        "res-pub-ser": "reserved for organisations with a public service mission: check Art. {article} of Directive 2014/24/EU",
        "lots": "{phrase} ({lots} only)",
    },
}


def say(reason: Reason, language: str) -> str:
    """Say one reason in a language: "settore: Pulizie (CPV 90910000)". English where we have no words of that language."""
    to: Literal["it", "en"] = "it" if language == "it" else "en"
    if reason.kind == "reservation":
        return _reservation(reason, to)
    return _PHRASES[to][_phrase(reason)].format(
        item=(taxonomy.code_written(reason.item) or reason.item) if reason.kind in _CODED else reason.item,
        profile=(taxonomy.code_written(reason.profile) or reason.profile) if reason.kind in _CODED else reason.profile,
        sector=taxonomy.sector_label(reason.profile, to),
        country=taxonomy.country_label(reason.item, to) if reason.kind == "country" else "",
        kind=taxonomy.kind_label(reason.item, to) if reason.kind == "kind" else "",
        day=format_date(date.fromisoformat(reason.item), "long", locale=to) if reason.kind == "deadline" else "",
    )


def _phrase(reason: Reason) -> str:
    if reason.kind == "code" and reason.item != reason.profile:
        return "code_own"
    if reason.kind != "keyword":
        return reason.kind
    if reason.profile in {definition.id for definition in taxonomy.sectors()}:
        return "keyword_sector"
    return "keyword" if reason.profile.casefold() == reason.item.casefold() else "keyword_own"


def _reservation(reason: Reason, to: Literal["it", "en"]) -> str:
    type, _, lots = reason.item.partition(":")
    phrase = _PHRASES[to][type].format(article=_ARTICLES[type])
    return _PHRASES[to]["lots"].format(phrase=phrase, lots=lots.replace(",", ", ")) if lots else phrase
