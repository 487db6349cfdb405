"""Reasons in the reader's language."""

import pytest

from aggregator.matching.engine import Reason
from aggregator.matching.verdict import ReasonKind
from aggregator.matching.words import say


def reason(kind: ReasonKind, profile: str, item: str, lang: str | None = None) -> Reason:
    return Reason(kind=kind, profile=profile, item=item, field="titles", weight=0.5, lang=lang)


@pytest.mark.parametrize(
    ("given", "italian", "english"),
    [
        (
            reason("sector", "fisheries", "cpv:03311000"),
            "settore: Pesca e acquacoltura (CPV 03311000)",
            "sector: Fisheries and aquaculture (CPV 03311000)",
        ),
        (
            reason("code", "cpv:909", "cpv:90910000"),
            "codice: CPV 90910000 (il tuo CPV 909)",
            "code: CPV 90910000 (your CPV 909)",
        ),
        (reason("code", "cpv:90910000", "cpv:90910000"), "codice: CPV 90910000", "code: CPV 90910000"),
        (
            reason("keyword", "fisheries", "pêche", "fr"),
            "parola: «pêche» (Pesca e acquacoltura)",
            "word: “pêche” (Fisheries and aquaculture)",
        ),
        (reason("keyword", "Formaggio", "formaggio", "it"), "parola: «formaggio»", "word: “formaggio”"),
        (
            reason("keyword", "formaggio", "formaggi", "it"),
            "parola: «formaggi» (formaggio)",
            "word: “formaggi” (formaggio)",
        ),
        (reason("keyword", "iso:9001", "iso 9001"), "parola: «iso 9001» (iso:9001)", "word: “iso 9001” (iso:9001)"),
        (reason("programme", "CERV", "programme:43251589"), "programma: CERV", "programme: CERV"),
        (reason("country", "FR", "FR"), "paese: Francia", "country: France"),
        (reason("kind", "tender", "tender"), "tipo: Gara d'appalto", "kind: Tender"),
        (
            reason("deadline", "20", "2026-12-21"),
            "scadenza: 21 dicembre 2026, almeno 20 giorni",
            "deadline: December 21, 2026, at least 20 days",
        ),
        (
            reason("reservation", "social_b", "res-ws"),
            "riservato a laboratori protetti e inserimento lavorativo: verificare l'art. 20 della direttiva 2014/24/UE",
            "reserved for sheltered workshops and work integration: check Art. 20 of Directive 2014/24/EU",
        ),
        (
            reason("reservation", "social_b", "res-pub-ser:LOT-0001,LOT-0003"),
            "riservato a chi ha una missione di servizio pubblico: verificare l'art. 77 della direttiva 2014/24/UE"
            " (solo LOT-0001, LOT-0003)",
            "reserved for organisations with a public service mission: check Art. 77 of Directive 2014/24/EU"
            " (LOT-0001, LOT-0003 only)",
        ),
    ],
)
def test_a_reason_is_said_in_the_reader_s_language(given: Reason, italian: str, english: str) -> None:
    assert say(given, "it") == italian
    assert say(given, "en") == english
    # No words of our own in Finnish: English is understood more widely than Italian.
    assert say(given, "fi") == english


def test_a_sector_that_was_retired_is_still_explained() -> None:
    assert say(reason("sector", "retired_sector", "cpv:90910000"), "it") == "settore: retired_sector (CPV 90910000)"


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("type", ["res-ws", "res-pub-ser"])
def test_no_reservation_is_called_a_qualification(language: str, type: str) -> None:
    said = say(reason("reservation", "social_b", type), language).lower()
    assert "art. " in said
    assert not any(word in said for word in ("qualif", "puoi", "idone", "eligible", "you can"))
