"""The first two acts: a fiche answers across languages; an expert answers by replying to a mail.

In: the town and somebody to tell it to. Out: lines read back from the database, the telephone and the mail server, each step
verified; `NotTrue` or `TookTooLong` when one does not come true.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.demo.botapi_people import Phone
from bot.demo.mailclient import QUOTING, Program, new_mail, reply
from bot.demo.postoffice import Letter
from bot.demo.telling import Teller
from bot.demo.town import Town
from bot.demo.truth import asked, bubble, event, iso, only, posted, reasons, verify
from routing.letters import explain, language_name
from routing.models import Fiche, FicheText, Label
from routing.queries import Case

FICHE = "barcelona-dual-vet-city-administration"
GREEK = (
    "Θέλουμε η δημοτική διοίκηση να δέχεται η ίδια σπουδαστές διττής επαγγελματικής εκπαίδευσης (FP dual). "
    "Ποια πόλη το έχει κάνει;"
)
GREEK_MEANS = "We want the city administration itself to take dual VET students. Which city has done that?"

MINISTRY = Program("vet-policy@ministry.example", "en", "Europe/Brussels")
NURSES = (
    "Our hospitals want nursing assistants as apprentices. In Italy, who signs the contract, the hospital or the school, "
    "and who covers night shifts?"
)
# "I accept", as the letter to the expert suggests it.
YES = {
    "en": "I accept", "it": "Accetto", "es": "Acepto", "fr": "J’accepte",
    "el": "Αποδέχομαι", "ro": "Accept", "hr": "Prihvaćam", "tr": "Kabul ediyorum",
}  # fmt: skip
EXPERTS_WORDS = (
    "The hospital signs, as the employer; the school is named in the contract as the place of training.\n\n"
    "Keep night shifts out of the first year. After that, never without a tutor on the same ward, and write the hours down "
    "from the first day."
)


async def a_fiche_answers(town: Town, teller: Teller) -> None:
    """A question in Greek, a fiche written in Spanish."""
    teller.chapter(1, "A fiche answers, across languages", town.clock.now())
    phone = town.phone(501, "Γραφείο Δημάρχου", "el")
    case = await asked_by_phone(town, teller, phone, GREEK, GREEK_MEANS)
    await _offered(town, teller, phone, case)
    await _chosen(town, teller, phone, case.question.number)


async def asked_by_phone(town: Town, teller: Teller, phone: Phone, words: str, meaning: str) -> Case:
    """Somebody asks on Telegram in a language of their own; `meaning` is the same in English."""
    earlier = town.newest()
    phone.say(words)
    case = await asked(town, earlier)
    question = case.question
    teller.happens(question.created_at, "an asker", f"on Telegram, in {language_name(question.language, 'en')}", question.number)
    teller.words(question.text)
    teller.gloss(meaning)
    return case


async def _offered(town: Town, teller: Teller, phone: Phone, case: Case) -> None:
    verify(case.proposals, f"fiches should be offered, but the service decided otherwise: {event(case, 'decided').detail}")
    proposal = only(case.proposals, "proposal")
    first = proposal.matches[0]
    verify(first["slug"] == FICHE, f"{FICHE} should come first, but it is {first['slug']}")
    offer = await bubble(town, phone)
    verify(first["title"] in offer.text and first["quote"] in offer.text, "the fiche and its quote should be in the bubble")
    teller.happens(town.stamped(phone, offer.message_id), "RRM", "offers fiches that come near")
    teller.words(offer.text, most=9)
    teller.buttons([button.label for row in offer.rows for button in row])
    written = town.read(lambda session: session.scalars(select(Fiche.source_language).where(Fiche.slug == FICHE)).one())
    known = town.read(lambda s: s.scalars(select(FicheText.language).join(Fiche).where(Fiche.slug == FICHE)).all())
    teller.screen.print()
    teller.fact("the fiche", f"written in {_named(written)}; known in {', '.join(map(_named, sorted(known)))}")
    teller.fact("the quote", f"is shown in {_named(first['quote_language'])}, and marked as such")
    teller.fact("confidence", f"{proposal.confidence:.0%} that one of these {len(proposal.matches)} answers")
    verify(case.question.language not in known, "the fiche should not exist in the asker's language")
    teller.holds(f"Found across languages: the fiche does not exist in {_named(case.question.language)}.")
    teller.keep(
        "fiche", number=case.question.number, slug=first["slug"], title=first["title"], quote=first["quote"],
        quote_language=first["quote_language"], confidence=proposal.confidence, bubble=offer.text,
    )  # fmt: skip


async def _chosen(town: Town, teller: Teller, phone: Phone, number: str) -> None:
    offer = await bubble(town, phone)
    button = offer.rows[0][0]
    phone.press(button.label)
    await town.until(lambda: town.case(number).question.state == "closed", f"question {number} is closed")
    thanks = await bubble(town, phone, after=offer.message_id)
    case = town.case(number)
    teller.happens(event(case, "proposal-accepted").at, "the asker", f"presses [ {button.label} ]")
    teller.gloss("“answers my question”, and the number of the fiche")
    teller.happens(town.stamped(phone, thanks.message_id), "RRM", "is glad")
    teller.words(thanks.text, most=5)
    teller.gloss("Thank you; the question is closed. Write to us and it opens again.")
    label = town.read(lambda session: session.scalars(select(Label).where(Label.question_id == case.question.id)).all())
    verify(case.question.verdict == "accepted", f"the verdict should be kept, but it is {case.question.verdict!r}")
    verify(
        [one.fiche_slug for one in label if one.helps] == [FICHE], "the verdict should be a label for the search to learn from"
    )
    teller.holds(f"Closed: {case.question.closed_because}. The verdict is kept, and the search learns from it.")
    teller.keep("fiche", state=case.question.state, verdict=case.question.verdict, closed_at=iso(case.question.closed_at))


async def an_expert_answers(town: Town, teller: Teller) -> None:
    """A question no fiche answers; the expert accepts and answers by replying to a mail."""
    await town.move_to(town.clock.now() + timedelta(minutes=36))
    teller.chapter(2, "No fiche answers, so an expert does", town.clock.now())
    earlier = town.newest()
    await town.post.bring(new_mail(MINISTRY, town.settings.network.mail_address, "Nursing assistants", NURSES, town.clock.now()))
    case = await asked(town, earlier)
    teller.happens(case.question.created_at, "an asker", "by mail", case.question.number)
    teller.words(case.question.text)
    await _routed(town, teller, case)
    assignment = await _accepted(town, teller, case.question.number)
    await _answered(town, teller, case.question.number, assignment)


async def _routed(town: Town, teller: Teller, case: Case) -> None:
    verify(case.assignments, f"an expert should be asked, but the service decided otherwise: {event(case, 'decided').detail}")
    given = only(case.assignments, "assignment")
    _, receipt = await posted(town, case, "receipt")
    verify(case.question.number in receipt.text, "the receipt should name the question's number")
    teller.happens(receipt.at, "RRM", "tells the asker the number and the date")
    teller.words(_body(receipt), most=9)
    teller.happens(given.created_at, "RRM", "asks an expert, and says why")
    teller.fact("asked", f"{given.expert.role}, {given.expert.authority.name}")
    teller.fact("because", *reasons(given.reasons))
    teller.fact(
        "no fiche", f"one of the nearest three answers with a chance of {event(case, 'decided').detail['confidence']:.0%}"
    )
    teller.fact("due", explain(given.explanation, "en"))
    teller.keep(
        "expert", number=case.question.number, authority=given.expert.authority.slug, role=given.expert.role,
        deadline=iso(given.deadline_at), receipt=_body(receipt),
    )  # fmt: skip


async def _accepted(town: Town, teller: Teller, number: str) -> Letter:
    row, letter = await posted(town, town.case(number), "assignment")
    await town.move_to(town.clock.now() + timedelta(minutes=50))
    yes = YES[row.language]
    await town.post.bring(reply(_program(town.case(number)), letter, yes, town.clock.now()))
    await town.until(lambda: town.case(number).assignments[0].state == "accepted", "the expert's yes is understood")
    accepted = event(town.case(number), "accepted")
    teller.happens(accepted.at, "the expert", "replies to the mail: one word is enough")
    teller.words(yes)
    teller.keep("expert", expert=row.address.address, accepted_at=iso(accepted.at))
    return letter


async def _answered(town: Town, teller: Teller, number: str, assignment: Letter) -> None:
    await town.move_to(town.clock.now() + timedelta(hours=22))
    teller.day_breaks(town.clock.now(), "the clock is moved")
    program = _program(town.case(number))
    sent = await town.post.bring(reply(program, assignment, EXPERTS_WORDS, town.clock.now()))
    await town.until(lambda: town.case(number).question.state == "answered", f"question {number} is answered")
    teller.happens(sent.at, "the expert", f"replies from a mail program ({sent.mail.get_content_type()})")
    teller.words(sent.text, most=14)
    await _delivered(town, teller, number, sent, program)


async def _delivered(town: Town, teller: Teller, number: str, sent: Letter, program: Program) -> None:
    case = town.case(number)
    answer = only(case.answers, "answer")
    _, letter = await posted(town, case, "answer")
    teller.happens(letter.at, "RRM", "gives the asker the expert's own words, and nothing else")
    teller.words(_body(letter), most=14)
    verify(answer.text == EXPERTS_WORDS, f"the answer should be the expert's own words, but it is {answer.text!r}")
    verify(EXPERTS_WORDS in _unwrapped(letter.text), "the asker should get the expert's own words")
    header = QUOTING[program.language].split("}")[-1].strip()
    for cut in (header, *program.signature.split("\n"), NURSES[:30]):
        verify(cut in _unwrapped(sent.text) and cut not in letter.text.partition("\n>")[0], f"{cut!r} should have been cut")
    draft = town.read(lambda session: session.scalars(select(Fiche).where(Fiche.question_id == case.question.id)).one())
    verify(draft.status == "draft", f"a fiche draft should wait, but it is {draft.status}")
    teller.holds("Quote, header and signature were cut; the raw mail is kept.")
    teller.holds("A fiche draft waits for a coordinator: the next asker may not need an expert.")
    teller.keep("expert", answer=answer.text, state=case.question.state, draft=draft.slug, answered_at=iso(answer.created_at))


def _program(case: Case) -> Program:
    """The asked expert's mail program, in their language; it signs with their office."""
    expert = case.assignments[-1].expert
    signature = f"{expert.role}\n{expert.authority.name}"
    letter = only((one for one in case.letters if one.kind == "assignment"), "assignment letter")
    return Program(letter.address.address, letter.language, expert.authority.zone, signature)


def _body(letter: Letter) -> str:
    """A letter's text without its foot: the marker line below holds the reply token."""
    return letter.text.partition("\n-- ")[0].strip()


def _unwrapped(text: str) -> str:
    return text.replace("\r\n", "\n")


def _named(code: str) -> str:
    return language_name(code, "en")
