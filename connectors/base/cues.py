"""The words that turn a day into a deadline, by language: data for `dates.py`, and nothing else.

The one thing to know: a cue ends where the day, the hour or a few harmless words begin; words that open a period stand
under `start`, so that "dal" is not taken for an end.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """Patterns of one language. `remaining` has a group of days; `applying` are words of a call, `other` of another date.

    `condition` are words of who or what is eligible, or of questions: the nearest to the day decides, it or `applying`.
    """

    end: str
    extended: str
    start: str
    event: str
    funds: str
    always: str
    remaining: str
    applying: str
    other: str
    condition: str


IT = Cues(
    end=r"scad(?:e|ono|rà|ranno|enza|enze|uto|uta)\b|entro(?: e non oltre)?|non oltre|termin[ei](?: ultimo)?|fino al(?:le|l['’])?"
    r"|chiu(?:de|dono|sura)\b|data limite|valid[oa] fino",
    extended=r"prorogat[oaie]|proroga|nuov[oa] (?:scadenza|termine)|differit[oaie]|rinviat[oaie]|posticipat[oaie]|slitta(?:no|ta|to)?",
    start=r"\bdal(?:le|l['’])?|a partire dal|apertura|apre\b|a decorrere dal|pubblicat[oaie]|in vigore dal|avvio",
    event=r"si (?:terrà|svolgerà|tiene|svolge|terranno)|appuntamento|evento|convegno|webinar|seminario",
    funds=r"fino (?:ad|all['’]|a)\s?esaurimento(?: dei| delle| della| del)?(?: fondi| risorse| dotazione| plafond| budget)?"
    r"|salvo (?:preventivo )?esaurimento",
    always=r"sempre apert[oa]|senza scadenza|bando permanente|apert[oa] in via continuativa|presentabili in ogni momento",
    remaining=r"(?:giorni (?:alla scadenza|rimanenti|rimasti|mancanti)\s*:?\s*(\d{1,3})"
    r"|(\d{1,3}) giorni (?:alla scadenza|alla chiusura)|(?:mancano|scade (?:tra|fra)) (\d{1,3}) giorni)",
    applying=r"domand|candidat|istanz|offert|propost|sportello|present|iscri|partecipa|adesion|invi[oa]|trasmiss|manifestazion|aderi|richiest"
    r"|(?:bando|avviso|call|finestra) (?:è |sarà |resta |rimane )?apert[oa]",
    other=r"conclu|complet|realizz|esegui|rendicont|pagament|liquida|durata|graduatori|\besit[io]\b|sopralluog|mostra",
    # "spese di affitto", "i residenti" may stand beside a true deadline; expenses borne, resident since do not.
    condition=r"chiariment|quesit|(?:\bspes[ae] (?=entro|fino|dal|prima)|sostenut|effettuat[ei]\b|fatturat[ei]\b"
    r"|spes[ae] (?:ammess|ammissibil|pagat|quietanzat)|costituit|avviat|iscritt[ei]\b|(?<!i )resident[ei]\b|\bnat[eio]\b)"
    r"(?=[^.;:]*\b(?:entro|fino|oltre|prima|dal?)\b[^.;:]{0,15}$)",
)
EN = Cues(
    end=r"deadlines?|clos(?:es|ing|e)(?: date)?|(?:apply|submit(?:ted)?|due|respond|register|received?) (?:by|on|before|until)"
    r"|due(?: date)?|until|(?:no|not) later than|\bby\b|before|expir(?:es|y|ing)|last date|cut-?off(?: date)?",
    extended=r"extended|extension|postponed|new (?:deadline|closing date)|prolonged",
    start=r"\bfrom\b|starting|opens?|opening|published|launched|issued|posted|since|as of",
    event=r"will (?:be held|take place)|takes place|is held|held on|event|webinar|conference|seminar|info ?day",
    funds=r"until (?:the |all )?(?:funds?|funding|budget|resources|money|allocation)s?.{0,30}?(?:exhausted|run out|spent|depleted"
    r"|committed|used up)|while funds last|subject to availability of funds",
    always=r"rolling basis|(?:open|accepted|available) (?:continuously|all year|throughout the year)|continuous(?:ly)? open"
    r"|open(?:-| )ended call|no (?:fixed )?deadline|permanently open|continuous call",
    remaining=r"(?:(\d{1,3}) days? (?:left|remaining|to go|until the deadline)|clos(?:es|ing) in (\d{1,3}) days?"
    r"|days (?:left|remaining)\s*:?\s*(\d{1,3}))",
    applying=r"appl(?:y|ic)|submi|propos|tender|bid|offer|respon|register|registr|call|open|accept|candidat|eoi|interest|enter",
    other=r"complet|finish|deliver|project (?:runs|ends)|runs|lasts|exhibition|results|report|payment",
    condition=r"\bquestions?\b|clarification|registered(?= before)|(?:incorporated|established|founded|born|incurred|started)"
    r"(?=[^.;:]*\b(?:before|by|until|no later than|from)\b[^.;:]{0,15}$)",
)
FR = Cues(
    end=r"date limite|cl[ôo]tur(?:e|é|ée|és)|avant le|jusqu['’]au|au plus tard|d['’]ici (?:le|au)|échéance|délai|expire|à rendre"
    r"|date de fin|dernier délai",
    extended=r"prolong(?:é|ée|és|ées|ation)|report(?:é|ée|és)|nouvelle (?:date|échéance)|repouss(?:é|ée)",
    start=r"à partir du|à compter du|\bdu\b|dès le|ouverture|ouvert(?:e|s)? (?:du|le|depuis)|publié(?:e|s)?|lancé(?:e|s)?",
    event=r"(?:aura|auront) lieu|se (?:tiendra|déroulera)|rendez-vous|webinaire|colloque|salon|journée",
    funds=r"jusqu['’]à (?:l['’])?épuisement(?: des?| du)?(?: fonds| crédits| l['’]enveloppe| budget)?|dans la limite des crédits",
    always=r"au fil de l['’]eau|en continu|toute l['’]année|appel permanent|sans date limite",
    remaining=r"(?:(?:il reste|plus que|clôture dans) (\d{1,3}) jours|(\d{1,3}) jours restants|jours restants\s*:?\s*(\d{1,3}))",
    applying=r"candidat|dossier|offre|dépo[ts]|déposer|propos|inscri|postul|répon|soumi|remise|manifest|appel|demande|projets?",
    other=r"achev|réalis|terminer|durée|résultat|paiement|exposition|visite|livraison",
    condition=r"question|éclaircissement|(?:\bcréée?s?\b|immatricul|\bnée?s?\b|domicili|engagées?)"
    r"(?=[^.;:]*\b(?:avant|jusqu|plus tard|du)\b[^.;:]{0,15}$)",
)
DE = Cues(
    end=r"frist(?:ende)?|(?:bewerbungs|einsende|abgabe|antrags|anmelde|annahme)(?:schluss|frist|termin)|stichtag|bis(?: zum| spätestens)?"
    r"|spätestens|endet|läuft (?:am )?ab|einzureichen",
    extended=r"verlängert|verlängerung|verschoben|neue frist",
    start=r"\bab(?: dem)?\b|\bvom\b|seit|beginnt|beginn|veröffentlicht|startet",
    event=r"findet|statt|veranstaltung|webinar|tagung|messe",
    funds=r"bis (?:die |zur )?(?:mittel|ausschöpfung|fördermittel).{0,30}?(?:ausgeschöpft|erschöpft|aufgebraucht|mittel)"
    r"|solange mittel verfügbar",
    always=r"laufend(?:e)? (?:möglich|einreichung|antragstellung)|jederzeit|ganzjährig|keine frist|ohne frist",
    remaining=r"(?:noch (\d{1,3}) tage|(\d{1,3}) tage verbleibend|endet in (\d{1,3}) tagen)",
    applying=r"bewerb|antr[aä]g|angebot|einreich|anmeld|teilnahm|frist|abgabe|ausschreib|vorschl|aufruf|projekt",
    other=r"abgeschloss|fertig|dauer|laufzeit|ergebnis|zahlung|ausstellung|lieferung",
    condition=r"fragen\b",
)
ES = Cues(
    end=r"plazo|fecha límite|hasta el|antes del?|cierre|cierra|vence|vencimiento|finaliza|a más tardar|termina",
    extended=r"prorroga(?:do|da)?|prórroga|ampliad[oa]|ampliación|nuevo plazo|aplazad[oa]",
    start=r"a partir del?|desde el|\bdel\b|apertura|abre|publicad[oa]|inicio",
    event=r"se (?:celebrará|realizará)|tendrá lugar|jornada|seminario|feria",
    funds=r"hasta (?:el )?agot(?:ar|amiento)(?: de)?(?: los| las)?(?: fondos| recursos| crédito| presupuesto)?",
    always=r"convocatoria (?:permanente|abierta)|abiert[oa] permanentemente|plazo abierto|sin fecha límite|todo el año",
    remaining=r"(?:quedan (\d{1,3}) días|(\d{1,3}) días restantes|cierra en (\d{1,3}) días)",
    applying=r"solicitud|candidatura|propuesta|oferta|present|inscri|particip|convocatoria|manifest|plazo",
    other=r"ejecut|complet|realiza|duración|resultad|pago|exposición|entrega",
    condition=r"preguntas|aclaraci|(?:constituid|nacid|empadronad)(?=[^.;:]*\b(?:antes|hasta|del)\b[^.;:]{0,15}$)",
)
_BEFORE_DAY_NL = r"(?=\s+(?:\d{1,2}(?:[.:]\d\d)? uur (?:op |van )?)?(?:\w+dag\s+)?$)"
NL = Cues(
    # "voor" and "tot" are prepositions of many uses: only right before a day, with its weekday or an hour at most.
    end=r"deadlines?|sluit(?:ing|t)?\b|sluitingsdat(?:um|a)|einddatum|uiterste (?:\w+ ){0,2}\w{0,20}(?:datum|dag)\b|uiterlijk(?: op)?"
    rf"|(?:aanvraag|indienings?|inschrijf|aanmeld)termijn|t/m|tot(?: en met| uiterlijk)?{_BEFORE_DAY_NL}"
    rf"|v(?:oo|óó)r{_BEFORE_DAY_NL}|eindigt|verloopt|laatste dag",
    extended=r"verlengd|verlenging|uitgesteld|opgeschoven|nieuwe (?:deadline|sluitingsdatum)",
    start=rf"\bvanaf\b|\bvan{_BEFORE_DAY_NL}|\bper(?=\s+$)|opent|opening|geopend|gepubliceerd|startdatum|\bstart(?:t)?\b|sinds",
    event=r"\bvindt\b|plaats op|bijeenkomst|evenement|webinar|conferentie|congres|\bbeurs\b|seminar",
    funds=r"tot(?:dat)? (?:het|de) (?:budget|middelen|subsidieplafond|subsidiepot|fonds).{0,30}?(?:\bop\b|uitgeput|bereikt|besteed)"
    r"|zolang (?:er )?(?:de )?(?:budget|middelen|het budget)|op (?:is|=) op",
    always=r"doorlopend (?:open|aan te vragen|in te dienen|mogelijk)|het hele jaar (?:door )?(?:open|aan|in)"
    r"|(?:zonder|geen) (?:deadline|sluitingsdatum|einddatum)",
    remaining=r"(?:nog (\d{1,3}) dagen|(\d{1,3}) dagen resterend|sluit over (\d{1,3}) dagen)",
    applying=r"aanvra|indien|dien\b|inschrij|aanmeld|voorstel|subsidie|regeling|oproep|tender|call|\bopen|inzend|insturen|reage"
    r"|deelnem|sluiting|projecten",
    other=r"afgerond|uitgevoerd|gereed|looptijd|resultat|betaling|tentoonstelling|oplever|duurt",
    condition=r"\bvragen\b|(?:opgericht|gevestigd|geboren|gemaakt)(?=[^.;:]*\b(?:v[oó][oó]r|tot|vanaf)\b[^.;:]{0,15}$)",
)

BY_LANGUAGE = {"it": IT, "en": EN, "fr": FR, "de": DE, "es": ES, "nl": NL}

REGISTRATION = re.compile(
    r"\biscri(?:zion|ver)|regist(?:er|ration|rieren)|s['’]inscrire|inscri(?:re|ption|pci)|anmeld", re.I
)
INTEREST = re.compile(
    r"manifestazion[ei] d(?:i |['’]\s?)interesse|expressions? of interest|\bEOI\b|manifestations? d['’]intérêt|interessenbekundung"
    r"|manifestación de interés|blijk van (?:belangstelling|interesse)",
    re.I,
)
VALIDITY = re.compile(
    r"valid[oa] fino|valid (?:until|till|through)|valable jusqu|gültig bis|válid[oa] hasta|geldig tot", re.I
)
