"""Reads the last day of an absence out of a notice: "bis 14.05.", "back on 3 June", "μέχρι 5 Μαΐου".

In: text and the day it was written. Out: the last day away, or None. Day before month unless the numbers forbid it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

# Stems of three to five letters, the longest that fits counts: Croatian srpnja is July, Czech srpna is August.
MONTHS = {
    1: "jan gen ene ιαν ian sij oca jän янв січ ену stycz led tammi",
    2: "feb fev fév φεβ velj şub sub фев лют lut únor helmi",
    3: "mar mär μαρ μάρ ožu ozu mrz мар бер maa márc mrt břez",
    4: "apr avr abr απρ tra nis апр квіт kwi ápr dub huhti",
    5: "may mai mag μαϊ μαΐ μαι μάι svi maj мая май трав máj mei květ touko",
    6: "jun juin giu ιουν ιούν iun lip haz июн юни черв czerw jún kesä",
    7: "jul juil lug ιουλ ιούλ iul srp tem июл юли лип lipca lipie júl heinä",
    8: "aug ago aoû aou αυγ αύγ kol ağu agu авг серп sier srpna srpen elo",
    9: "sep set sept σεπ ruj eyl сен сеп вер wrz szept září syys",
    10: "oct okt ott οκτ lis eki out окт жовт paź říj loka",
    11: "nov νοε νοέ noi stu kas ноя ное лист marras",
    12: "dec déc dez dic δεκ pro ara дек груд gru joulu",
}
LISTOPAD = re.compile(r"listopad", re.IGNORECASE)  # October in Croatia, November in Poland
ANY_DAY = date(2024, 1, 1)
# Days of the week and small words that begin like a month
NO_MONTH = re.compile(
    r"mar(?:di|ted|tes|ți|ti\b)|nis(?:am|mo|te|u)\b|mai(?:s|ntenant|l)|maj(?:or|eur)|mag(?:gior|ari)|sep(?:arat)|apr(?:es|ès)\b|dec(?:i|is)"
)
_Found = tuple[tuple[int, int], date]  # where it stands, and the day
STEMS = {stem: month for month, stems in MONTHS.items() for stem in stems.split()}
NUMERIC = re.compile(
    r"(?<![\d.,/-])(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|"
    r"\d{2}))?)(?!\d|[:h]\d)"
)
DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|ª|η)?\.?\s+(?:(?:de|of|di|a|)\s+)?([^\W\d_]{3,12})\.?(?:,?\s+(?:de\s+|"
    r"of\s+|del\s+)?(\d{4}))?"
)
MONTH_DAY = re.compile(r"\b([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?!\d|[:.]\d)")
BACK = re.compile(
    r"\b(?:back|return\w*|again|nuovamente|di nuovo|(?:à|de) nouveau|de nuevo|din nou|reincorpor\w+|πάλι|tekrar|reopen\w*"
    r"|riapert\w+"
    r"|réouvert\w*|rouvr\w+|reabr\w+|wieder|zurück|rückkehr|ab dem|de retour|retour|à partir|rientr\w+|ritorn\w+|torn\w+|"
    r"dal|regres\w+|vuelv\w+|volver\w*|a partir del|επιστρ\w+|επανέλθ\w+|ξανά"
    r"|revin\w*|reveni|întorc\w*|reîntorc\w*|începând cu|vraćam|povratak|ponovno|od|dön\w+|itibaren|terug|tillbaka)\b",
    re.IGNORECASE,
)
# Turkish, Hungarian and Finnish say it after the day
BACK_AFTER = re.compile(
    r"\W*(?:[dt][ae]n?\s+)?(?:tarihin\w+\s+)?(?:pazartesi\s+|salı\s+)?(?:itibaren|dön\w+|-?t[óő]l\b|-?án\b|-?én\b.{0,20}vissza|alkaen)",
    re.IGNORECASE,
)
UNTIL = re.compile(
    r"\b(?:until|till|through|bis|jusqu|fino|sino|hasta|έως|μέχρι|ως|până|pana|do|kadar|dek|tarihine|tot)\b"
    r"|\b(?:au|al|to|la|a)\s+$",
    re.IGNORECASE,
)


WEEKDAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:lune|marte|mercole|giove|vener)d[iì]|\b(?:lunes|martes|miércoles|jueves"
    r"|viernes)|\b(?:lun|mar|mercre|jeu|vendre)di\b|(?:δευτέρα|τρίτη|τετάρτη|πέμπτη|παρασκευή)|\b(?:luni|marți|miercuri|joi"
    r"|vineri)\b"
    r"|\b(?:ponedjelj|utor|srijed|četvrt|pet)(?:ak|ka|ku|ek|eka|ok|a|u)?\b|\b(?:pazartesi|salı|çarşamba|perşembe|cuma)\b"
    r"|\b(?:mon|diens|donners|frei)tag|\bmittwoch",
    re.IGNORECASE,
)
DAY_ALONE = re.compile(
    r"[ ,]+(?:the |den |il |el |le |στις )?(\d{1,2})(?:st|nd|rd|th|er|η)?(?![\d:.,/-]?\d|\s*(?:[^\W\d_]{3,}|[ap]\.?m|[h€%]))"
)

ORDINAL = re.compile(r"\b(?:until|till|before|on|to|from|after)(?= the \d{1,2}(?:st|nd|rd|th)\b)", re.IGNORECASE)


def _by_weekday(text: str, written: date | None) -> list[_Found]:
    """ "De retour mardi 24": the next day with that number."""
    found: list[_Found] = []
    for hit in (*WEEKDAY.finditer(text), *ORDINAL.finditer(text)):
        alone = DAY_ALONE.match(text, hit.end())
        if alone is None or written is None or not 1 <= int(alone.group(1)) <= 31:
            continue
        day = next((one for one in (written + timedelta(days=n) for n in range(32)) if one.day == int(alone.group(1))), None)
        found += [((hit.start(), alone.end()), day)] if day else []
    return found


def names_a_day(text: str) -> bool:
    """Whether a day of a month or of the week stands in it."""
    return WEEKDAY.search(text) is not None or has_date(text)


def has_date(text: str) -> bool:
    """Whether a day of a month stands in it."""
    return bool(_dates(text, ANY_DAY))


def last_day_away(text: str, written: date | None) -> date | None:
    """The latest day named within a year after `written` (any day if unknown); the day before, if it is that of return."""
    days = [day for day in (_absent_until(text, *place, found, written) for place, found in _dates(text, written)) if day]
    return max(days, default=None)


def _absent_until(text: str, start: int, end: int, found: date, written: date | None) -> date | None:
    if written and not (written - timedelta(days=1) <= found <= written + timedelta(days=370)):
        return None
    before = re.split(r"[.!?\n]\s", text[max(0, start - 60) : start])[-1]
    is_return = (BACK.search(before) and not UNTIL.search(before)) or BACK_AFTER.match(text, end)
    return found - timedelta(days=1) if is_return else found


def _dates(text: str, written: date | None) -> list[_Found]:
    found: list[_Found] = []
    for hit in NUMERIC.finditer(text):
        year, month, day, first, second, late_year = hit.groups()
        if not year and not late_year and _names_month(text[hit.end() :]):
            continue  # "9-20 March" is from one day to another
        made = _made(year, month, day, written) if year else _numeric(first, second, late_year, written)
        found += [(hit.span(), made)] if made else []
    for hit in DAY_MONTH.finditer(text):
        found += _named(hit.span(), hit.group(1), hit.group(2), hit.group(3), written)
    for hit in MONTH_DAY.finditer(text):
        found += _named(hit.span(), hit.group(2), hit.group(1), hit.group(3), written)
    return found or _by_weekday(text, written)


def _names_month(after: str) -> bool:
    found = re.match(r"\.?\s+(?:(?:de|of|di)\s+)?([^\W\d_]{3,12})", after)
    return found is not None and month_of(found.group(1)) is not None


def month_of(name: str) -> int | None:
    """1 to 12 for the name of a month in any of the languages, abbreviated or not."""
    lower = name.lower()
    if NO_MONTH.match(lower):
        return None
    return next((STEMS[lower[:size]] for size in (6, 5, 4, 3) if lower[:size] in STEMS), None)


def _numeric(first: str, second: str, year: str | None, written: date | None) -> date | None:
    day, month = (second, first) if int(second) > 12 >= int(first) else (first, second)
    return _made(year, month, day, written)


def _named(place: tuple[int, int], day: str, name: str, year: str | None, written: date | None) -> list[_Found]:
    month = month_of(name)
    made = _made(year, str(month), day, written) if month else None
    if made and written and made < written and LISTOPAD.match(name):
        made = _made(year, "11", day, written)
    return [(place, made)] if made else []


def _made(year: str | None, month: str, day: str, written: date | None) -> date | None:
    """Without a year, the next such day after `written`."""
    if year is None and written is None:
        return None
    number = int(year) + (2000 if len(year) == 2 else 0) if year else (written or date.min).year
    try:
        made = date(number, int(month), int(day))
        if year is None and written and made < written - timedelta(days=60):
            made = date(number + 1, int(month), int(day))
    except ValueError:
        return None
    return made
