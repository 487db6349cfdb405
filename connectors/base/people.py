"""Leave persons out: names behind a role word or a title, phone numbers and mail addresses are cut from running text.

The one thing to know: this is done by rule, not by a list of names, so a name that nothing introduces is not seen, and
what looks like an office ("Responsabile: Settore Cultura") is kept. `[…]` stands where something was cut.
"""

import re

CUT = "[…]"

# Tags and addresses are hidden behind one sign each while the text is read, so that no number inside a link is a phone.
_HIDDEN = "\ue000"
_PROTECTED = re.compile(r"<(?![^<>\s@]+@)[^<>]*>|https?://[^\s<>\"']+")
_PRIVATE_LINK = re.compile(
    r"\s+href\s*=\s*(?:\"\s*(?:mailto|tel):[^\"]*\"|'\s*(?:mailto|tel):[^']*'|(?:mailto|tel):[^\s>]*)", re.I
)

_GAP = rf"(?:[\s{_HIDDEN}]|&nbsp;)"
_CAPITAL = "A-ZÀ-ÖØ-ÞŠŽŁŚŻŹĆČŘĐŐ"
_NAME_PART = (
    rf"(?:[{_CAPITAL}][\w'’]+(?:-[{_CAPITAL}][\w'’]+)*|[{_CAPITAL}]\.[{_CAPITAL}][a-zà-ÿ][\w'’]+|[{_CAPITAL}]\.)"
)
_PARTICLE = r"(?:d[aei]|de[lrn]|dell[ao]|dalla|degli|la|le|lo|van|von|der|den|ten|zu|y|du|des|[dDlL]['’])"
_NAME = rf"{_NAME_PART}(?:{_GAP}+(?:{_PARTICLE}{_GAP}+){{0,2}}{_NAME_PART}){{1,3}}"
_NAMES = rf"{_NAME_PART}(?:{_GAP}+(?:{_PARTICLE}{_GAP}+){{0,2}}{_NAME_PART}){{0,3}}"

# Abbreviations count in any case; a word without its point does not in capitals: DR Congo, MS Excel, FRAU UND BERUF.
_TITLES = (
    r"(?:(?i:dott\.(?:\s?(?:ssa|sse|ri))?|dr\.(?:\s?ssa)?|sig\.(?:\s?(?:ra|na))?|ing\.|arch\.|avv\.(?:to)?|geom\.|rag\.|prof\.(?:\s?ssa)?|p\.i\."
    r"|mr\.|mrs\.|ms\.|mx\.|sra?\.|srta\.|dña\.|mme\.|dott\.?ssa|sig\.?ra)"
    r"|[Dd]ott|[Dd]r(?:ssa)?|[Dd]ottor(?:e|essa)?|[Ss]ig(?:na)?|[Ss]ignor[ae]?|[Pp]rof(?:ssa)?|[Pp]rofessor(?:e|essa)?"
    r"|Mr|Mrs|Ms|Mx|Miss|Mme|Mlle|[Mm]onsieur|[Mm]adame|Herrn?|Frau"
    rf"|M\.(?={_GAP}*{_NAME}))(?:(?<=\.)|(?!\w))"  # "M. Polo" is a school, "M. Jean Martin" a man
)
_TITLED = re.compile(rf"(?<![\w.])(?:{_TITLES})(?:{_GAP}*(?:{_TITLES}))*{_GAP}*(?P<name>{_NAMES})")

