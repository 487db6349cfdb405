"""Amounts of money as people and portals write them, to the cent, with what was written kept beside.

The one thing to know: numbers become Decimal and never float; a currency that is not stated stays out, and a bare "$" is
not a statement, for a score of countries write it.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from connectors.base.contract import Money

_SIGNS = {
    **dict.fromkeys(("€", "euro", "euros"), "EUR"),
    **dict.fromkeys(("us$", "us dollars"), "USD"),
    **dict.fromkeys(("£", "pounds sterling", "sterline"), "GBP"),
    "zł": "PLN",
}
_CODES = "EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|RON|BGN|CAD|AUD|JPY"
_CURRENCY = rf"(?:\b(?:{_CODES})(?![a-z])|(?i:US\$|US dollars|pounds sterling|sterline\b|euros?\b|zł\b)|[€£$])"

_THOUSANDS = {
    **dict.fromkeys(("k", "mila", "thousand", "tsd", "milliers", "mil"), 3),
    **dict.fromkeys(
        ("m", "mln", "mio", "milione", "milioni", "million", "millions", "millionen", "millones", "millón"), 6
    ),
    **dict.fromkeys(("mld", "miliardo", "miliardi", "billion", "bn", "milliard", "milliards", "milliarden", "mrd"), 9),
}
_MULTIPLIER = rf"(?i:{'|'.join(sorted(_THOUSANDS, key=len, reverse=True))})(?![^\W\d_])\.?|(?i:[mk])(?=\s?(?:€|EUR|£))"
_NUMBER = (
    r"\d{1,3}(?:(?P<sep>[.,'’\u00a0\u202f\u2009 ])\d{3}(?:(?P=sep)\d{3})*)(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?"
)
_FIGURE = re.compile(
    rf"(?<![\w.,/-])(?:(?P<before>{_CURRENCY})\.?\s*)?(?P<number>{_NUMBER})(?![\d/:]|[.,-]\d)(?:,-|,00)?"
    rf"(?:\s*(?P<times>{_MULTIPLIER}))?(?:\s*(?:di\s+|d['’]|de\s+|of\s+)?(?P<after>{_CURRENCY}))?"
)
_FROM = re.compile(
    r"(?:\b(?:da|tra|fra|between|from|entre|de|von|zwischen|desde)(?:\s+(?:un minimo di|a minimum of))?)\s*$", re.I
)
_TO = re.compile(r"\s*(?:[-–—]|\b(?:a|ad|e|ed|and|to|et|à|bis|und|y|hasta|fino a)\b(?:\s+un massimo di)?)\s*", re.I)
_AT_MOST = re.compile(
    r"(?:fino a(?:d)?|massim[oaie](?: (?:concedibile|erogabile|riconoscibile|richiedibile))?(?: è)?(?: di| pari a)?|max\.?"
    r"|non superior[ei] a|non (?:può|possono|potrà|potranno) superare(?: (?:l['’]importo|il limite|la somma) di)?"
    r"|entro (?:il limite di|un massimo di)|tetto di|up to"
    r"|(?:a )?maximum(?: of| amount of)?|not exceeding|no more than|at most|capped at|jusqu['’]à|plafonn?é?e? (?:à|de)?"
    r"|au maximum|bis zu|höchstens|maximal|hasta|como máximo|máximo(?: de)?)[\s:]*(?:di |de |of )?$",
    re.I,
)
_AT_LEAST = re.compile(
    r"(?:almeno(?: pari a)?|minim[oaie](?: di)?|non (?:\w+ ){0,2}inferior[ei] a|a partire da"
    r"|at least|minimum(?: of)?|no less than|starting from"
    r"|au moins|au minimum|mindestens|al menos|mínimo(?: de)?)[\s:]*$",
    re.I,
)
# "massimo 50.000 euro per le micro imprese, 100.000 euro per le piccole": the bound holds for the whole series.
_SERIES = re.compile(r"\s+(?:per|for|pour|für)\s[^.;:\d]{3,60}?(?:,|\s(?:e|ed|and|et|und))\s+", re.I)
_ONE_APPLICANT = re.compile(
    r"contribut|voucher|per (?:progetto|impresa|beneficiari|domanda)|a fondo perduto|\bpremi[o]?\b"
    r"|borsa|grants?\b"
    r"|per (?:project|company|applicant)|award|subvention|par (?:projet|entreprise)|aide|zuschuss|pro (?:projekt|unternehmen)"
    r"|förder|subvención|por proyecto|ayuda",
    re.I,
)
_WHOLE = re.compile(
    r"dotazione|stanzia|budget|importo (?:complessivo|a base)|base d['’]asta|risorse|plafond|valore|fondo\b|complessiv|total"
    r"|in tutto|in all\b|fund of|en tout"
    r"|estimated value|envelope|pot\b|enveloppe|dotation|montant global|gesamt|haushalt|mittel|auftragswert|presupuesto|dotación|importe",
    re.I,
)

_OF = re.compile(r"\s+(?:di|de|of|in|as|für)\s+(?:una |a |the )?", re.I)
_FOR_EACH = re.compile(
    r"\s*(?:(?:per|par|pro|por|each|a)\s+(?:ogni\s+|singol[aoe]\s+)?(?:project|progetto|projet|proyecto|projekt|impresa|domanda"
    r"|beneficiari|applicant|company|entreprise|unternehmen|empresa|ciascun|pmi\b|richiedent|soggetto|proponent|intervento)"
    r"|ciascun|cadaun|each\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at `start` of a text; `role` is "grant" for one applicant, "budget" for the whole, None if not said."""

    money: Money
    start: int
    role: Literal["budget", "grant"] | None


