"""The door of this room: who should hear of what, and why. The rest of the program knows these names and no others.

prepare(members)    profiles made ready, once
judge(...)          one profile, one item: a verdict with its reasons; pure
record(...)         the matches of new and changed items, written when they arise
record_all(...)     the matches of everybody with everything unfinished, after profiles changed
"""

from aggregator.matching.judge import Prepared, judge, prepare
from aggregator.matching.record import reasons_of, record, record_all
from aggregator.matching.verdict import Reason, Verdict

__all__ = ["Prepared", "Reason", "Verdict", "judge", "prepare", "reasons_of", "record", "record_all"]
