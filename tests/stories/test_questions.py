"""Questions told start to end over real transports: Bot API, SMTP, LMTP, on SQLite and on PostgreSQL."""

import email.policy

import pytest
from sqlalchemy import select, update

from routing import coordinating, held, reworking
from routing.models import Answer, Authority, Fiche, InboxMessage, Question
from tests.fakes.smtp_peer import Script
from tests.town import text_of
from tests.world import COORDINATOR, DEPUTY, DESK, DUAL_QUESTION, OTHER_QUESTION, SECOND

ASKER = "policy-desk@lisboa.example"


def answers_of(town):
    with town.store.snapshot() as session:
        return session.scalars(select(Answer).order_by(Answer.id)).all()


def button(bubble, word):
    return next(one for row in bubble.rows for one in row if word.lower() in one.label.lower())


async def test_telegram_question_answered_by_a_fiche(town, midway):
    phone = town.phone()
    phone.say(DUAL_QUESTION)
    offer = await town.bubble(phone, "Trentino")
    await midway()
    phone.press(button(offer, "answers").label)
    await town.until(lambda: town.question().state == "closed")
    assert (town.question().verdict, town.question().closed_because) == ("accepted", "answered by a fiche")


async def test_mail_question_answered_by_an_expert(town, midway):
    await town.write(ASKER, OTHER_QUESTION, subject="Mobile workshop")
    receipt = await town.letter(ASKER, "2026-0001")
    assert receipt["Auto-Submitted"] and receipt["In-Reply-To"]
    assignment = await town.letter(DESK, "welding")
    await midway()
    await town.answer(assignment, "Accetto")
    await town.until(lambda: town.state()[0][3] == "watch assignments" and len(town.letters(DESK)) == 2)
    await town.answer(
        assignment,
        "We leased a lorry and shared it among five valleys.\n\n-- \nUfficio apprendistato\nTrento\n\n"
        f"Il giorno lun 23 nov 2026 alle ore 10:00 Test network <questions@network.example>\nha scritto:\n> {OTHER_QUESTION}\n",
    )
    answer = await town.letter(ASKER, "shared it among five valleys")
    told = text_of(answer)
    assert "ha scritto" not in told and "Ufficio apprendistato" not in told
    await town.until(lambda: town.question().state == "answered")
    with town.store.snapshot() as session:
        assert session.scalars(select(Fiche.status).where(Fiche.question_id == town.question().id)).one() == "draft"
    await town.letter(COORDINATOR, "draft")
    await town.answer(answer, "Yes, thank you!")
    await town.until(lambda: town.question().verdict == "helped")
    await town.until(lambda: town.service.meanings.near("saldatrici per paesi di montagna").ids == (town.question().id,))


