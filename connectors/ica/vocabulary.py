"""The words that ICA's export uses for its codes: typology, structure, activity, region.

The one thing to know: a word that is not here makes no code, and is never guessed at; labels for readers are a matter of
config/cooperative_terms.yml.
"""

import re
from collections.abc import Mapping

TYPOLOGY: Mapping[str, str] = {
    "consumeruser coops": "BMT10",
    "consumerusers": "BMT10",
    "producer coops": "BMT20",
    "producers": "BMT20",
    "worker coops": "BMT30",
    "workers": "BMT30",
    "multistakeholder coops": "BMT40",
    "multistakeholders": "BMT40",
    "residents": "BMT50",
    "others": "BMT60",
}
STRUCTURE: Mapping[str, str] = {
    "coop promotersupporter": "OS50",
    "cooperative": "OS115",
    "mutual organisation": "OS170",
    "mutual": "OS170",
    "national apex": "OS180",
    "national sectoral federation or union": "OS190",
    "regional state or provincial level federation or union": "OS200",
    "regional state or provincial federation": "OS200",
    "cooperative group": "OS210",
    "government": "OS220",
    "government agencybody": "OS220",
    "supranational": "OS230",
    "cooperative of cooperatives mutuals": "OS240",
    "cooperative of cooperativesmutuals": "OS240",
}
ACTIVITY: Mapping[str, str] = {
    "agriculture": "ICA10",
    "dairy": "ICA20",
    "forestry": "ICA30",
    "irrigation": "ICA40",
    "fishing": "ICA50",
    "artisans": "ICA60",
    "construction": "ICA70",
    "industry": "ICA80",
    "manufacturing": "ICA90",
    "mining": "ICA100",
    "professional": "ICA110",
    "service": "ICA120",
    "tourism": "ICA130",
    "financial services": "ICA140",
    "insurance": "ICA150",
    "education": "ICA160",
    "health": "ICA170",
    "community": "ICA180",
    "social": "ICA190",
    "social service": "ICA200",
    "housing": "ICA210",
    "transport": "ICA220",
    "utilities": "ICA230",
    "retail": "ICA240",
    "production": "ICA250",
    "wholesale and retail trade": "ICA260",
    "education health social work": "ICA270",
    "other services": "ICA280",
    "all": "ICA290",
}
REGION: Mapping[str, str] = {
    "africa": "I-AF",
    "americas": "I-AM",
    "asiapacific": "I-AP",
    "europe": "I-EU",
    "international": "I",
    "global": "I",
    "central africa": "I-AF-CE",
    "east africa": "I-AF-EA",
    "north africa": "I-AF-NO",
    "southern africa": "I-AF-SO",
    "west africa": "I-AF-WE",
    "caribbean countries": "I-AM-CB",
    "central america": "I-AM-CE",
    "north america": "I-AM-NO",
    "south america": "I-AM-SO",
    "central asia": "I-AP-CE",
    "east asia": "I-AP-EA",
    "middle east": "I-AP-ME",
    "oceania": "I-AP-OC",
    "south east asia": "I-AP-SE",
    "south asia": "I-AP-SO",
    "europe eastern": "I-EU-EA",
    "europe western": "I-EU-WE",
}
_SIGNS = re.compile(r"[^\w\s]+")


def code_of(words: Mapping[str, str], text: str) -> str | None:
    """Return the code of a word, whatever its signs and capitals; None for one that is not on the list."""
    return words.get(" ".join(_SIGNS.sub("", text.casefold()).split()))
