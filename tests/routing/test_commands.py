"""What an asker can say with a slash, and the asker's other words at each turn of a question."""

from dataclasses import replace

import pytest

from routing.models import OutboxMessage, Person, Question
from routing.numbers import LanguagesPolicy
from routing.values import Kind
from tests.world import ASKER_MAIL, CHAT, DESK, OTHER_QUESTION


def command(world, name, text="", **facts):
    return world.chat(text, kind=Kind.COMMAND, command=name, **facts)


def test_asking_with_a_slash_starts_a_question_even_while_another_waits(small):
    small.unclear()
    command(small, "ask", OTHER_QUESTION)
    assert [question.text for question in small.all(Question)] == ["And money?", OTHER_QUESTION]


def test_asking_without_words_is_answered_with_a_request_for_them(small):
    assert command(small, "ask", " ").outcome == "asked for the question's text"
    assert small.letters("text_first", CHAT) and small.all(Question) == []


@pytest.mark.parametrize(("said", "language"), [("it", "it"), ("GR", "el"), (" hr ", "hr")])
def test_choosing_a_language(small, said, language):
    command(small, "language", said)
    assert small.all(Person)[-1].language == language
    assert small.letter("language_set", CHAT).language == language


def test_an_unknown_language_is_answered_with_the_choice(small):
    command(small, "language", "klingon")
    assert len(small.letter("which_language", CHAT).buttons) == 8 and not small.letters("language_set")


def test_a_chosen_language_is_kept_whatever_one_writes_in(small):
    command(small, "language", "fr")
    small.chat(OTHER_QUESTION)
    assert small.all(Person)[-1].language == "fr" and small.question().language == "en"


@pytest.fixture
def of_two_languages(small):
    """The network writes in Italian, and in Spanish to everybody else."""
    small.office.policy = replace(small.office.policy, languages=LanguagesPolicy(("it", "es"), "es"))
    return small


def test_only_the_languages_of_the_policy_are_offered(of_two_languages):
    command(of_two_languages, "start", language_hint="tr")
    welcome = of_two_languages.letter("welcome", CHAT)
    assert welcome.language == "es" and [button["label"] for button in welcome.buttons] == ["Italiano", "Español"]
    command(of_two_languages, "language", "tr")
    assert of_two_languages.all(Person)[-1].language == "es" and not of_two_languages.letters("language_set")


def test_who_asks_in_another_language_is_answered_in_the_fallback(of_two_languages):
    of_two_languages.chat("Kırsal bölgelerde çıraklar için servis aracının parasını kim ödüyor?")
    assert of_two_languages.question().language == "tr", "its words are what they are"
    assert of_two_languages.all(Person)[-1].language == "es"
    of_two_languages.chat("Chi paga il trasporto degli apprendisti nelle zone rurali della provincia?")
    assert of_two_languages.all(Person)[-1].language == "it"


def test_the_same_command_again_is_answered_again(small):
    for _ in range(3):
        command(small, "help")
    assert len(small.letters("help", CHAT)) == 3


def test_the_status_tells_open_questions_only(small):
    small.proposed(in_chat=True)
    number = small.question().number
    command(small, "status")
    assert number in small.letter("status", CHAT).text
    small.press("accept", small.letter("proposal", CHAT))
    command(small, "status")
    assert small.letters("status_empty", CHAT)


def test_the_asker_adds_something_while_the_expert_is_at_work(small):
    small.assigned()
    small.mail(ASKER_MAIL, "There are twelve villages.", to=small.letter("receipt", ASKER_MAIL))
    assert "twelve" in small.letter("asker_replied", DESK).text and small.question().waiting_for == "expert"


def test_the_asker_adds_something_before_the_search(small):
    small.chat("And money?")
    small.mail(ASKER_MAIL, OTHER_QUESTION)
    small.chat("I mean grants.")
    assert len(small.all(Question)) == 3, "nothing was asked of the asker, so it is a question of its own"


def test_the_asker_adds_something_while_a_coordinator_has_it(small):
    from datetime import timedelta

    small.assigned()
    small.run_until(small.now + timedelta(days=50), timedelta(hours=12))
    row = small.mail(ASKER_MAIL, "There are twelve villages.", to=small.letter("receipt", ASKER_MAIL))
    assert row.outcome == "added for the coordinator" and small.events("asker-wrote")


@pytest.mark.parametrize("word", ["Stop", "stop."])
def test_the_asker_withdraws(small, word):
    small.assigned()
    small.mail(ASKER_MAIL, word, to=small.letter("receipt", ASKER_MAIL))
    assert small.question().closed_because == "asker_withdrew" and small.assignments() == [(DESK, "withdrawn")]
    assert small.letters("moved_on", DESK) and small.letters("stopped", ASKER_MAIL)
    again = small.mail(ASKER_MAIL, word, to=small.letter("receipt", ASKER_MAIL))
    assert again.outcome == "they had stopped our letters before"


def test_the_expert_s_thanks_are_no_answer(small):
    letter = small.assigned()
    assert small.mail(DESK, "Grazie!", to=letter).outcome == "thanks noted"
    assert small.letters("answer") == []


@pytest.mark.parametrize("word", ["Yes, number 1", "2", "Not yet"])
def test_a_word_that_means_nothing_here_is_no_answer(small, word):
    row = small.mail(DESK, word, to=small.assigned())
    assert row.state == "held" and f"“{word}”" in row.reason and small.letters("answer") == []


def test_a_doubtful_cut_is_read_by_a_coordinator_first(small):
    letter = small.assigned()
    row = small.mail(DESK, "We leased a lorry.", to=letter, review="the quote may have been cut in the wrong place")
    assert "waits for a coordinator" in row.outcome and small.letters("answer") == []
    assert small.question().waiting_for == "coordinator"


def test_letters_to_an_asker_who_asked_in_the_chat_refer_to_no_chat_message(small):
    """A Telegram name is no Message-ID (RFC 5322, 3.6.4)."""
    from routing.models import Address

    small.chat(OTHER_QUESTION, message_id="tg:501:1")
    with small.store.transaction() as session:
        chat = session.query(Address).filter_by(address=CHAT).one()
        chat.dead_at = small.now
        session.add(Address(person_id=chat.person_id, channel="email", address=ASKER_MAIL, proven_at=small.now))
    small.search()
    receipt = small.letter("receipt", ASKER_MAIL)
    assert receipt.in_reply_to is None and receipt.references == []


def test_an_expert_is_told_why_they_were_chosen(small):
    assert "Perché" in small.assigned().text


def test_a_moved_chat_is_learned_from_a_letter_that_followed_it(small):
    from routing import outbox
    from routing.models import Address
    from routing.values import Sent

    small.chat(OTHER_QUESTION, sender="-7", group=True)
    small.search()
    with small.store.transaction() as session:
        [claimed] = outbox.claim(session, worker="w", now=small.now, channels=("telegram",))
        outbox.settle_sent(session, claimed, Sent("tg:-1007:3", "chat-migrated:-1007; sent as plain text"), small.now)
    assert [one.address for one in small.all(Address, channel="telegram")] == ["-1007"]
    assert small.all(OutboxMessage, channel="telegram")[0].external_id == "tg:-1007:3"