async def test_silence_reminder_escalation_holding_note(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    await town.letter(DESK, "welding")
    await midway()
    await town.pass_time(days=9)
    await town.letter(DEPUTY, "welding")
    assert len([one for one in town.outbox(kind="reminder")]) == 1
    holding = await town.until(lambda: town.outbox(kind="holding"))
    await town.letter(ASKER, holding[0].subject)
    assert town.question().state == "assigned"


async def test_a_declined_question_goes_to_the_next_expert(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    letter = await town.letter(DESK, "welding")
    await midway()
    await town.answer(letter, "Decline: we have never done this")
    await town.letter(DEPUTY, "welding")
    await town.until(lambda: town.outbox(kind="holding", state="sent"))


async def test_a_strangers_reply_is_held_and_released(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    letter = await town.letter(DESK, "welding")
    await town.answer(letter, "I answer for my colleague: the province paid half.", sender="colleague@trento.example")
    row = (await town.until(lambda: town.inbox(state="held")))[0]
    await midway()
    assert "colleague@trento.example" in row.reason and not town.outbox(kind="answer")
    with town.store.transaction() as session:
        held.release_to(session, town.service.office, row.id, town.question().id, by="person:1", now=town.clock.now())
    town.service.wake()
    await town.letter(ASKER, "the province paid half")


async def test_an_unauthenticated_reply_is_held(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    letter = await town.letter(DESK, "welding")
    await midway()
    await town.answer(letter, "Forged words", proven=False)
    row = (await town.until(lambda: town.inbox(state="held")))[0]
    assert "could not authenticate" in row.reason and not town.outbox(kind="answer")


async def test_a_refused_recipient_leads_to_the_next_route(town, midway):
    town.mail.scripts.append(Script(reply={"rcpt": "550 5.1.1 no such user"}))
    await town.write(ASKER, OTHER_QUESTION)
    await town.until(lambda: town.outbox(state="failed"))
    await midway()
    await town.until(lambda: len(town.outbox(kind="assignment")) + len(town.outbox(kind="co_delivery")) >= 2)


async def test_a_bounce_after_the_250_leads_to_the_next_expert(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    letter = await town.letter(DESK, "welding")
    await midway()
    await town.deliver(dsn(letter, DESK), "<>", str(letter["Reply-To"]).rpartition("<")[2].rstrip(">"))
    await town.letter(DEPUTY, "welding")
    await town.letter(COORDINATOR, "5.1.1")
    assert town.inbox(kind="bounce")[0].state == "handled"


async def test_an_answer_that_does_not_help_is_routed_again(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    await town.answer(await town.letter(DESK, "welding"), "We leased a lorry together with five valleys.")
    answer = await town.letter(ASKER, "leased a lorry")
    await midway()
    await town.answer(answer, "No")
    await town.until(lambda: town.outbox(kind="helped_no", state="sent"))
    await town.answer(answer, "What did the lease cost each village?")
    again = await town.until(lambda: [one for one in town.letters(DESK) if "What did the lease cost" in text_of(one)])
    assert again and town.question().waiting_for == "expert"


async def test_refused_fiches_lead_to_an_expert_and_the_answer_to_the_chat(town, midway):
    phone = town.phone()
    phone.say(DUAL_QUESTION)
    phone.press(button(await town.bubble(phone, "Trentino"), "expert").label)
    await midway()
    letter = await town.letter(DESK, "firm")
    await town.answer(letter, "Ask the firms first: they pay the tutors.")
    bubble = await town.bubble(phone, "they pay the tutors")
    phone.press(button(bubble, "yes").label)
    await town.until(lambda: town.question().verdict == "helped")


@pytest.mark.parametrize("moment", ["asked", "assigned", "answered"])
async def test_a_restart_in_the_middle_loses_nothing(town, moment):
    await town.write(ASKER, OTHER_QUESTION)
    if moment == "asked":
        await town.restart()
    letter = await town.letter(DESK, "welding")
    if moment == "assigned":
        await town.restart()
    await town.answer(letter, "We leased a lorry.")
    if moment == "answered":
        await town.restart()
    await town.letter(ASKER, "leased a lorry")
    keys = [one.effect_key for one in town.outbox()]
    assert len(keys) == len(set(keys))
    await town.until(lambda: all(one.state == "sent" for one in town.outbox()))


async def test_a_restart_with_a_question_in_the_chat(town):
    phone = town.phone()
    phone.say(DUAL_QUESTION)
    await town.restart()
    offer = await town.bubble(phone, "Trentino")
    await town.restart()
    phone.press(button(offer, "answers").label)
    await town.until(lambda: town.question().state == "closed")
    assert len([one for one in phone.screen() if one.from_bot and "Trentino" in one.text]) == 1


async def test_the_same_mail_twice_is_one_question(town):
    mail = await town.write(ASKER, OTHER_QUESTION)
    await town.deliver(mail.as_bytes(policy=email.policy.SMTP), ASKER, mail["To"])
    await town.letter(DESK, "welding")
    await town.until(lambda: all(row.state != "new" for row in town.inbox()))
    assert len(town.state()) == 1


async def test_a_photo_is_kept_and_the_asker_told(town):
    phone = town.phone()
    phone.send_photo(b"\xff\xd8 not really a picture", caption=OTHER_QUESTION)
    await town.letter(DESK, "welding")
    await town.until(lambda: town.outbox(kind="attachment_kept", state="sent"))


async def test_commands_answer_in_the_language_of_the_phone(town):
    phone = town.phone(number=777, name="Γραφείο", language="el")
    phone.say("/start")
    await town.bubble(phone, "Telegram")
    phone.say("/status")
    await town.until(lambda: len([one for one in phone.screen() if one.from_bot]) == 2)
    with town.store.snapshot() as session:
        assert [row.kind for row in session.scalars(select(InboxMessage))] == ["command", "command"]


def dsn(letter, recipient):
    return (
        "From: MAILER-DAEMON@mx.trento.example\r\nTo: reply@network.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nMessage-ID: <dsn1@mx.trento.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThe mail system could not deliver.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.trento.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter['Message-ID']}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("replies_to", ["the first letter", "the new one"])
async def test_whoever_asked_first_withdraws_and_the_expert_goes_on_for_who_asked_the_same(town, midway, replies_to):
    other = "education@porto.example"
    await town.write(ASKER, OTHER_QUESTION)
    first = await town.letter(DESK, "2026-0001")
    await town.write(other, OTHER_QUESTION.replace("Which lorry", "What lorry"))
    await town.letter(other, "seems to be the same question")
    await town.answer(first, "Accetto")
    await town.until(lambda: town.outbox(kind="accepted", state="sent"))
    await town.answer(await town.letter(ASKER, "2026-0001"), "Stop")
    await town.letter(ASKER, "our last message to you")
    new = await town.letter(DESK, "2026-0002")
    await midway()
    assert "What lorry" in text_of(new) and len(town.outbox(kind="assignment")) == 1 and not town.outbox(kind="moved_on")
    await town.answer(new if replies_to == "the new one" else first, "Cinque valli hanno noleggiato un camion.")
    await town.letter(other, "noleggiato un camion")
    assert [state for _, state, *_ in town.state()] == ["closed", "answered"] and not town.inbox(state="held")


async def test_an_asker_and_an_expert_say_stop_by_mail(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    first = await town.letter(DESK, "2026-0001")
    await town.answer(first, "Buongiorno,\n\nnon scrivetemi più, grazie.\n\nCordiali saluti\nUfficio apprendistato")
    assert "ricomincia" in text_of(await town.letter(DESK, "non Le inviamo più quesiti"))
    await town.letter(COORDINATOR, "wants no more questions")
    second = await town.letter(DEPUTY, "welding")
    await midway()
    await town.answer(await town.letter(ASKER, "it has arrived"), "Please stop sending me these mails.\n\nThank you.")
    last = await town.letter(ASKER, "our last message to you")
    assert "2026-0001" in text_of(last)
    await town.letter(DEPUTY, "2026-0001", count=2)
    await town.answer(second, "Abbiamo noleggiato un camion.")
    await town.until(lambda: town.inbox(state="held"))
    await town.answer(town.letters(DESK)[-1], "Ricomincia")
    await town.until(lambda: town.outbox(kind="started_expert", state="sent"))
    assert town.letters(ASKER)[-1]["Subject"] == last["Subject"], "nothing has come after the last letter"


async def test_two_addresses_that_do_not_exist_are_one_letter_to_the_asker(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    for address in (DESK, DEPUTY):
        letter = await town.letter(address, "welding")
        await town.deliver(dsn(letter, address), "<>", str(letter["Reply-To"]).rpartition("<")[2].rstrip(">"))
    await town.letter(SECOND, "welding")
    await midway()
    assert not town.outbox(kind="holding", state="sent")
    await town.pass_time(hours=0.2)
    await town.letter(ASKER, "our mail did not reach the expert")
    await town.until(lambda: town.outbox(kind="holding", state="sent"))
    assert [row.state for row in town.outbox(kind="holding") if row.state != "cancelled"] == ["sent"]


async def test_an_answer_goes_back_and_only_what_is_new_comes(town, midway):
    """The reply quotes our letter, with the first answer in it, as mail clients do: nothing of that is taken for new."""
    with town.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    await town.write(ASKER, OTHER_QUESTION)
    await town.answer(await town.letter(DESK, "welding"), "We leased a lorry together with five valleys.")
    await town.until(lambda: town.question().waiting_for == "coordinator" and answers_of(town))
    with town.store.transaction() as session:
        question = session.get_one(Question, town.question().id)
        facts = dict(by="user:1", now=town.clock.now())
        reworking.send_back(session, town.service.office, question, 1, "What does the lease cost a year?", 3, **facts)
    town.service.wake()
    letter = await town.letter(DESK, "What does the lease cost")
    await midway()
    told = text_of(letter)
    assert "We leased a lorry together" in told and letter["Reply-To"]
    quoted = "\n".join(f"> {line}" for line in told.splitlines())
    await town.answer(letter, f"900 euros, the province pays half.\n\nIl giorno lun 23 nov 2026 Test network ha scritto:\n{quoted}\n")
    await town.until(lambda: len(answers_of(town)) == 2)
    first, second = answers_of(town)
    assert second.text == "900 euros, the province pays half." and (first.state, second.state) == ("discarded", "waiting")
    with town.store.transaction() as session:
        question = session.get_one(Question, town.question().id)
        text = f"{first.text}\n\n{second.text}"
        coordinating.release_answer(session, town.service.office, question, second.id, text, by="user:1", now=town.clock.now())
    town.service.wake()
    assert "five valleys" in text_of(await town.letter(ASKER, "the province pays half"))
