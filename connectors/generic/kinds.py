"""What an item is, told by words of its title, else of its categories.

The one thing to know: the first rule that holds decides, so results come before tenders and tenders before calls
("esito di gara" is news, "bando di gara" is a tender).
"""

import re

from connectors.base.contract import Kind

_RULES: tuple[tuple[str, Kind], ...] = (
    (
        r"\besit[oi]\b|(?<!criterio di )aggiudicazion[ei]\b(?!.{0,25}(?:criteri|offerta economic|minor prezzo|più basso))"
        r"|graduatori|vincitor[ei]\b(?! (?:ricever|avrann|otterr))|approvat[oaie] l|contract award|lauréats?|résultats?"
        r"|\bwinners?\b(?! (?:will |can |may )?(?:receive|get|be\b))|\bresults?\b(?![- ](?:based|oriented|driven))|(?<!be )\bawarded"
        r"|ergebnis|zuschlag|adjudicación",
        "news",
    ),
    (
        r"cerca(?:si|no)? (?:un )?partner|ricerca (?:di )?partner|cerchiamo (?:un )?partner|partner search|search(?:ing)? for partners?"
        r"|look(?:s|ing)? for (?:\w+ ){0,3}partners?|seek(?:s|ing)? (?:\w+ ){0,3}partners?|partners? (?:wanted|sought)"
        r"|recherche (?:de |un |des )?partenaires?|partnersuche|sucht partner|búsqueda de socios|busca socios",
        "partner_search",
    ),
    (
        r"\bgar[ae]\b|(?<!incentivi per )(?<!contributi per )(?<!voucher per )(?<!finanziamenti per )appalt"
        r"|\btenders?\b|procurement|procedura (?:aperta|negoziata|ristretta)|affidament|indagine di mercato"
        r"|manifestazion[ei] d(?:i |['’]\s?)interesse|request for (?:proposals|quotations?|tenders?)|\bRF[PQ]\b|invitation to bid"
        r"|contract notice|appels? d['’]offres|marchés? publics?|ausschreibung|vergabe|licitaci[oó]n|contrato",
        "tender",
    ),
    (
        r"\bband[oi]\b|avvis[oi]\b|\bcalls? for\b|\bcall\b|contribut[oi]\b|voucher|finanziament|incentiv|\bgrants?\b|funding|fondo perduto"
        r"|appels? à (?:projets?|candidatures?|manifestation)|subventions?|ch[eè]ques?\b|aides? (?:aux|à)|förder|zuschuss|förderaufruf"
        r"|convocatoria|subvenci[oó]n|ayudas?\b",
        "grant_call",
    ),
    (
        r"\bevent[oi]?s?\b|webinar|webinaire|convegn|seminari|seminars?\b|\bfier[ae]\b|conferenz|conference|workshop|info ?day|\bfairs?\b"
        r"|giornata|\bsalon\b|journées?\b|colloque|veranstaltung|\bmesse\b|tagung|jornada|\bferia",
        "event",
    ),
)
_PATTERNS = tuple((re.compile(words, re.I), kind) for words, kind in _RULES)


def kind_of(title: str, categories: tuple[str, ...]) -> Kind:
    """Return the kind that the title states, else the one that the categories state, else "news"."""
    for text in (title, " | ".join(categories)):
        for pattern, kind in _PATTERNS:
            if pattern.search(text):
                return kind
    return "news"