# Only a person is called so, or the verb asks to write to one: the name may follow at once.
_PERSON = (
    r"RUP|R\.U\.P\.|POC\b|contact|[Pp]lease [Cc]ontact|(?i:referent[ei](?:\s+(?:di|del|per|progetto|bando|tecnico))*"
    r"|persona di (?:contatto|riferimento)|presidente|a cura di"
    r"|contact (?:person|name|officer)|point of contact|attn\.?|director(?:\s+general)?"
    r"|pro(?:ject|gramme|gram) (?:manager|officer|lead|coordinator)|(?:contracting|procurement) officer"
    r"|(?:posted|written|published) by"
    r"|personnes? (?:à contacter|de contact|ressource)|interlocut(?:eur|rice)"
    r"|suivi par|rédigé par|[àa] l['’]attention de|référente?"
    r"|ansprechpartner(?:in)?|ansprechperson(?:en)?|kontaktperson|sachbearbeiter(?:in)?|z\.\s?hd\.|projektleit(?:er|erin|ung)"
    r"|persona de contacto|a la atención de|pessoa de contacto|contactpersoon|osoba do kontaktu|osoba kontaktowa)"
)
# Also a common noun, a post or a heading: a sign, "is" or a title has to stand before the name.
_POST = (
    r"(?i:responsabil[ei](?:\s+(?:unic[oa]|d[ei]l?(?:la|l['’])?|per|procedimento|progetto|istruttoria"
    r"|trattamento|servizio|comunicazione))*|contatt[oi]|dirett(?:ore|rice)(?:\s+generale)?|dirigente|funzionari[oa]"
    r"|segretari[oa]|coordina(?:tore|trice)|autore|autrice|contact(?:\s+point)?|attention|coordinator|author"
    r"|responsable(?:\s+(?:du|de la|del?|projet|contrato))*|kontakt|contacto)"
)
# A change of cell or line between post and name does what a colon does.
_SIGN = rf"(?:{_GAP}*:|{_GAP}+[–—-](?={_GAP})|{_GAP}+(?i:è|e['’]|is|est|ist)(?={_GAP})|{_HIDDEN}\s*{_HIDDEN}|[ \t]*\n)"
_LINK = rf"(?:{_GAP}|[:–—-]|\b(?i:è|e['’]|is|est|ist|il|la)\b|\b[lL]['’])"
_IN_ROLE = re.compile(
    rf"\b(?:(?P<person>{_PERSON}){_LINK}+|(?:{_POST}){_SIGN}{_LINK}*)(?:(?:{_TITLES}){_GAP}*)*(?P<name>{_NAME})"
)
_SIGNED = re.compile(rf"[:–—-]|{_SIGN}")

# A run of capitals that holds one of these is an office, a place or a heading.
_ADDRESS = (
    r"Via|Viale|Piazza|Corso|Largo|Street|Road|Avenue|Rue|Place|Straße|Strasse|Platz|Calle|Plaza"
    r"|PEC|Tel|Email|E-mail|Mail|Web|Sito|Fax"
)
_OFFICE = re.compile(
    r"\b(?:Settore|Ufficio|Uffici|Servizi[oa]?|Area|Direzione|Dipartimento|Comune|Provincia|Regione|Ministero|Agenzia|Ente|Centro"
    r"|Camera|Consorzio|Cooperativa|Fondazione|Unione|Sportello|Segreteria|Protocollo|Procedimento|Progetto|Bando|Gara|Lavori"
    r"|Protezione|Dati|Esecuzione|Contratto|Sicurezza|Prevenzione|Corruzione|Trasparenza|Commissione|Consiglio|Giunta|Collegio"
    r"|Seggio|Repubblica|Città|Istituto|Scuola|Liceo|Ospedale|Azienda|Università|Commercialista|Ordinario|Associato|Agronomo"
    r"|Civile|Gestionale|Edile|Tecnico|Amministrativ[oa]|Generale"
    r"|Office|Unit|Department|Directorate|Agency|Council|Commission|Ministry|Team|Desk|Services?|Centre|Center|Point"
    r"|Information|Procurement|Details|Us|Programme|Program|Project|Network|European|Europe|National|Cooperative|Foundation"
    r"|Clinic|Systems?|Hospital|School|University|Institute|Trust|Works|Construction|Support|Training|Authority|Ltd|LLC|Inc|Limited"
    r"|Bureau|Direction|Mairie|Commune|Région|Département|Agence|Ministère|Pôle|Chambre|Fondation|Formulaire|Lycée|École|Collège"
    r"|Amt|Stelle|Abteilung|Referat|Stadt|Landkreis|Bundesamt|Ministerium|Stiftung|Genossenschaft|Formular"
    r"|GmbH|AG|KG|Klinik|Kliniken|Klinikum|Schule|Grundschule|Gymnasium|Realschule|Krankenhaus|Institut"
    rf"|Ayuntamiento|Oficina|Dirección|Servicio|Departamento|Fundación|{_ADDRESS})\b",
    re.IGNORECASE,
)
_ADDRESS_WORD = re.compile(_ADDRESS, re.IGNORECASE)
_BEFORE_OFFICE = re.compile(rf"{_NAME}(?={_GAP})")
# What is called after somebody, when only a surname or an initial follows: "Liceo 'M. Curie'", "Klinikum Dr. Hancken".
_NAMED_AFTER = re.compile(
    r"\b(?:Istituto|Comprensivo|Superiore|Statale|Liceo|Scuola|Primaria|Secondaria|Plesso|Ospedale|Teatro|Museo|Biblioteca|Lycée"
    r"|École|Collège|Klinikum|Klinik|Schule|Hospital|School|Via|Viale|Piazza|Rue|Calle)[ '’\"‘“«]{1,3}$",
    re.IGNORECASE,
)
_INITIAL_OR_ONE = re.compile(rf"{_NAME_PART}|\w\.{_GAP}*{_NAME_PART}")

