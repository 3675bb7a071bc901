"""What askers say beside their questions is understood in eight languages, and no question is taken for it."""

import json
from pathlib import Path

import pytest

from routing.asides import ADDING, NEWS, NOTED, PATIENT, SERVICE, URGENT, WITHDRAW, aside_in, word_to_withdraw
from routing.cases import close
from routing.languages import LANGUAGES
from routing.models import Question
from routing.values import AttachedFile
from tests.world import ASKER_MAIL, CHAT, DESK, OTHER_QUESTION

COLLECTION = Path(__file__).parents[2] / "data" / "collections" / "vet-practices"
SAID = {
    NEWS: (
        "Any news?",
        "When will I get an answer?",
        "Hello, is there any news about my question 2026-0004?",
        "Quando arriva la risposta?",
        "Buongiorno, ci sono novità sulla mia domanda?",
        "¿Hay novedades sobre mi consulta?",
        "¿Cuándo me responderán?",
        "Avez-vous des nouvelles de ma question ?",
        "Quand est-ce que je recevrai la réponse ?",
        "Υπάρχει κάτι νεότερο για την ερώτησή μου;",
        "Πότε θα έχω απάντηση;",
        "Aveți noutăți despre întrebarea mea?",
        "Când primesc răspunsul?",
        "Ima li novosti o mom pitanju?",
        "Kada ću dobiti odgovor?",
        "Sorumla ilgili bir gelişme var mı?",
        "Ne zaman cevap alırım?",
        "I am still waiting for an answer",
        "Sto ancora aspettando la risposta",
        "Dove sta la mia domanda",
        "Did you get my message?",
        "bekliyorum hala",
        "Non ho ancora ricevuto nessuna risposta",
    ),
    WITHDRAW: (
        "Please cancel my question, we found it out ourselves",
        "Never mind",
        "We no longer need an answer",
        "Annullate la mia domanda per favore",
        "Non serve più, abbiamo trovato la risposta",
        "Ya no necesitamos la respuesta, gracias",
        "Je n'ai plus besoin de réponse, merci",
        "Δεν χρειάζεται πλέον απάντηση, τη βρήκαμε",
        "Nu mai am nevoie de răspuns",
        "Više mi ne treba odgovor, hvala",
        "Sorumu iptal edin lütfen",
        "Artık gerek kalmadı, cevabı bulduk",
        "Cancel 2026-0006",
    ),
    ADDING: (
        "I forgot to say: we are a small county, with two hospitals only",
        "Sorry, I forgot to mention that we are a rural area",
        "Ho dimenticato di dire che siamo un comune piccolo",
        "Se me olvidó decir que somos un municipio pequeño",
        "J'ai oublié de préciser que nous sommes une petite ville",
        "Ξέχασα να πω ότι είμαστε μικρός δήμος",
        "Am uitat să spun că suntem un județ mic",
        "Zaboravio sam reći da smo mala županija",
        "Şunu söylemeyi unuttum: ilçemiz çok küçük",
        "PS: we have only two schools",
    ),
    URGENT: (
        "It's urgent!",
        "Please answer as soon as possible",
        "È urgente",
        "Es urgente, lo necesitamos para mañana",
        "C'est urgent, merci",
        "Είναι επείγον",
        "E urgent, vă rog",
        "Hitno je",
        "Acil, lütfen",
    ),
    PATIENT: (
        "It can wait",
        "No hurry, it is not urgent",
        "Può attendere",
        "No hay prisa",
        "Ce n'est pas urgent",
        "Δεν επείγει",
        "Nu e urgent",
        "Nije hitno",
        "Acil değil",
    ),
    NOTED: (
        "ok",
        "Great, I will wait",
        "Va bene, aspetto",
        "Vale, gracias",
        "D'accord, merci",
        "Εντάξει, περιμένω",
        "Bine, mulțumesc",
        "U redu, čekam",
        "Tamam, teşekkürler",
        "👍",
        "…",
    ),
    SERVICE: (
        "Ciao",
        "Hello!",
        "Who are you?",
        "What can you do?",
        "Chi sei?",
        "Buongiorno, come funziona?",
        "Hola, ¿quién eres?",
        "Bonjour, comment ça marche ?",
        "Γεια σας, ποιοι είστε;",
        "Bună ziua, cine sunteți?",
        "Dobar dan, tko ste vi?",
        "Merhaba, siz kimsiniz?",
        "I have a question",
        "Posso fare una domanda?",
        "test",
        "good morning everyone",
    ),
    None: (
        "How do hospitals and colleges share the cost of nursing simulators?",
        "When will the new apprenticeship law apply?",
        "What about firms without a workshop?",
        "Where is the best apprenticeship office in Italy?",
        "How long does it take to train a welder?",
        "Do you need an expert to certify tutors?",
        "How do you cancel an apprenticeship contract?",
        "scholarships",
        "Chi paga gli apprendisti?",
        "Come funziona il sistema duale in Trentino?",
        "¿Cómo funciona la FP dual?",
        "Comment ça marche, l'apprentissage en Alsace ?",
        "Ποιος πληρώνει;",
        "Kim ödüyor?",
        "Ne zaman başlıyor meslek lisesi kayıtları?",
        "Hello, who pays for the tools?",
        "2",
        "We are a small county",
        "It did not help",
        "One more question: who pays the masters?",
        "Have you found a way to keep young people in villages?",
        "¿Cuánto tarda la acreditación?",
        "Nobody answered our call for tutors, how do you find them?",
    ),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_what_is_said_beside_a_question(kind, text):
    assert aside_in(text) == kind


def test_no_labelled_question_is_taken_for_an_aside():
    files = (COLLECTION / name for name in ("questions.jsonl", "later_questions.jsonl"))
    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    assert len(texts) > 600 and [text for text in texts if aside_in(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_letters_suggest_a_word_that_is_understood(language):
    assert aside_in(f"{word_to_withdraw(language)} 2026-0042", language) == WITHDRAW


# ------------------------------------------------------------------ what comes of it


def chatted(small, text=OTHER_QUESTION):
    """A question from a chat, given to an expert."""
    small.chat(text)
    small.search()
    return small.question()


def test_who_asks_for_news_hears_where_the_question_stands_and_nobody_else_is_disturbed(small):
    question = chatted(small)
    row = small.chat("Any news?")
    assert row.outcome == "status of 1 questions" and len(small.all(Question)) == 1
    assert question.number in small.letter("status", CHAT).text and small.letters("asker_replied") == []


def test_news_by_mail_as_a_reply_and_as_a_new_mail(small):
    small.assigned()
    for to in (None, small.letter("receipt", ASKER_MAIL)):
        small.mail(ASKER_MAIL, "Hello,\n\nis there any news about my question?\n\nBest regards", to=to)
    assert len(small.letters("status", ASKER_MAIL)) == 2 and small.letters("asker_replied", DESK) == []
    assert len(small.all(Question)) == 1


def test_without_an_open_question_there_is_none_to_tell_of(small):
    small.chat("When will I get an answer?")
    assert small.letters("status_empty", CHAT) and small.all(Question) == []


def test_a_question_is_cancelled_in_plain_words(small):
    chatted(small)
    row = small.chat("Please cancel my question, we found it out ourselves")
    assert row.outcome == "withdrawn by the asker" and row.question_id == small.question().id
    assert small.question().closed_because == "asker_withdrew" and small.assignments() == [(DESK, "withdrawn")]
    assert small.letters("moved_on", DESK) and small.letters("closed", CHAT)
    assert small.chat("Never mind").outcome == "no open questions" and len(small.all(Question)) == 1


def test_of_several_questions_the_asker_says_which(small):
    first = chatted(small)
    second = chatted(small, "How do you win back early school leavers in small towns?")
    assert small.chat("Cancel my question, please").outcome == "asked which question they no longer need"
    asked = small.letter("withdraw_which", CHAT).text
    assert first.number in asked and f"cancel {second.number}" in asked
    small.chat(f"cancel {first.number}")
    assert [one.state for one in small.all(Question)] == ["closed", "assigned"]


def test_a_question_cancelled_by_a_reply_needs_no_number(small):
    small.assigned()
    small.mail(ASKER_MAIL, "We no longer need an answer, thank you.", to=small.letter("receipt", ASKER_MAIL))
    assert small.question().closed_because == "asker_withdrew" and small.letters("asker_replied") == []


def test_a_mail_that_nobody_vouches_for_cancels_nothing(small):
    small.assigned()
    small.mail(ASKER_MAIL, "Please cancel my question", proven=False)
    assert small.all(Question)[0].state == "assigned"


@pytest.mark.parametrize("text", ["I forgot to say: we are a small county, with two hospitals only", "PS: we have two schools"])
def test_an_afterthought_goes_to_the_expert_who_has_the_question(small, text):
    chatted(small)
    assert small.chat(text).outcome == "passed on to the expert" and len(small.all(Question)) == 1
    assert text in small.letter("asker_replied", DESK).text


@pytest.mark.parametrize(("said", "tier"), [("It's urgent!", "urgent"), ("No hurry, it can wait", "extended")])
def test_who_types_what_a_button_says_is_promised_that_time(small, said, tier):
    before = chatted(small).promised_at
    assert small.chat(said).outcome == f"tier {tier}" and len(small.all(Question)) == 1
    assert (small.question().promised_at < before) == (tier == "urgent") and small.letters("new_date", CHAT)
    assert small.chat(said).outcome == "status of 1 questions", "promised already"


def test_an_afterthought_without_a_question_before_is_a_question(small):
    small.chat("I forgot to say: we are a small county, with two hospitals only")
    assert len(small.all(Question)) == 1


def test_what_an_expert_has_asked_for_is_the_answer_whatever_it_says(small):
    chatted(small)
    small.mail(DESK, "Question to the policy maker: has anybody answered you yet?", to=small.letter("assignment", DESK))
    assert small.chat("Nobody has answered yet").outcome == "passed on to the expert"
    assert "Nobody has answered yet" in small.letter("asker_replied", DESK).text


@pytest.mark.parametrize("text", ["Ciao", "Who are you?", "I have a question", "start"])
def test_who_greets_is_welcomed_once_and_gets_no_number(small, text):
    assert small.chat(text).outcome == "welcomed" and small.letters("welcome", CHAT)
    assert small.chat(text).outcome == "helped" and small.letters("help", CHAT)
    assert small.all(Question) == []


def test_words_of_commands_are_understood_in_a_chat_too(small):
    chatted(small)
    assert small.chat("Status").outcome == "status of 1 questions"
    assert small.chat("help").outcome == "helped" and len(small.all(Question)) == 1


@pytest.mark.parametrize("said", ["ok", "OK, thank you", "👍", "Great, I will wait", "I see", "hmm", "2", "no", "I accept", "I don't know"])
def test_a_nod_is_no_question(small, said):
    chatted(small)
    assert small.chat(said).outcome == "noted: nothing was asked" and len(small.all(Question)) == 1
    assert small.letters("asker_replied") == []


@pytest.mark.parametrize("said", ["??", "hello?"])
def test_who_wonders_whether_anybody_is_there_hears_something(small, said):
    chatted(small)
    small.chat(said)
    assert len(small.letters("status", CHAT) + small.letters("welcome", CHAT)) == 1 and len(small.all(Question)) == 1


def test_stop_in_a_chat_ends_the_question_that_is_open(small):
    chatted(small)
    assert small.chat("Stop").outcome == "withdrawn by the asker"


def test_no_help_from_an_answer_is_heard_after_the_end_too(small):
    chatted(small)
    small.mail(DESK, "We leased a lorry and shared it among five valleys.", to=small.letter("assignment", DESK))
    with small.store.transaction() as session:
        close(session, session.get(Question, 1), "answered", actor="asker", now=small.now)
    small.chat("It did not help")
    assert len(small.all(Question)) == 1 and small.letters("helped_no", CHAT)


def test_a_file_makes_it_a_question(small):
    small.chat("Hello", attachments=(AttachedFile("plan.pdf", "application/pdf", b"%PDF-1.4"),))
    assert len(small.all(Question)) == 1
