"""Letters: every word the product says to askers, experts and coordinators, in every language of the network.

In: a kind, a language and facts. Out: subject, plain text and buttons. One template per kind (`templates/`), one
catalogue per language (`locale/`, see `catalog`), no channel, no database, no clock.
"""

from routing.letters.catalogues import known
from routing.letters.deadline import explain
from routing.letters.kinds import KINDS, Kind
from routing.letters.labels import COMMANDS, label, reason_words
from routing.letters.pages import page_words
from routing.letters.shape import Line, Part, lines_of, paragraphs_of
from routing.letters.speech import country_name, format_day, format_moment, language_name, own_name
from routing.letters.writing import Letter, marker, with_marker, write

__all__ = [
    "COMMANDS",
    "KINDS",
    "Kind",
    "Letter",
    "Line",
    "Part",
    "country_name",
    "explain",
    "format_day",
    "format_moment",
    "known",
    "label",
    "language_name",
    "lines_of",
    "marker",
    "own_name",
    "page_words",
    "paragraphs_of",
    "reason_words",
    "with_marker",
    "write",
]
