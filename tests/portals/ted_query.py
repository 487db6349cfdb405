"""The part of TED's expert query language that a simulator needs: a parser that answers with a test of one notice.

    or        = and { "OR" and }
    and       = unary { "AND" unary }
    unary     = "NOT" unary | "(" or ")" | condition
    condition = field "IN" "(" value { value } ")" | field op value          op: = != > >= < <=

The one thing to know: a day that is not YYYYMMDD is no error, it finds nothing, as on the live platform.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Values = Callable[[str], Collection[str]]
Test = Callable[[Values], bool]

_TOKEN = re.compile(r"\s*(?:(\()|(\))|(>=|<=|!=|=|>|<)|\"([^\"]*)\"|(today\(-?\d+\))|([\w.*()-]*[\w.*-]))")
_SORT = re.compile(r"\s+SORT\s+BY\s+([\w-]+)(?:\s+(ASC|DESC))?\s*$", re.IGNORECASE)
_WORDS = ("AND", "OR", "NOT", "IN")


class QueryError(Exception):
    """What the platform would say; `column` counts from 1."""

    def __init__(self, kind: str, column: int, field: str | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.column = column
        self.field = field


@dataclass(frozen=True, slots=True)
class Query:
    test: Test
    newest_first: bool


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    column: int
    word: bool


def parse(query: str, *, fields: Collection[str], today: date) -> Query:
    """Read an expert query. Raises QueryError."""
    order = _SORT.search(query)
    if order and order[1] not in fields:
        raise QueryError("QUERY_UNKNOWN_FIELD", order.start(1) + 1, order[1])
    reader = _Reader(_tokens(query[: order.start()] if order else query), fields, today)
    test = reader.either()
    reader.end()
    return Query(test, newest_first=bool(order and (order[2] or "ASC").upper() == "DESC"))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise QueryError("QUERY_SYNTAX_ERROR", at + 1)
        quoted = token[4] is not None
        word = token[4] if quoted else token[0].strip()
        found.append(_Token(word, token.end() - len(token[0].strip()) + 1, quoted or bool(token[5] or token[6])))
        at = token.end()
    return found


class _Reader:
    def __init__(self, tokens: list[_Token], fields: Collection[str], today: date) -> None:
        self.tokens = tokens
        self.fields = fields
        self.today = today
        self.at = 0

    def either(self) -> Test:
        tests = [self._both()]
        while self._take("OR"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda values: any(test(values) for test in tests)

    def _both(self) -> Test:
        tests = [self._unary()]
        while self._take("AND"):
            tests.append(self._unary())
        return tests[0] if len(tests) == 1 else lambda values: all(test(values) for test in tests)

    def _unary(self) -> Test:
        if self._take("NOT"):
            inner = self._unary()
            return lambda values: not inner(values)
        if self._take("("):
            inner = self.either()
            self._need(")")
            return inner
        return self._condition()

    def _condition(self) -> Test:
        field = self._word()
        if field.text not in self.fields:
            raise QueryError("QUERY_UNKNOWN_FIELD", field.column, field.text)
        if self._take("IN"):
            self._need("(")
            wanted = [self._word().text]
            while not self._take(")"):
                wanted.append(self._word().text)
            tests = [_equals(field.text, value) for value in wanted]
            return lambda values: any(test(values) for test in tests)
        sign = next(filter(self._take, ("=", "!=", ">=", "<=", ">", "<")), None)
        if sign is None:
            raise self._wrong()
        value = self._word().text
        if sign not in ("=", "!="):
            return _compares(field.text, sign, self._day(value))
        equal = _equals(field.text, value)
        return equal if sign == "=" else lambda values: not equal(values)

    def _day(self, value: str) -> str | None:
        ago = re.fullmatch(r"today\((-?\d+)\)", value)
        if ago:
            return f"{self.today + timedelta(days=int(ago[1])):%Y%m%d}"
        try:
            day = datetime.strptime(value.replace("-", ""), "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return None
        return f"{day:%Y%m%d}"

    def _word(self) -> _Token:
        if self.at == len(self.tokens) or not self.tokens[self.at].word or self.tokens[self.at].text in _WORDS:
            raise self._wrong()
        self.at += 1
        return self.tokens[self.at - 1]

    def _take(self, text: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].text.upper() == text:
            self.at += 1
            return True
        return False

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise self._wrong()

    def _wrong(self) -> QueryError:
        last = self.tokens[-1].column + len(self.tokens[-1].text) if self.tokens else 1
        return QueryError("QUERY_SYNTAX_ERROR", self.tokens[self.at].column if self.at < len(self.tokens) else last)

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise self._wrong()


def _equals(field: str, wanted: str) -> Test:
    if wanted.endswith("*"):
        return lambda values: any(value.startswith(wanted[:-1]) for value in values(field))
    return lambda values: wanted in values(field)


def _compares(field: str, sign: str, wanted: str | None) -> Test:
    if wanted is None:
        return lambda values: False
    compare: dict[str, Callable[[str], bool]] = {
        ">=": lambda value: value >= wanted,
        "<=": lambda value: value <= wanted,
        ">": lambda value: value > wanted,
        "<": lambda value: value < wanted,
    }
    return lambda values: any(map(compare[sign], values(field)))
