"""What a text says of who may apply, clause by clause: a subject (from abroad, of the United States) and a verdict on it.

The one thing to know: a word counts only where it makes somebody an applicant ("open to", "applications from"), so that
partners, customers and pupils from abroad say nothing; and what cannot be told is a cue too, `mentioned` or `contradicted`.
"""

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from connectors.grants_gov.clauses import Clause, clauses
from connectors.grants_gov.subjects import (
    AMONG_OTHERS,
    APPLICANTS_OF_USA,
    DOMESTIC,
    FEW,
    FEW_KINDS,
    FOREIGN,
    FOREIGN_AT_ALL,
    NARROW_PLACE,
    OF_GOODS,
    OF_OTHERS,
    OF_PROJECTS,
    OF_THE_PLACE,
    OF_USA,
    ONLY_DOMESTIC,
)

Cue: TypeAlias = Literal[
    "invited",  # those from abroad may apply
    "refused",  # those from abroad may not
    "partly",  # some kinds of those from abroad may not
    "mentioned",  # those from abroad are spoken of, and nothing is certain
    "contradicted",  # one clause says both
    "only",  # nobody but those of the United States
    "domestic",  # those of the United States may apply
    "few",  # one named recipient, members of a network, universities
]

_NOT = re.compile(
    r"\b(?:(?:may|can|shall|will|must|should) )?(?:not|never|neither|nor|no longer|cannot|unable)\b(?: [\w-]+){0,3}?"
    r" (?:eligible|apply|allowed|permitted|considere?d?"
    r"|accept(?:ed|able)?|invited?|compete|submit|receive|open|include[sd]?|qualify|made|fund(?:ed)?|award(?:ed)?|available"
    r"|authori[sz]ed|serve|review(?:ed)?|support(?:ed)?|granted|given|issued|paid|welcomed?|be (?:an? )?foreign)\b"
    r"|\bineligible\b|\bcannot\b"
    r"|\b(?:may|can|shall|will|must|should) not\b|\b(?:is|are|do|does) not$|\bexclu(?:de[sd]?|ding|sion)\b|\bprohibited\b"
    r"|\bdisqualif\w+|\bbarred\b"
    r"|\b(?:unavailable|closed) to\b|\bprecluded\b|\bdenied\b|\brejected\b|\bdeclined\b|\bwithout review\b|\bneed not apply\b"
    r"|\bno (?:award|grant|fund|application|proposal|assistance)\w*\b"
)
_MAY = re.compile(
    r"\beligible\b(?! (?:applicant|entit|organi|institut|recipient|activit|costs?))|\bopen to\b|\ballowed\b|\bpermitted\b"
    r"|\b(?:may|can) (?:also )?(?:apply|submit|compete|participate|receive|be\b(?! eligible))|\b(?:invite|encourage|welcome)d?\b"
    r"|\baccept(?:s|ed)?\b|\bqualif(?:y|ies)\b|\bmust be \w+ (?:abroad|anywhere)\b"
)
# Enough where no other word stands.
_NAMED = re.compile(
    r"\binclud(?:es?|ed|ing)\b|\beligible\b|\bboth\b|\bwhether\b|\blimited to\b|\b(?:made|awarded) to\b|\bbe submitted\b"
)
_NONE_FOREIGN = re.compile(
    r"(?:\b(?:except(?:ing)?(?: for| that)?|excluding|other than|apart from|but not|with the exception of)(?: any| all)?"
    r"|(?:^|[,:] ?)no) (?:foreign|international)\b"
)
_DOUBTED = re.compile(
    r"\b(?:generally|usually|normally|typically|rarely|seldom|in most cases|unless|might|could be|may be (?:in)?eligible"
    r"|only (?:with|if|when|in|by|under|through|after|on))\b"
)
_NO = re.compile(r"\b(?:not?|never|neither|nor|cannot|without|unable)\b|\bexclu|\bineligible\b")
_CONDITION = re.compile(r"^(?:if|when|where|in case)\b")
_AS_PARTNER = re.compile(
    r"\b(?:sub-?recipients?|sub-?award\w*|sub-?grant\w*|sub-?contract\w*|collaborat\w+|consultants?|partners?)\b"
)
_ONLY_AS_PARTNER = re.compile(
    r"\bonly (?:apply |participate )?as (?:an? )?(?:unfunded |funded )?(?:sub|partner|collab|consult|contract)"
)
_NOT_APPLY = re.compile(r"\b(?:not|cannot)(?: be)?(?: allowed| permitted| eligible)?(?: to)? apply\b")
_SOME_KINDS = re.compile(r"\b(?:for-?profit|commercial|public|governmental|state-owned)\b(?! international)")
_OTHER_KINDS = re.compile(r"\b(?:private|non-?profit|not-for-profit|non-?governmental)\b")
_NOT_REQUIRED = re.compile(
    r"\b(?:not|nor|never)(?: \w+){0,2}? (?:limited|restricted|confined|required|have|need) to\b|\bneed not\b"
)
_PREFERENCE = re.compile(r"\b(?:priority|preference|bonus)\b")
_EVERYBODY = re.compile(r"^(?:all|any|anyone|anybody|everyone|others)\b(?: \w+)? (?:may|can)\b")
_DUTY = re.compile(r"\b(?:must|shall|should|required)\b")
_VERB = re.compile(
    r"\b(?:is|are|be|was|were|has|have|had|must|shall|should|will|may|can|cannot|need|needs|see|do|does|not|apply|requires?)\b"
)
_HEADING = re.compile(r":|^(?:in)?eligible \w+(?: \w+)?$|^the following\b")

