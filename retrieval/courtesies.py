"""What people write around a question, in the network's languages: greetings, thanks, closings, words that carry no topic.

In: a message. Out: its lines without them. Data first, two functions below; adding a language is adding a line to each table.
"""

from __future__ import annotations

import re

from retrieval.text import fold, word_list

# Compared folded (no case, no accents, Greek in Latin letters), so they are written that way too.
_GREETINGS = {
    "en": "hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern",
    "it": "ciao|salve|buongiorno|buona ?sera|buon pomeriggio|gentil(?:[ei]|issim\\w)|egregi[oa]|spett\\.?(?:le|abile)?|car[ioae]",
    "es": "hola|buenos dias|buenas (?:tardes|noches)|buenas|estimad[oa]s?|querid[oa]s?|muy senor(?:es)? mio?s?",
    "fr": "bonjour|bonsoir|salut|cher|chere|chers|madame|monsieur|mesdames",
    "el": "geia(?: sas| sou)?|kalimera(?: sas)?|kalispera(?: sas)?|chairete|agapit(?:e|i|oi)|axiotim(?:e|i|oi)|kyrie|kyria",
    "ro": "buna(?: ziua| seara| dimineata)?|salut(?:are)?|stimat[aeiu]\\w*|drag[aei]",
    "hr": "bok|pozdrav|dobar dan|dobro jutro|dobra vecer|postovan[iaeo]|drag[iae]|cijenjen[ia]",
    "tr": "merhaba(?:lar)?|selam(?:lar)?|gunaydin|iyi (?:gunler|aksamlar|calismalar)|sayin|degerli|sevgili",
}
_THANKS = {
    "en": "thanks|thank you|many thanks|looking forward|i look forward|we look forward",
    "it": "grazie|ringrazio|vi ringrazio|la ringrazio|ringraziando(?:vi|la)?|in attesa di",
    "es": "gracias|muchas gracias|mil gracias|agradezco|agradeciendo|quedo a la espera|a la espera de",
    "fr": "merci|je vous remercie|nous vous remercions|en vous remerciant|dans l.attente|d.avance merci",
    "el": "eycharisto|evcharisto|eycharistoume|evcharistoume|sas eycharisto|sas evcharisto|anameno|perimeno",
    "ro": "multumesc|va multumesc|multumim|va multumim|mersi|astept raspuns",
    "hr": "hvala|zahvaljujem|unaprijed hvala|lijepa hvala|veselim se|ocekujem",
    "tr": "tesekkur(?:ler| ederim| ederiz)?|cok tesekkur\\w*|simdiden tesekkur\\w*|yanitinizi bekli\\w+|cevabinizi bekli\\w+",
}
_CLOSINGS = {
    "en": "(?:(?:best|kind|warm)(?:est)? )?regards|best wishes|(?:yours )?(?:sincerely|faithfully|truly)|cheers|all the best",
    "it": "(?:cordiali|distinti|cari) saluti|un (?:cordiale )?saluto|cordialmente|saluti",
    "es": "(?:un )?(?:cordial )?saludo(?:s)?(?: cordiales)?|atentamente|reciba un (?:cordial )?saludo|cordialmente",
    "fr": "(?:bien )?cordialement|(?:bien )?a vous|salutations(?: distinguees)?|veuillez agreer|respectueusement",
    "el": "me ektimisi|filika|me filikous chairetismous|chairetismous|me timi",
    "ro": "cu (?:stima|respect|drag)|toate cele bune|o zi buna|numai bine",
    "hr": "(?:srdacan |lijep |lijepi )?pozdrav|s postovanjem|srdacno|lp",
    "tr": "saygilar(?:imla|imizla)?|saygiyla|sevgiler(?:imle)?|iyi (?:gunler|calismalar) dilerim|kolay gelsin",
}
# Words of all eight languages that ask, help, point or join, but name no topic.
_TOPICLESS = word_list("topicless")
_NAME = r"(?:[\s,.!:;-]+[^\s,.!?:;]+){0,5}"
_LONGEST_THANKS = 12
_MOST_SIGNATURE_LINES = 8


def _starting(table: dict[str, str], rest: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(table.values())})(?!\w){rest}")


_GREETING_LINE = _starting(_GREETINGS, rf"{_NAME}[\s,.!:;-]*")
_GREETING_LEAD = _starting(_GREETINGS, r"[^,!.:?\n]{0,40}[,!:]\s+")
_THANKS_LINE = _starting(_THANKS, "")
_CLOSING_LINE = _starting(_CLOSINGS, r"[\s,.!]*")
# What all four begin with.
_COURTEOUS = re.compile("|".join(f"(?:{'|'.join(table.values())})" for table in (_GREETINGS, _THANKS, _CLOSINGS)))
_SENTENCE = re.compile(r"(?<=[.!?;…])\s+|\n+")
_WORD = re.compile(r"\w+")


def without_courtesies(text: str) -> str:
    """The message without greeting, thanks and everything from the closing on; the whole message if nothing else is left."""
    lines = _lines(text)
    # Most questions are just that, which is told faster of the whole than of each line; folded, they are asked for again.
    if not any(map(_COURTEOUS.match, _lines(fold(text)))):
        return "\n".join(lines) or text
    lines = _before_closing(lines)
    kept = [_without_lead(line) for line in lines if not _is_greeting(line) and not _is_thanks(line)]
    return "\n".join(filter(None, kept)) or text


def topic_words(text: str) -> list[str]:
    """The folded words that may name a topic."""
    return [word for word in _WORD.findall(fold(text)) if word not in _TOPICLESS and len(word) > 1]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in _SENTENCE.split(text) if line.strip()]


def _before_closing(lines: list[str]) -> list[str]:
    """Cuts at the first closing after the first line, if what follows is short enough to be a signature."""
    for place, line in enumerate(lines):
        if place and _CLOSING_LINE.match(fold(line)) and len(lines) - place <= _MOST_SIGNATURE_LINES:
            return lines[:place]
    return lines


def _is_greeting(line: str) -> bool:
    return "?" not in line and _GREETING_LINE.fullmatch(fold(line)) is not None


def _is_thanks(line: str) -> bool:
    return "?" not in line and len(line.split()) <= _LONGEST_THANKS and _THANKS_LINE.match(fold(line)) is not None


def _without_lead(line: str) -> str:
    """ "Hello all, how do we ..." without "Hello all,": folding may change lengths, so the cut is found in the line itself."""
    if not _GREETING_LEAD.match(fold(line[:80])):
        return line
    cut = re.search(r"[,!:]\s+", line)
    return line[cut.end() :] if cut and cut.start() <= 60 else line