def money(raw: str | int | Decimal, *, currency: str | None = None, lang: str | None = None) -> Money | None:
    """Read one amount or one range; `currency` (ISO 4217) holds where the text names none. None if there is none, or 0.

    A lone separator before three digits groups thousands, except an English or machine-like "1234.567"; give numbers of
    a machine as Decimal. "up to" fills `max`, "at least" `min`, a range both, everything else `total`.
    """
    if isinstance(raw, int | Decimal):
        return Money(total=Decimal(raw), currency=currency, raw=str(raw)) if raw else None
    found = _read(raw, lang, currency, bare=True)
    if len(found) != 1:
        return None
    read = found[0].money
    return read.model_copy(update={"raw": raw.strip()})


def amounts_in(text: str, *, lang: str | None = None, currency: str | None = None) -> tuple[Amount, ...]:
    """Return the amounts of a running text that name their currency, in its order."""
    return tuple(_read(text, lang, currency, bare=False))


def _read(text: str, lang: str | None, currency: str | None, *, bare: bool) -> list[Amount]:
    figures = list(_FIGURE.finditer(text))
    found: list[Amount] = []
    at = before = 0
    while at < len(figures):
        first = figures[at]
        second = figures[at + 1] if at + 1 < len(figures) else None
        at += 1
        if second is not None and _is_range(text, first, second):
            at += 1
            named = _currency_of(second) or _currency_of(first)
            low, high = _value(first, lang, beside=second), _value(second, lang)
            if (bare or named is not None) and 0 <= low <= high and high:
                found.append(_amount(text, first.start(), second.end(), currency, named, min=low, max=high))
            before = second.end()
            continue
        named = _currency_of(first)
        value = _value(first, lang)
        if not value or (named is None and not bare):
            continue
        lead = text[max(0, first.start() - 40) : first.start()]
        if (most := _AT_MOST.search(lead)) is not None:
            found.append(_amount(text, first.start() - len(most[0]), first.end(), currency, named, max=value))
        elif (least := _AT_LEAST.search(lead)) is not None:
            found.append(_amount(text, first.start() - len(least[0]), first.end(), currency, named, min=value))
        elif found and found[-1].money.max is not None and _SERIES.fullmatch(text[before : first.start()]):
            more = _amount(text, first.start(), first.end(), currency, named, max=value)
            found.append(replace(more, role=found[-1].role))
        else:
            found.append(_amount(text, first.start(), first.end(), currency, named, total=value))
        before = first.end()
    return found


