"""Who a clause speaks of: applicants from abroad, applicants of the United States, the few, and those who are none.

The one thing to know: "U.S. companies" are applicants only where a word before them says so; the customers, pupils and
partners of an applicant, and what its money buys, have a country too.
"""

import re

from connectors.grants_gov.clauses import ENTITY, SEAT

_KIND = (
    r"(?:(?:public|private|local|non-?profit|not-for-profit|for-?profit|non-?governmental|civil society|higher|education(?:al)?"
    r"|academic|research|commercial|small|agricultural|farm(?:er)?|producer|trade|state|national|cultural|industry|foreign"
    r"|registered|accredited|tax-exempt|legal|501 c 3|and|or|prime|lead)[\s,/-]+){0,6}"
)
# What makes the next words an applicant.
_LEAD = (
    r"(?:^|[,:*/] ?|\b(?:(?:un)?available|open|limited|restricted|made|closed|awarded|given|granted|issued|paid"
    r"|confined) to (?:all |any )?"
    r"|\b(?:applications?|proposals?|submissions?|invited|accepted|received) from (?:all |any )?|\b(?:submitted by|exception of) "
    r"|\b(?:funds?|consider|support|accept|invite|welcome|encourage|prohibits?|exclu(?:de[sd]?|ding)|includ(?:es?|ed|ing)"
    r"|are|be|is|an?|the|and|or|nor|no|all|any|both|only|can|may|do|does|most|other|(?:in)?eligible|except(?: for| that)?"
    r"|whether|n?either) )"
)
FOREIGN = re.compile(
    rf"{_LEAD}(?:(?:public|private|other|eligible|qualified) )*(?:foreign|international)\b[\s,/-]+{_KIND}{ENTITY}\b"
    rf"|\b(?:{ENTITY}|those|individuals)\b(?:,? [\w-]+){{0,4}}?,? (?:in the usa or |located in the usa or )?(?:abroad|anywhere)\b"
    rf"|\b{SEAT} in the usa,? (?:and|or|and/or) (?:those )?(?:abroad|anywhere)\b"
    r"|\b(?:usa|domestic)(?:-based)?(?: (?:and|or|&) |/)foreign\b|\bforeign (?:and|or) (?:usa|domestic)\b"
    rf"|\b(?:applications?|proposals?|apply|be) (?:abroad|anywhere)\b|\bmust be {SEAT} (?:abroad|anywhere)\b"
)
# Spoken of in any way, for where a refusal stands beside it.
FOREIGN_AT_ALL = re.compile(r"\b(?:foreign|abroad|non-?citizens?)\b")
_IN_USA = (
    r"(?:in|within|under|inside),? (?:(?:the|an?|any|one|each|all|its|of|rural|urban|areas?|laws?|states?|territor(?:y|ies)"
    r"|possessions?|or|and|50|fifty|district|columbia|continental|contiguous)[\s,]+){0,12}?"
    r"(?:usa\b|(?:\d\d|fifty)(?: contiguous| continental)? states\b|an? state(?=$| or territory\b))"
)
OF_USA = rf"(?:usa|domestic)(?:-based)? {_KIND}{ENTITY}\b"
_SEAT = rf"\b(?:{SEAT}|place of business|office|headquarters|domicile|campus)\b"
_SEATED = rf"(?:\b{ENTITY} {_IN_USA}|{_SEAT}(?: [\w-]+){{0,6}}?,? {_IN_USA})"
_ONLY_WORD = r"\b(?:only|solely|exclusively|limited to|restricted to|confined to"
APPLICANTS_OF_USA = re.compile(rf"{_LEAD}{OF_USA}|{_SEATED}")
DOMESTIC = re.compile(rf"{APPLICANTS_OF_USA.pattern}|{_ONLY_WORD})\b.*\busa\b")
ONLY_DOMESTIC = re.compile(
    rf"{_ONLY_WORD}|must be|shall be)\b(?: [\w-]+){{0,6}}? {OF_USA}"
    rf"|{_ONLY_WORD})(?: to)? usa citizens\b|{_ONLY_WORD})\b[^;,]{{0,80}}?{_SEATED}"
    rf"|\b(?:{OF_USA}|usa|domestic(?:ally)?) only\b"
    rf"|(?:\b(?:{ENTITY}|you)\b|^(?=must))[^;]{{0,60}}?\bmust (?:be|have)\b"
    rf"[^;]{{0,60}}?(?:{_SEATED}|\bcitizens of the usa|\busa citizens?\b)"
)
# A duty of somebody else: of those of the United States among others, of parts and people of a project.
OF_OTHERS = re.compile(
    rf"(?:^|: ?)(?:the |all |any )?(?:(?:{OF_USA}|{ENTITY} {_SEATED}) (?:must|shall|should)"
    r"|(?:sub|project|student|personnel|key |site|activit|participant|beneficiar)\w*)"
)
# No applicant stands at the head of it, or a partner of one does.
OF_PROJECTS = re.compile(
    r"^(?:the |all )?(?:projects|activities|programs|costs|travel|training|exchanges?|events|partnerships?|research)\b"
    rf"|\b(?:with(?! an? (?:[\w-]+ )?place)|help\w*|assist\w*|serv\w+|benefit\w*|among|between|train\w*)"
    rf" (?:[\w-]+ ){{0,3}}?(?:{OF_USA}|{ENTITY} {_SEATED})"
)
AMONG_OTHERS = re.compile(
    r"\b(?!(?:public|private|nonprofit|profit|usa|commercial|small)\b)\w+,? (?:and|or|as well as) usa\b"
    r"|\b(?:also|as well|too)\b|\b(?:foreign|abroad|anywhere|elsewhere)\b"
)
OF_GOODS = re.compile(r"\b(?:purchas\w+|procure\w*|buy|goods|products?|bank|venue|carriers?|citizen\w* aged)\b")
NARROW_PLACE = re.compile(rf"\b{SEAT} in (?:an?|the) (?:[\w-]+ ){{0,4}}(?:country|nation)\b")
OF_THE_PLACE = re.compile(r"\bhost countr|\blocal (?:organi|ngo|entit|institution|group)")
FEW = re.compile(
    r"\b(?:partners?|members?|participant\w*|participating \w+)\b[^;]{0,60}?\b(?:cesu|cooperative ecosystem studies unit)"
    r"|\b(?:single|sole)[ -]source\b|\bby invitation only\b|\binvited? (?:applicants? |applications? )?only\b"
    r"|\bnot (?:open for|subject to|a) compet\w+|\bnotice of intent\b"
)
FEW_KINDS = re.compile(
    r"(?<!not )\b(?:only|limited to|restricted to)\b[^;]{0,40}?\b(?:current|existing|previous(?:ly)?|incumbent|invited"
    r"|individuals|students|institutions of higher education|universities|colleges)\b"
)
