"""Which notices are the same under another number: by what they say, without what names them. Pure.

The one thing to know: it is better to leave a pair apart than to join two siblings, so whoever could be meant by two others
is meant by neither.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from hashlib import blake2b

from connectors.base.contract import Notice

# Identity and addresses, and what is made of them.
_NAMES = frozenset({"source_id", "url", "same_as", "documents", "links", "contact", "extra"})


def pairs(old: Mapping[str, Notice], new: Mapping[str, Notice]) -> dict[str, str]:
    """Say which of the new notices is which of the old ones (old id → new id).

    First those that say the same in every word; of the rest those with the same title and the same stated deadlines.
    """
    found: dict[str, str] = {}
    for draw in (_content, _title_and_deadlines):
        left_old = {key: notice for key, notice in old.items() if key not in found}
        left_new = {key: notice for key, notice in new.items() if key not in found.values()}
        one, other = _alone(left_old, draw), _alone(left_new, draw)
        found |= {one[mark]: other[mark] for mark in one.keys() & other.keys()}
    return dict(sorted(found.items()))


def _alone(notices: Mapping[str, Notice], draw: Callable[[Notice], Hashable | None]) -> dict[Hashable, str]:
    """The mark of every notice that shares it with no other."""
    by_mark: dict[Hashable, list[str]] = {}
    for key, notice in notices.items():
        mark = draw(notice)
        if mark is not None:
            by_mark.setdefault(mark, []).append(key)
    return {mark: keys[0] for mark, keys in by_mark.items() if len(keys) == 1}


def _content(notice: Notice) -> Hashable:
    said = notice.model_dump(mode="json", exclude=set(_NAMES))
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(canonical.encode("utf-8", "backslashreplace"), digest_size=16).digest()


def _title_and_deadlines(notice: Notice) -> Hashable | None:
    days = tuple(sorted((d.kind, d.on.isoformat(), d.at or "") for d in notice.deadlines if d.on is not None))
    if not days:
        return None  # a title alone is no proof: many are called alike
    return _folded(title.text for title in notice.titles.values()), days


def _folded(titles: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(text.casefold().split()) for text in titles)