def _is_range(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    between = text[first.end() : second.start()]
    if not _TO.fullmatch(between):
        return False
    dash = between.strip() in "-–—"
    return dash or _FROM.search(text[max(0, first.start() - 30) : first.start()]) is not None


def _currency_of(figure: re.Match[str]) -> str | None:
    """Return the sign or code as written: the bare dollar too, which names an amount but not a currency."""
    sign: str | None = figure["before"] or figure["after"]
    return sign


def _value(figure: re.Match[str], lang: str | None, beside: re.Match[str] | None = None) -> Decimal:
    times = figure["times"]
    # "da 50 a 200 mila euro": the multiplier of the second holds for the first.
    if times is None and beside is not None and not (figure["before"] or figure["after"]):
        times = beside["times"]
    power = _THOUSANDS[times.lower().rstrip(".")] if times else 0
    value = _number(figure["number"], lang, scaled=bool(power)).scaleb(power)
    return value.quantize(Decimal(1)) if power and value == value.to_integral_value() else value


def _number(raw: str, lang: str | None, *, scaled: bool) -> Decimal:
    digits = re.sub(r"[\s'’]", "", raw)
    dot, comma = digits.rfind("."), digits.rfind(",")
    last = max(dot, comma)
    if last < 0:
        return Decimal(digits)
    sign = digits[last]
    whole, rest = digits[:last], digits[last + 1 :]
    english = (lang or "").lower().startswith("en")
    alone = dot < 0 or comma < 0
    if alone and len(rest) == 3 and len(whole.split(sign)[-1]) <= 3:
        # "1.234 million" in English is a decimal point; without a multiplier nobody writes three decimals of money.
        decimal_sign = "." if english else ","
        if not (scaled and whole.count(sign) == 0 and sign == decimal_sign):
            return Decimal(re.sub(r"[.,]", "", digits))
    if alone and digits.count(sign) > 1:
        return Decimal(re.sub(r"[.,]", "", digits))
    return Decimal(re.sub(r"[.,]", "", whole) + "." + rest)


# What an earlier sentence speaks of says nothing of this amount; "art. 5" and "Reg. (UE)" end no sentence.
_CLAUSE = re.compile(r"[;:]|\b(?:e quindi|and (?:so|thus)|et donc)\b")
_SENTENCE = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=\d\d))[.;!?]\s+(?=[A-ZÀ-Ú\d]|$)")
# "di cui 300.000 euro riservati": a part is not the whole, and what a project must cost at least is neither.
_A_PART = re.compile(r"\bdi cui\s*$|\bparte della dotazione\b|\bquota\b|\briservat[aieo]\b|\bsomma forfett", re.I)
# "per un totale di contributi richiesti pari a …": the sum of what others asked for.
_OF_ALL_APPLICANTS = re.compile(r"\btotal[ei] d(?:i|ei) contribut|\bcontributi richiesti\b", re.I)


def _amount(text: str, start: int, end: int, currency: str | None, named: str | None, **bounds: Decimal) -> Amount:
    code = currency if named in (None, "$") else _SIGNS.get(str(named).lower(), str(named))
    read = Money(**bounds, currency=code, raw=text[start:end].strip())
    return Amount(read, start, _purpose(text, start, end, least="min" in bounds and "max" not in bounds))


def _purpose(text: str, start: int, end: int, *, least: bool) -> Literal["budget", "grant"] | None:
    lead, tail = _SENTENCE.split(text[max(0, start - 80) : start])[-1], text[end : end + 30]
    said: Literal["budget", "grant"] | None
    if _OF_ALL_APPLICANTS.search(lead) or _A_PART.search(lead):
        return None
    if _FOR_EACH.match(tail):
        return "grant"
    if (of := _OF.match(tail)) is not None:
        # "2 milioni di dotazione": what stands right behind says more than what stands before.
        if _WHOLE.match(tail, of.end()):
            return "budget"
        if _ONE_APPLICANT.match(tail, of.end()):
            return "grant"
    one = max((m.end() for m in _ONE_APPLICANT.finditer(lead)), default=-1)
    whole = max((m.end() for m in _WHOLE.finditer(lead)), default=-1)
    if one < 0 and whole < 0:
        tail = _CLAUSE.split(tail)[0]
        said = "grant" if _ONE_APPLICANT.search(tail) else "budget" if _WHOLE.search(tail) else None
    else:
        said = "grant" if one > whole else "budget"
    # No whole is stated by its least: "progetti di valore almeno pari a 10.000 euro".
    return None if said == "budget" and least else said
