"""Which countries a question names, in the eight languages: "in Croatia", "u Hrvatskoj", "ένας κροατικός δήμος".

Text and its language come in, ISO 3166 codes go out. Names of countries are those of the Unicode CLDR; words of origin
("Croatian") are listed here for the countries of the Union, its candidates and its neighbours, as the beginnings that
survive inflection. A word counts when it begins so, whatever its ending, accents and case. A language's own word of origin
is left out: in an Italian question "italiano" is mostly the language, and who answers in Italian is weighed elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

_WORD = re.compile(r"[^\W\d_]+")
# In these languages the name of a country itself is inflected or carries endings.
_INFLECTED = frozenset({"el", "ro", "hr", "tr"})
_SHORTEST = 5
_EUROPE = (
    "AL AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IS IT LT LU LV MD ME MK MT NL NO PL PT RO RS SE SI SK TR UA XK"
)

# Language -> the beginnings, each list headed by its country; regions known by their own name stand with their country.
_ORIGINS: Mapping[str, str] = {
    "en": (
        "AT austrian; BE belgian flemish; BG bulgarian; CH swiss; CY cypriot; CZ czech; DE german; DK danish; EE "
        "estonian; ES spanish catalan andalusian; FI finnish; FR french; GB british; GR greek; HR croat; HU hungarian; "
        "IE irish; IT italian; LT lithuanian; LV latvian; NL dutch; NO norwegian; PL polish; PT portuguese; RO "
        "romanian; RS serbian; SE swedish; SI slovenian; SK slovak; TR turkish turkey; UA ukrainian"
    ),
    "it": (
        "AT austriac; BE belg fiammingh; BG bulgar; CH svizzer; CY ciprio; CZ ceco ceca cechi ceche; DE tedesc; DK "
        "danes; EE eston; ES spagnol catalan andalus; FI finlandes; FR frances; GB britannic; GR greco greca greci "
        "greche; HR croat; HU unghere; IE irlandes; LT lituan; LV letton; NL olandes; NO norveges; PL polacc; PT "
        "portoghes; RO rumen romen; RS serbo serba serbi serbe; SE svedes; SI sloven; SK slovacc; TR turco turca turchi "
        "turche; UA ucrain"
    ),
    "es": (
        "AT austriac; BE belga flamenc; BG bulgar; CH suizo suiza; CY chipriot; CZ checo checa; DE aleman; DK danes; EE "
        "estoni; ES catalan andaluz; FI finlandes; FR frances; GB britanic; GR griego griega; HR croat; HU hungar; IE "
        "irlandes; IT italian; LT lituan; LV leton; NL holandes neerlandes; NO norueg; PL polaco polaca; PT portugues; "
        "RO rumano rumana; RS serbi; SE sueco sueca; SI esloven; SK eslovac; TR turco turca; UA ucranian"
    ),
    "fr": (
        "AT autrichien; BE belge flamand; BG bulgare; CH suisse; CY chypriot; CZ tcheque; DE allemand; DK danois; EE "
        "estonien; ES espagnol catalan andalou; FI finlandais; GB britanni; GR grec grecs grecque; HR croate; HU "
        "hongrois; IE irlandais; IT italien; LT lituanien; LV letton; NL neerlandais hollandais; NO norvegien; PL "
        "polonais; PT portugais; RO roumain; RS serbe; SE suedois; SI slovene; SK slovaque; TR turc turcs turque; UA "
        "ukrainien"
    ),
    "el": (
        "AT αυστριακ; BE βελγικ βελγο φλαμανδ; BG βουλγαρ; CH ελβετ; CY κυπρι; CZ τσεχικ; DE γερμαν; DK δανικ δανο; EE "
        "εσθον; ES ισπαν καταλαν ανδαλουσ; FI φινλανδ φιλανδ; FR γαλλικ γαλλο; GB βρεταν; GR ελλαδ; HR κροατ; HU ουγγρ; "
        "IE ιρλανδ; IT ιταλ; LT λιθουαν; LV λετον λεττον; NL ολλανδ; NO νορβηγ; PL πολων; PT πορτογαλ; RO ρουμαν; RS "
        "σερβ; SE σουηδ; SI σλοβεν; SK σλοβακ; TR τουρκ; UA ουκραν"
    ),
    "ro": (
        "AT austriac; BE belgian flamand; BG bulgar; CH elvetia; CY cipriot; CZ ceh cehi cehesc cehea; DE german "
        "nemtes; DK danez; EE eston; ES spaniol catalan andaluz; FI finlandez; FR francez frantuz; GB britanic; GR grec "
        "greci greces greceas; HR croat; HU ungar maghiar; IE irlandez; IT italian; LT lituan; LV leton; NL olandez; NO "
        "norvegi; PL polon; PT portughez; RS sarb; SE suedez; SI sloven; SK slovac; TR turc turci turces turceas; UA "
        "ucrain"
    ),
    "hr": (
        "AT austrijsk; BE belgijsk flamansk; BG bugarsk; CH svicarsk; CY ciparsk; CZ cesk; DE njemack njemac; DK dansk; "
        "EE estonsk; ES spanjolsk katalonsk andaluzijsk; FI finsk; FR francusk; GB britansk; GR grck; HU madarsk; IE "
        "irsk; IT talijansk; LT litavsk litvansk; LV latvijsk; NL nizozemsk; NO norvesk; PL poljsk; PT portugalsk; RO "
        "rumunjsk; RS srpsk srbij; SE svedsk; SI slovensk; SK slovack; TR tursk turck; UA ukrajinsk"
    ),
    "tr": (
        "AT avusturyal; BE belcika flaman; BG bulgar; CH isvicre; CY kibris; DE alman; DK danimarka; EE estonya; ES "
        "ispanyol katalan endulus; FI finlandiya; FR fransiz; GB ingiliz britanya; GR yunan; HR hirvat; HU macar; IE "
        "irlanda; IT italyan; LT litvanya; LV letonya; NL hollanda; NO norvec; PL polonya; PT portekiz; RO rumen romen; "
        "RS sirp sirbistan; SE isvec; SI sloven; SK slovak; UA ukrayna"
    ),
}
# Whole words only: a longer word that begins so means something else.
_WHOLE = "turkey greco greca greci greche serbo serba serbi serbe ceco ceca cechi ceche grec grecs turc turcs turci ceh cehi"


def named_countries(text: str, language: str) -> frozenset[str]:
    """ISO 3166 codes of the countries that `text` names; none for a language in which we cannot read them."""
    words = {folded(word) for word in _WORD.findall(text)}
    named = {code for name, code in _whole(language).items() if name in words}
    begun = {code for beginning, code in _beginnings(language).items() if any(word.startswith(beginning) for word in words)}
    return frozenset(named | begun)


def folded(text: str) -> str:
    """Without accents and case, and with one i: "Τουρκία" is "τουρκια", "Hırvat" is "hirvat"."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ı", "i")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def _whole(language: str) -> Mapping[str, str]:
    """Words that count only as they are: names where names are not inflected, and origins that begin other words too."""
    names = {} if language in _INFLECTED or language not in _ORIGINS else _names(language)
    return {name: code for code, name in names.items()} | {
        word: code for word, code in _origins(language) if word in _WHOLE.split()
    }


@cache
def _beginnings(language: str) -> Mapping[str, str]:
    names = _names(language) if language in _INFLECTED else {}
    stems = {name[:-1] if len(name) > _SHORTEST else name: code for code, name in names.items()}
    return stems | {word: code for word, code in _origins(language) if word not in _WHOLE.split()}


def _origins(language: str) -> Iterator[tuple[str, str]]:
    for told in filter(None, _ORIGINS.get(language, "").split("; ")):
        code, *words = told.split()
        yield from ((word, code) for word in words)


def _names(language: str) -> Mapping[str, str]:
    """Names of one word and some length. Only Europe's: the Greek Qatar begins like the Greek word for training."""
    territories = Locale(language).territories
    names = {code: folded(territories[code]) for code in _EUROPE.split()}
    return {code: name for code, name in names.items() if _WORD.fullmatch(name) and len(name) >= _SHORTEST}