_MAIL = re.compile(
    r"(?<![\w/.])(?P<local>[A-Za-z0-9][\w.+'-]{0,63})\s?(?:@|\(at\)|\[at\]|&#64;|\(chiocciola\))\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
_AT = re.compile(r"@|\(at\)|\[at\]|&#64;|\(chiocciola\)")
_ROLE_BOX = re.compile(
    r"(?:info|informazioni|information|contatti|contact|contacts|kontakt|contacto|bandi|bando|gare|gara|appalti|avvisi|tender|tenders"
    r"|procurement|grants?|calls?|funding|projects?|progetti|projets?|europa|europe|eu|ufficio|office|segreteria|secretariat"
    r"|secretariaat|protocollo|pec|urp|sportello|help|helpdesk|support|assistenza|press|stampa|media|amministrazione|admin"
    r"|accueil|marches|mairie|vergabe|poststelle|einkauf|zentrale|licitaciones|contratacion|registro|sales|export|commerciale"
    r"|cooperazione|coop|events?|eventi|iscrizioni|registration|marketing|partner|partnership)(?:[._+-]\w{1,24}|\d*)?",
    re.IGNORECASE,
)

_DIGIT = re.compile(r"\d")
_SHORTEST_PHONE = 6
_DIGITS = r"[+(]{0,2}\d(?:[\s()./-]{0,2}\d){5,14}"
_SPOKEN = r"tel(?:efono|éfono|efon|ephone)?|tél(?:éphone)?|phone|fax|cellulare|whatsapp|handy"
# These are adjectives and nouns too ("telefonia mobile"): a sign has to follow.
_SIGNED_WORD = rf"(?:cell|mobile|mob)(?=[.:/]|{_GAP}*[:(+])"
_YEARS = r"(?:19|20)\d\d\s?[-/]\s?(?:19|20)?\d\d(?![\d\s./-]{0,2}\d)"
_ANNOUNCED = re.compile(
    rf"\b(?P<word>{_SPOKEN}|{_SIGNED_WORD})"
    rf"(?P<gap>(?:\.|{_GAP}|:|/|n\.|no\.|number|nr\.?|(?:{_SPOKEN}|cell|mobile|mob)\b){{0,6}})(?<!\d)(?!{_YEARS}){_DIGITS}",
    re.IGNORECASE,
)
# "Contact Jane Doe, grants specialist, jane.doe@…": nothing but its place beside an address introduces the name.
_LEAD = (
    r"(?P<lead>\b(?i:contact|questions?|write|e-?mail|call|inquiries|queries|apply)(?i:\s+(?:to|at|by))?\s*:?\s+"
    rf"|^[ \t]*|[:;]{_GAP}*|{_HIDDEN}{_GAP}*)"
)
_ONE_LINE_NAME = _NAME.replace(_GAP, r"[ \t]")
_POST_BETWEEN = rf"(?:{_GAP}*[,(;:–—-])?(?:{_GAP}*[\w&/-][\w &/-]{{0,50}},)?[\s{_HIDDEN}(]{{0,6}}"
_BESIDE_MAIL = re.compile(rf"{_LEAD}(?P<name>{_ONE_LINE_NAME})(?P<rest>{_POST_BETWEEN}{_MAIL.pattern})", re.MULTILINE)
_BESIDE_PHONE = re.compile(
    rf"{_LEAD}(?P<name>{_ONE_LINE_NAME})(?P<rest>(?:{_GAP}*[,(;:–—-]|{_HIDDEN})[^.;\n]{{0,60}}?{re.escape(CUT)})",
    re.MULTILINE,
)
_MONEY_AHEAD = r"(?!\s*(?:€|EUR|euro|mila|mln|million))"
_BARE = re.compile(
    r"(?<![\w€$£+/.,-])(?<!€ )(?:"
    r"(?:\+|00)[1-9]\d{0,2}(?:[\s().-]{0,2}\d){7,12}"  # international
    r"|0\d{1,4}[ ./-]\d{5,8}|0\d{1,4}[ ./-]\d{3}[ .-]\d{3,4}"  # area code and number
    r"|0[1-9](?:[ .]\d{2}){4}"  # France: five pairs
    r"|3\d{2}[ /-]\d{3}[ -]?\d{4}|3\d{2}[ /.-]\d{7}"  # Italian mobile
    r"|\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}"  # North America
    r")(?![\w/€]|[.,-]\d)" + _MONEY_AHEAD
)
# A number of a document, a tender or a tax payer is no phone.
_NUMBERED = re.compile(
    r"(?:\bn[.r°º]*|\bno\.|\bprot\w*\.?|\bid\.?|\b(?:CIG|CUP|IVA|VAT|CF)|C\.F\.|\brif\.|\bref\.?)\s*:?\s*$", re.I
)


def without_people(text: str, *, keep_role_boxes: bool = False) -> str:
    """Cut personal data of natural persons from plain text or html (docs/formats.md, "People").

    Role mailboxes (info@, bandi@, procurement@) are cut too, unless `keep_role_boxes`: only a channel that the source
    publishes for this use may keep them.
    """
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        kept.append(_PRIVATE_LINK.sub("", found[0]))
        return _HIDDEN

    read = _PROTECTED.sub(hide, text.replace(_HIDDEN, ""))
    # First, while the address still tells whether it is a person's.
    if _AT.search(read):
        read = _BESIDE_MAIL.sub(_cut_beside, read)
    # Every text of every notice passes here, and most hold neither an address nor a number: look before searching.
    if _AT.search(read):
        read = _MAIL.sub(lambda m: m[0] if keep_role_boxes and _ROLE_BOX.fullmatch(m["local"]) else CUT, read)
    if len(_DIGIT.findall(read)) >= _SHORTEST_PHONE:
        read = _ANNOUNCED.sub(lambda m: f"{m['word']}{m['gap']}{CUT}", read)
        read = _BARE.sub(_cut_phone, read)
        read = _BESIDE_PHONE.sub(_cut_beside, read)
    read = _IN_ROLE.sub(_cut_name, read)
    read = _TITLED.sub(_cut_name, read)
    if CUT in read:
        read = re.sub(rf"(?:{re.escape(CUT)}(?:\s*[,;/-]?\s*)){{2,}}(?<!\s)", CUT, read)
    parts = iter(kept)
    return re.sub(_HIDDEN, lambda _: next(parts), read)


def _cut_beside(found: re.Match[str]) -> str:
    """Cut a name that stands before its own address or number; an office, and whoever has a role mailbox, stays."""
    local = found.groupdict().get("local")
    if _OFFICE.search(found["name"]) or (local and _ROLE_BOX.fullmatch(local)):
        return found[0]
    return f"{found['lead']}{CUT}{found['rest']}"


def _cut_phone(found: re.Match[str]) -> str:
    ahead = found.string[max(0, found.start() - 40) : found.start()]
    return found[0] if _NUMBERED.search(ahead) else CUT


def _cut_name(found: re.Match[str]) -> str:
    name = found["name"]
    before = found[0][: found.start("name") - found.start()]
    titled = found.re is _TITLED
    if titled:
        ahead = found.string[max(0, found.start() - 40) : found.start()]
        if (before.startswith("M.") or _INITIAL_OR_ONE.fullmatch(name)) and _NAMED_AFTER.search(ahead):
            return found[0]
    elif found[0].isupper() and not before.startswith(("RUP", "R.U.P.")) and not _SIGNED.search(before):
        return found[0]  # a heading in capitals
    if office := _OFFICE.search(name):
        # "Contact: Hill City Council" is whole; "Dott. Pia Neri Ufficio Gare" and "Contact: Pia Neri Tel." hold a person.
        person = _BEFORE_OFFICE.match(name, 0, office.start())
        if not person or not (titled or "\n" in name[: office.start()] or _ADDRESS_WORD.fullmatch(office[0])):
            return found[0]
        name = person[0]
    return before + CUT + _HIDDEN * name.count(_HIDDEN) + found["name"][len(name) :]
