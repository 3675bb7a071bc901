"""From bytes and a claimed charset to text; never raises, and never runs a codec that is not a character set.

Python's registry also holds `rot13`, `idna`, `zip` and the like, and `utf-7` hides what it says: only names on our
list are used. A claim that does not fit its bytes is corrected by the bytes.
"""

from __future__ import annotations

import codecs
import re

from bot.mail.guessing import WESTERN, likely_charset

# What mail says -> what Python calls it. Supersets are chosen on purpose, as browsers do (encoding.spec.whatwg.org):
# mail labelled iso-8859-1 holds Windows quotes, mail labelled gb2312 holds gbk.
ALIASES = {
    "": "utf-8",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "646": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso8859-9": "cp1254",
    "latin5": "cp1254",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "gb18030-2000": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "cp65001": "utf-8",
    "65001": "utf-8",
    "unicode": "utf-16",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-ce": "mac_latin2",
    "x-mac-greek": "mac_greek",
    "x-mac-turkish": "mac_turkish",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-cp1253": "cp1253",
    "x-cp1254": "cp1254",
    "x-unknown": "",
    "unknown-8bit": "",
    "unknown": "",
    "default": "",
    "x-user-defined": "",
    "_iso-8859-1": "cp1252",
    "_iso-8859-7": "iso8859-7",
}
FAMILIES = re.compile(r"(?:windows|cp|iso8859|iso-8859|iso_8859|koi8|ibm|utf-16|utf-32|utf_16|utf_32|mac|euc|hz|johab|ptcp|cp)")
NEVER = frozenset({"utf-7", "utf_7", "idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem"})
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UTF_7 = frozenset({"utf-7", "utf_7", "unicode-1-1-utf-7"})
SHIFTED = re.compile(rb"\+[A-Za-z0-9+/]{3,}")
ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b$A", b"\x1b$)C")


def decode(data: bytes, claimed: str | None) -> str:
    """`data` as text without NULs and lone surrogates; what cannot be decoded becomes U+FFFD."""
    text = _decode(data, codec_for(claimed))
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def codec_for(claimed: str | None) -> str:
    """Python's name for a claimed charset, or "" when the claim says nothing we can use."""
    name = (claimed or "").strip().strip("\"'").lower().replace(" ", "")
    name = re.sub(r"^charset=", "", name)[:40].replace("–", "-")
    if name in ALIASES:
        return ALIASES[name]
    if name in NEVER or not FAMILIES.match(name):
        return ""
    return _python_name(name)


def is_unread(data: bytes, claimed: str | None) -> bool:
    """Whether letters stay hidden in a coding that is never run: UTF-7 says `+A6YDxQ` for two Greek ones."""
    return (claimed or "").strip().strip("\"'").lower() in UTF_7 and SHIFTED.search(data) is not None


def _python_name(name: str) -> str:
    for candidate in (name, name.replace("windows-", "cp"), name.replace("_", "-").replace("iso8859", "iso-8859")):
        try:
            found = codecs.lookup(candidate)
        except (LookupError, UnicodeError, ValueError):
            continue
        return found.name if found._is_text_encoding else ""
    return ""


def _decode(data: bytes, codec: str) -> str:
    for mark, name in BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if data.isascii() and not any(escape in data for escape in ESCAPES) and not codec.startswith(("utf-16", "utf-32", "hz")):
        return data.decode("ascii")
    # Text in another charset is almost never valid UTF-8 by chance, so bytes win over a single-byte claim.
    if codec == "" and any(escape in data for escape in ESCAPES):
        codec = "iso2022_jp_ext"
    if codec in ("", "utf-8") or codec.startswith(("cp", "iso8859", "koi8", "mac")):
        guess = _strictly(data, "utf-8")
        if guess is not None:
            return guess
    return _claimed_or_guessed(data, codec)


def _claimed_or_guessed(data: bytes, codec: str) -> str:
    if codec == "utf-8" and _mostly_utf8(data):
        return data.decode("utf-8", "replace")
    if codec and codec not in ("utf-8", WESTERN):
        return _strictly(data, codec) or data.decode(codec, "replace")
    likely = likely_charset(data)
    return _strictly(data, likely) or (data.decode("latin-1") if likely == WESTERN else data.decode(likely, "replace"))


def _mostly_utf8(data: bytes) -> bool:
    """A long UTF-8 text cut in the middle of a letter is still UTF-8; legacy text full of lone high bytes is not."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    high = sum(1 for letter in text if letter > "\x7f") - broken
    return high > 0 and (broken <= 2 or high > broken * 4)


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):
        return None
