"""Questions that are not for this network: known by words that the network names, refused with a place to go, never lost."""

import pytest

from routing import closing, coordinating, refusing
from routing.checked import PolicyError
from routing.models import Question
from routing.policy import policy_from, policy_tables
from routing.scope import Signpost, parse_signpost, signpost_for
from tests.world import ASKER_MAIL, DESK, DUAL_QUESTION, World

LICENCE = Signpost("Your Europe", "https://europa.eu/youreurope", ("driving licen*", "permis de conduire", "άδεια οδήγησης"))
SIGNPOSTS = (Signpost("Europass", "https://europass.europa.eu"), LICENCE)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Europass | https://europass.europa.eu", Signpost("Europass", "https://europass.europa.eu")),
        ("A|http://a.example|one, two words , stem*,", Signpost("A", "http://a.example", ("one", "two words", "stem*"))),
    ],
)
def test_a_signpost_is_a_name_an_address_and_perhaps_words(line, read):
    assert parse_signpost(line) == read


@pytest.mark.parametrize(
    "line",
    ["", "Europass", "Europass | europass.europa.eu", " | https://a.example", "A | https://a b", "A|https://a.example|b|c", "A | x:y"],
)
def test_what_is_no_signpost_says_how_to_write_one(line):
    with pytest.raises(PolicyError, match="write it like"):
        parse_signpost(line)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where do I renew my driving licence?", LICENCE),
        ("DRIVING LICENSES for apprentices", LICENCE),
        ("Comment obtenir un permis de conduire ?", LICENCE),
        ("Πώς ανανεώνω την ΑΔΕΙΑ ΟΔΗΓΗΣΗΣ μου;", LICENCE),
        ("Who licenses a driving school?", None),
        ("Europass", None),
        ("", None),
    ],
)
def test_words_call_for_a_signpost(text, found):
    assert signpost_for(text, SIGNPOSTS) == found


@pytest.fixture
def world(store, tmp_path):
    return World(store, tmp_path / "index")


def with_signpost(world, words="driving licen*"):
    own = ["Europass | https://europass.europa.eu", f"Your Europe | https://europa.eu/youreurope | {words}"]
    world.office.policy = policy_from({**policy_tables(), "scope": {"signposts": own}})


def test_such_a_question_is_refused_with_the_signpost_and_a_word_opens_it_again(world):
    with_signpost(world)
    world.mail(ASKER_MAIL, "Where can I renew my driving licence after moving house?")
    world.search()
    question = world.question()
    assert (question.state, question.closed_because) == ("closed", "refused: outside")
    assert world.events("decided")[0].detail["reasons"] == [{"code": "outside", "signpost": "Your Europe"}]
    letter = world.letter("refused_scope", ASKER_MAIL)
    assert "Your Europe: https://europa.eu/youreurope" in letter.text and "Europass" not in letter.text
    world.mail(ASKER_MAIL, "You misread me: our apprentices need it for work. Who pays for it?", to=letter)
    assert world.question().state != "closed" and len(world.all(Question)) == 1


def test_a_fiche_that_comes_near_outweighs_the_words(world):
    with_signpost(world, "firm*, apprentice*")
    world.mail(ASKER_MAIL, DUAL_QUESTION)
    world.search()
    assert world.question().state == "proposed"


@pytest.mark.parametrize(("words", "wish"), [("", False), ("driving licen*", True)])
def test_nothing_is_refused_by_itself_without_words_or_where_a_person_is_wished_for(world, words, wish):
    with_signpost(world, words)
    world.mail(ASKER_MAIL, "Where can I renew my driving licence after moving house?")
    if wish:
        with world.store.transaction() as session:
            asked = session.get(Question, world.question().id)
            asked.thread = asked.thread | {"wish": "expert"}
    world.search()
    assert world.question().state != "closed" and not world.letters("refused_scope")


def taken(session, world):
    asked = world.question()
    return coordinating.taken_up(session, asked.number, asked.revision)


def test_a_coordinator_refuses_what_an_expert_has_and_everybody_is_told(small):
    small.assigned()
    with small.store.transaction() as session:
        refusing.refuse(session, small.office, taken(session, small), "Europass", "Ask for the desk in your town.", by="user:1", now=small.now)
    question = small.question()
    assert (question.state, question.closed_because, question.waiting_for) == ("closed", "refused: outside", "nobody")
    told = small.letter("refused_scope", ASKER_MAIL).text
    assert "Europass: https://europass.europa.eu" in told and "Ask for the desk in your town." in told
    assert small.letters("moved_on", DESK) and small.assignments() == [(DESK, "withdrawn")]
    assert small.events("closed")[-1].actor == "user:1"


@pytest.mark.parametrize(
    ("signpost", "other", "why"),
    [("", "  ", "Choose where"), ("No such place", "", "Choose where"), ("", "x" * 501, "at most 500")],
)
def test_a_refusal_must_lead_somewhere(small, signpost, other, why):
    small.assigned()
    with pytest.raises(coordinating.NotPossible, match=why), small.store.transaction() as session:
        refusing.refuse(session, small.office, taken(session, small), signpost, other, by="user:1", now=small.now)
    assert small.question().state == "assigned" and not small.letters("refused_scope")


def test_what_is_answered_or_closed_is_not_refused(small):
    small.answered()
    with pytest.raises(coordinating.NotPossible, match="answered"), small.store.transaction() as session:
        refusing.refuse(session, small.office, taken(session, small), "Europass", "", by="user:1", now=small.now)
    with small.store.transaction() as session:
        closing.close(session, small.office, taken(session, small), "answered", "", by="user:1", now=small.now)
    with pytest.raises(coordinating.NotPossible, match="already closed"), small.store.transaction() as session:
        refusing.refuse(session, small.office, taken(session, small), "Europass", "", by="user:1", now=small.now)