_LINE = 6
"""So many words beside the applicant in a line of a list."""


def cues(text: str) -> Iterator[Cue]:
    """Say what each clause of a plain text says of who may apply; nothing for clauses about something else."""
    refusing = preferred = False
    for clause in clauses(text):
        words, found = clause.words, _of_clause(clause)
        if refusing and not _VERB.search(words):
            # A line under "The following are not eligible:".
            found = {"refused"} if "invited" in found else set()
        elif heading := _HEADING.search(words):
            refusing = bool(_NOT.search(words[: heading.end()] if heading[0] == ":" else words))
        elif _VERB.search(words):
            refusing = False
        if preferred and _EVERYBODY.search(words):
            found = {"invited"}
        preferred = preferred or bool(_PREFERENCE.search(words) and DOMESTIC.search(words))
        yield from found


def _of_clause(clause: Clause) -> set[Cue]:
    words = clause.words
    if FEW.search(words):
        return {"few"}
    if foreign := [*FOREIGN.finditer(words)]:
        # Each between its commas: "..., including foreign ones, individuals may not" says two things.
        told = {(_near(words, each.start(), each.end()), each[0]) for each in foreign}
        return {cue for near, who in told if (cue := _of_foreign(clause, near=near, who=who))}
    if domestic := _of_domestic(clause):
        return {domestic}
    if NARROW_PLACE.search(words) or (
        FOREIGN_AT_ALL.search(words) and (_NO.search(words) or _NOT.search(words) or clause.asked)
    ):
        return {"mentioned"}
    return {"few"} if FEW_KINDS.search(words) else set()


def _near(words: str, start: int, end: int) -> str:
    begun = words.rfind(",", 0, start + 1)
    if words.startswith(", includ", begun):
        begun = words.rfind(",", 0, begun)
    ended = words.find(",", end)
    return words[begun + 1 : ended if ended > 0 else None]


def _of_foreign(clause: Clause, *, near: str, who: str) -> Cue | None:
    words = clause.words
    if clause.asked:
        return "mentioned" if clause.answer is None else "invited" if clause.answer else "refused"
    if _CONDITION.search(words):
        return "mentioned" if _NOT.search(words) else None
    if _AS_PARTNER.search(words):
        if _ONLY_AS_PARTNER.search(words) or _NOT_APPLY.search(words):
            return "refused"
        return "mentioned" if _NOT.search(words) or _MAY.search(_AS_PARTNER.split(words)[0]) else None
    if _DOUBTED.search(words):
        return "mentioned"
    if OF_PROJECTS.search(words):
        return "mentioned" if _NO.search(words) else None
    if _NONE_FOREIGN.search(near):
        return _refusal(words, who)
    # A verb beside it that says neither ("individuals are not eligible, foreign organizations are") is not looked past.
    for said in (near, words) if not _VERB.search(near) else (near,):
        refused, allowed = _NOT.search(said), _MAY.search(_NOT.sub(" ", said))
        if refused and allowed:
            # Between other commas it may be said of others.
            if said is near is not words:
                continue
            return "contradicted"
        if refused:
            return _refusal(words, who)
        if allowed or (_NAMED.search(said) and not (said is near and ", includ" in said)):
            return "invited"
    # A line of a list of applicants needs no verb.
    return "mentioned" if _VERB.search(words) or len(words.replace(who, "").split()) > _LINE else "invited"


def _refusal(words: str, who: str) -> Cue:
    # Of a part of them ("that ...", "with ..."), or of all but the people of one place.
    if re.search(
        rf"{re.escape(who)},? (?:that|who|which|with|without|whose|in|from) |\busa (?:and|or) (?:other )?foreign", words
    ):
        return "mentioned"
    return "partly" if _SOME_KINDS.search(who) and not _OTHER_KINDS.search(who) else "refused"


def _of_domestic(clause: Clause) -> Cue | None:
    words = clause.words
    only = ONLY_DOMESTIC.search(words)
    if not (only or DOMESTIC.search(words)) or _PREFERENCE.search(words) or _CONDITION.search(words):
        return None
    if clause.asked:
        return "mentioned" if clause.answer is None else "only" if clause.answer else "invited"
    if _NOT_REQUIRED.search(words):
        return "invited"
    if OF_OTHERS.search(words) or (not only and OF_PROJECTS.search(words)):
        return None
    if AMONG_OTHERS.search(re.sub(OF_USA, "usa", words)) or OF_GOODS.search(words) or OF_THE_PLACE.search(words):
        return "mentioned"
    if _NOT.search(words):
        return "mentioned"
    if only:
        return "only"
    return "domestic" if APPLICANTS_OF_USA.search(words) and not _DUTY.search(words) else "mentioned"
