"""Bodies of answers: read within limits, decompressed by us, and decoded to text in one fixed order.

The one thing to know: nothing is decompressed before it is counted. A few hundred bytes can unpack to gigabytes, and a
library that unpacks first has lost before the limit is looked at.
"""

import codecs
import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from connectors.base.contract import FetchError
from connectors.base.guard import masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds, bytes, and bytes a second. A connector may lower them; to raise them it gives its reason in ABOUT."""

    connect: float = 10.0
    read: float = 30.0
    whole: float = 60.0
    raw: int = 5_000_000
    decoded: int = 20_000_000
    ratio: int = 100
    ratio_from: int = 1_000_000
    slow_after: float = 10.0
    slow_rate: float = 1_000.0
    redirects: int = 5


STANDARD = Limits()


def bulk_limits(most: int) -> Limits:
    """The limits of a bulk file of at most `most` bytes: it may take ten minutes, for it goes to a file as it comes."""
    return Limits(whole=600.0, raw=most, decoded=most)


class _Unpacker:
    """Gzip, piece by piece and never more than asked for; several members in a row are one body (RFC 1952, 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self._begun = False

    def feed(self, data: bytes, most: int) -> bytes:
        """Return at most `most` bytes; what is then left over is dropped, for the caller is about to refuse it all."""
        out = bytearray()
        while data and len(out) < most:
            self._begun = True
            out += self._member.decompress(data, most - len(out))
            if not self._member.eof:
                data = self._member.unconsumed_tail
                continue
            data = self._member.unused_data
            if not data.startswith(b"\x1f\x8b"):
                break  # zeros or rubbish behind the last member: ignored, as gzip itself does
            self._member = zlib.decompressobj(31)
        return bytes(out)

    @property
    def complete(self) -> bool:
        return self._member.eof or not self._begun


def read_body(
    chunks: Iterable[bytes],
    headers: Mapping[str, str],
    *,
    url: str,
    limits: Limits,
    monotonic: Callable[[], float] = time.monotonic,
    enough: int | None = None,
) -> bytes:
    """Read a whole body within the limits and undo its content encoding; with `enough`, so many bytes of it at most.

    Raises FetchError: "blocked" when it is too large, unpacks to too much or is packed in a way that we did not ask
    for; "transient" when it is cut off, damaged or comes too slowly.
    """
    body = bytearray()
    for piece in _pieces(chunks, headers, url=url, limits=limits, monotonic=monotonic, enough=enough):
        body += piece
    return bytes(body) if enough is None else bytes(body[:enough])


def spool_body(
    chunks: Iterable[bytes],
    headers: Mapping[str, str],
    into: IO[bytes],
    *,
    url: str,
    limits: Limits,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Write a whole body into a file as it comes, within the limits and decoded. Raises FetchError as `read_body`."""
    into.seek(0)
    into.truncate()  # what an earlier try has left there
    for piece in _pieces(chunks, headers, url=url, limits=limits, monotonic=monotonic):
        into.write(piece)


def _pieces(
    chunks: Iterable[bytes],
    headers: Mapping[str, str],
    *,
    url: str,
    limits: Limits,
    monotonic: Callable[[], float],
    enough: int | None = None,
) -> Iterator[bytes]:
    unpacker = _unpacker(headers.get("content-encoding", ""), url)
    announced = headers.get("content-length", "")
    if enough is None and announced.isdigit() and (len(announced) > 18 or int(announced) > limits.raw):
        raise _refused(url, f"the answer is larger than {limits.raw} bytes")
    begun, raw, decoded = monotonic(), 0, 0
    for chunk in chunks:
        raw += len(chunk)
        if raw > limits.raw:
            raise _refused(url, f"the answer is larger than {limits.raw} bytes")
        most = limits.decoded + 1 if enough is None else enough
        piece = chunk if unpacker is None else _unpacked(unpacker, chunk, most - decoded, url)
        decoded += len(piece)
        yield piece
        if enough is not None and decoded >= enough:
            return
        if decoded > limits.decoded:
            raise _refused(url, f"the answer unpacks to more than {limits.decoded} bytes")
        if decoded > limits.ratio_from and decoded > limits.ratio * raw:
            raise _refused(url, f"the answer unpacks to more than {limits.ratio} times its size")
        spent = monotonic() - begun
        if spent > limits.slow_after and raw < limits.slow_rate * spent:
            raise FetchError("transient", masked(url), "the answer comes too slowly")
    if unpacker is not None and (not unpacker.complete or (raw == 0 and announced != "0")):
        raise FetchError("transient", masked(url), "the answer was cut off (truncated body)")


def _unpacker(encoding: str, url: str) -> _Unpacker | None:
    named = [name for part in encoding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if not named:
        return None
    if named in (["gzip"], ["x-gzip"]):
        return _Unpacker()
    # What a stranger wrote is repeated only where it can be the name of a packing.
    shown = encoding if re.fullmatch(r"[\w .,*+-]{1,60}", encoding) else "something"
    raise _refused(url, f"the answer is packed as {shown!r}, which we did not ask for")


def _unpacked(unpacker: _Unpacker, chunk: bytes, most: int, url: str) -> bytes:
    try:
        return unpacker.feed(chunk, most)
    except zlib.error as exc:
        raise FetchError("transient", masked(url), "the answer cannot be unpacked (damaged body)") from exc


def _refused(url: str, why: str) -> FetchError:
    return FetchError("blocked", masked(url), why)


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_AS_NAMED = """
    utf-8 utf-16-le utf-16-be cp866 cp874 cp932 cp949 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15
    iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic gb18030 big5 euc_jp iso2022_jp
"""
# Python's name -> what a browser reads under that label (WHATWG Encoding Standard, section 4.2). Not listed: refused,
# above all utf-7, which has been used to smuggle markup, and Python's own codecs that are no charsets.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
} | {name: name for name in _AS_NAMED.split()}
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)


def decode_text(body: bytes, content_type: str = "") -> tuple[str, bool]:
    """Decode a body to text; the second value says that the charset was guessed, so the text may be wrong.

    Order: byte order mark, HTTP header, XML declaration or meta (first 2 kB), strict UTF-8, windows-1252. A label that
    is unknown or does not fit the bytes is passed over; UTF-8 under a Western label is read as what it is, and flagged.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace"), False
    head = body[:2048]
    http = _HTTP_CHARSET.search(content_type)
    inside = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    labels = (http[1] if http else None, inside[1].decode("ascii") if inside else None, "utf-8")
    for place, label in enumerate(labels):
        charset = _charset(label)
        # A declaration that can be read byte by byte is not written in UTF-16, whatever it says.
        if charset is None or (charset.startswith("utf-16") and (place == 1 or b"\0" not in head)):
            continue
        text = _strict(body, charset)
        if text is None:
            continue
        # Almost any bytes fit windows-1252, while text in it is as good as never valid UTF-8 by chance.
        if charset == "cp1252" and not body.isascii() and (meant := _strict(body, "utf-8")) is not None:
            return meant, True
        return text, False
    return _damaged_utf8(body) or body.decode("cp1252", errors="replace"), True


_BROKEN_SIGNS = 0.005
# UTF-8 that somebody read as windows-1252: "perchÃ©", "lâ€™avviso", "nÂ° 5".
_MOJIBAKE = re.compile(
    "Ã[\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â€[\u0080-\u00bf\u0153\u02dc\u201c-\u2122]|Â[\u00a0-\u00bf]"
)
_MANY_MOJIBAKE = 3


def doubt(text: str, *, guessed: bool = False) -> str | None:
    """Say why a decoded text may be wrong: signs that could not be read, signs that were read wrongly, a guess."""
    if text.count("\ufffd") > _BROKEN_SIGNS * len(text):
        return "many letters cannot be read"
    if len(_MOJIBAKE.findall(text)) >= _MANY_MOJIBAKE:
        return "it holds letters that were read in the wrong charset before they came here"
    return "its charset is declared wrongly or not at all" if guessed else None


def _damaged_utf8(body: bytes) -> str | None:
    # One broken sign in a long text, often where somebody cut it, must not turn every other accent into two signs.
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(sign > "\x7f" for sign in text) - broken
    return text if whole > 4 * broken else None


def _strict(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def _charset(label: str | None) -> str | None:
    if label is None:
        return None
    try:
        return _READ_AS.get(codecs.lookup(label.strip()).name)
    except (LookupError, ValueError):
        return None
