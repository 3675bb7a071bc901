"""Warnings that a mail gateway writes above a mail from outside: nobody's words, and alarming to whoever reads the answer.

In: lines. Out: how many at the top are such a warning. Nothing is taken where no words would be left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.mail.lexicon import ABOUT_MAIL, ABOVE_LINE
from bot.mail.lines import Line, Mark, visible
from bot.mail.shapes import WORDS
from bot.mail.wording import Wording

_ALARM = Wording(
    r"[\W_]{0,6}(?:caution|warning|notice|alert|external|attention|important|vorsicht|achtung|warnung|extern|attenzione|avviso"
    r"|avvertenza|esterno|atención|precaución|advertencia|aviso|externo|prudence|avertissement|externe|προσοχή|προειδοποίηση"
    r"|εξωτερικ\w+|atenție|avertisment|oprez|pažnja|upozorenje|dikkat|uyarı|harici)\b",
)
_OUTSIDE = Wording(
    r"outside|external|extern|esterno|esterna|fuori|externo|externa|fuera|extérieur|hors de|εξωτερικ|εκτός|în afara|din afara"
    r"|izvan|vanjsk|kurum dışı|dışarıdan|dışından|harici"
)
# Such a warning in the middle of its sentence: "da un mittente esterno: prestare attenzione ai link"
_CARE = Wording(
    r"\b(?:be careful|take care|exercise caution|vorsicht|prestare attenzione|fare attenzione|non (?:cliccare|aprire)"
    r"|tenga cuidado"
    r"|no (?:haga clic|abra)|soyez (?:prudent|vigilant)|ne cliquez pas|προσέξτε|μην ανοίγετε|nu (?:accesați|deschideți)"
    r"|budite oprezni"
    r"|ne otvarajte|dikkat ediniz|tıklamayın|açmayın|do not (?:click|open))"
)
# What it warns of: a person who begins with "Attention" and speaks of an external partner does not.
_DANGER = Wording(
    r"\bclick|\blink|attachment|anklick|anhänge|öffnen|cliqu|\bliens?\b|pièces? jointe|\bclic|collegament|allegat|enlace"
    r"|adjunt|σύνδεσμ|συνημμέν|linkuri|atașament|poveznic|privit|klik|bağlantı|tıkla|\bekleri"
)
_TAG = re.compile(
    r"[\[(*_]{1,3}\s*(?:external|extern|esterno|externo|externe|harici|vanjska?)(?: (?:e-?mail|message))?\s*[\])*_]{1,3}:?",
    re.IGNORECASE,
)
# Microsoft's "You don't often get email from …", in whatever language, links to this page.
_RARE_SENDER = "aka.ms/learnaboutsenderidentification"
# The line that ticket systems put on top of what they send: "##- … above this line -##"
_DRAWN_PLEA = re.compile(r"#{2,4}\s?-.{5,120}-\s?#{2,4}")
_LONGEST, _MOST = 700, 3


def banner_end(lines: Sequence[Line]) -> int:
    """One past the last line of the warnings at the top; 0 where there are none."""
    end = 0
    for _ in range(_MOST):
        start = _next_words(lines, end)
        stop = _paragraph_end(lines, start)
        if start == stop or not _is_warning(" ".join(visible(line.text) for line in lines[start:stop])):
            break
        end = stop
    return end if any(WORDS.search(line.text) for line in lines[end:]) else 0


def _is_warning(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    if _RARE_SENDER in text.lower() or _TAG.fullmatch(text) or (_DRAWN_PLEA.fullmatch(text) and ABOVE_LINE.search(text)):
        return True
    return bool(
        (_ALARM.match(text) or _CARE.search(text)) and _OUTSIDE.search(text) and ABOUT_MAIL.search(text) and _DANGER.search(text)
    )


def _next_words(lines: Sequence[Line], at: int) -> int:
    """The next line with words; rules and frames around a warning have none."""
    while at < len(lines) and not lines[at].depth and not WORDS.search(lines[at].text):
        at += 1
    return at


def _paragraph_end(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and not lines[at].blank and not lines[at].depth and lines[at].mark is Mark.NONE:
        at += 1
    return at
