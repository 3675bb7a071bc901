"""Attacks 1-3, 6-8, 10 and 16: somebody else in the expert's name, by the front door (LMTP). Nothing reaches the asker."""

import pytest
from sqlalchemy import update

from routing import held
from routing.models import Expert
from tests.stories.attacks import OURS, WORDS, all_arrived, arrived, code_of, letters_to, mail, passed, refused
from tests.town import BORDER

pytestmark = pytest.mark.asyncio(loop_scope="session")
EVIL = "evil@evil.example"


def domain(address):
    return address.rpartition("@")[2]


async def nothing_was_sent(case):
    await case.settled()
    assert not case.answers()
    assert case.assignment().state in ("offered", "accepted"), "the expert still owes the answer"


# ------------------------------------------------------------------ the secret address is known, the sender is not who it says

# What stands above the attacker's mail when it reaches us: the border server's word, then whatever the attacker brought.
FORGED = [
    ("1 the border server refuses the sender", lambda e: refused(domain(e)), "border-refused"),
    ("1 nobody says anything about the sender", lambda e: b"", "border-silent"),
    ("1 the attacker's own domain passes", lambda e: passed("evil.example"), "border-refused"),
    (
        "2 the attacker says that our server passed it, under our server's refusal",
        lambda e: refused(domain(e)) + passed(domain(e)),
        "border-refused",
    ),
    (
        "2 the attacker says so, and our server only took the mail",
        lambda e: f"Received: from evil by {BORDER} with ESMTPS; Mon, 23 Nov 2026 09:00:00 +0000\r\n".encode() + passed(domain(e)),
        "border-silent",
    ),
    (
        "2 a server with nearly our server's name passed it",
        lambda e: passed(domain(e)).replace(BORDER.encode(), f"{BORDER}.evil.example".encode()),
        "border-silent",
    ),
    (
        "2 a pass is hidden in a comment",
        lambda e: f"Authentication-Results: {BORDER}; dmarc=fail (x; dmarc=pass header.from={domain(e)}) header.from={domain(e)}\r\n".encode(),
        "border-refused",
    ),
    (
        "2 a pass is hidden in a quoted reason",
        lambda e: f'Authentication-Results: {BORDER}; dkim=fail reason="; dkim=pass header.d={domain(e)}"\r\n'.encode(),
        "border-refused",
    ),
]


@pytest.mark.parametrize(("on_top", "code"), [row[1:] for row in FORGED], ids=[row[0] for row in FORGED])
async def test_in_the_experts_name_with_a_leaked_address(besieged, open_case, on_top, code):
    case = open_case
    raw = on_top(case.expert) + mail(case.expert, WORDS, to=case.reply_to, In_Reply_To=case.letter["Message-ID"])
    [row] = await all_arrived(besieged, raw, EVIL, case.reply_to)
    assert (row.state, code_of(row)) == ("held", code)
    assert row.facts["guesses"][0]["number"] == case.number, "one click from release, should it be genuine"
    await nothing_was_sent(case)


CONFUSING = [
    ("an address as the name of another", lambda e: f"{e} <{EVIL}>"),
    ("... in quotes", lambda e: f'"{e}" <{EVIL}>'),
    ("... as an encoded word", lambda e: f"=?utf-8?q?{e.replace('@', '=40')}?= <{EVIL}>"),
    ("two addresses glued together", lambda e: f"alice@evil.example){e}"),
    ("text behind the brackets", lambda e: f'"x"<{e}>{EVIL}'),
    ("a group", lambda e: f"Experts: {e}, {EVIL};"),
    ("two addresses", lambda e: f"{e}, {EVIL}"),
    ("two pairs of brackets", lambda e: f"<{e}><{EVIL}>"),
    ("an encoded word in the address", lambda e: f"=?utf-8?q?{e.partition('@')[0]}?=@{domain(e)}"),
    ("an address in a comment", lambda e: f"{EVIL} ({e})"),
    ("two From fields, the expert's first", lambda e: f"{e}\r\nFrom: {EVIL}"),
    ("two From fields, the expert's last", lambda e: f"{EVIL}\r\nFrom: {e}"),
    ("no From at all", lambda e: None),
]


@pytest.mark.parametrize("sender", [row[1] for row in CONFUSING], ids=[f"3 {row[0]}" for row in CONFUSING])
async def test_a_from_field_that_two_programs_read_differently(besieged, open_case, sender):
    """Whatever the border server thinks of it: the expert's domain passes here."""
    case = open_case
    on_top = f"Authentication-Results: {BORDER}; dmarc=pass header.from={domain(case.expert)}\r\n".encode()
    [row] = await all_arrived(besieged, on_top + mail(sender(case.expert), WORDS, to=case.reply_to), EVIL, case.reply_to)
    assert row.state == "held" and "not certain who wrote it" in row.reason and not row.facts["proven"]
    await nothing_was_sent(case)


# ------------------------------------------------------------------ the sender is who it says, but not whom we asked

OTHERS = [
    ("a colleague of the same authority", lambda case: f"colleague@{domain(case.expert)}"),
    ("a private mailbox of the expert", lambda case: "expert.at.home@freemail.example"),
]


@pytest.mark.parametrize("sender", [row[1] for row in OTHERS], ids=[f"6 {row[0]}" for row in OTHERS])
async def test_somebody_else_answers_a_forwarded_letter(besieged, case, sender):
    row = await arrived(besieged, mail(sender(case), WORDS, to=case.reply_to), sender(case), case.reply_to)
    assert (row.state, code_of(row)) == ("held", "other-sender") and sender(case) in row.reason
    await nothing_was_sent(case)
    with besieged.store.transaction() as session:  # the one click
        guess = row.facts["guesses"][0]
        held.release_to(session, besieged.service.office, row.id, guess["question_id"], by="user:1", now=besieged.clock.now())
    besieged.service.wake()
    assert await besieged.letter(case.asker, "shared it among five valleys")


async def test_7_an_expert_who_has_left_answers_an_old_letter(besieged, case):
    with besieged.store.transaction() as session:
        session.execute(update(Expert).where(Expert.id == case.assignment().expert_id).values(active=False))
    try:
        row = await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to), case.expert, case.reply_to)
    finally:
        with besieged.store.transaction() as session:
            session.execute(update(Expert).values(active=True))
    assert (row.state, code_of(row)) == ("held", "expert-gone")
    await case.settled()
    assert not case.answers()  # who owes it now depends on whether a tick has come in between: it passes the question on


async def test_7_an_expert_answers_what_has_been_given_to_somebody_else(besieged, case):
    first = (case.expert, case.reply_to)
    await arrived(besieged, mail(case.expert, "Decline", to=case.reply_to), case.expert, case.reply_to)
    await besieged.until(lambda: len(besieged.outbox(kind="assignment", question_id=case.question_id)) == 2)
    row = await arrived(besieged, mail(first[0], WORDS, to=first[1]), *first)
    assert (row.state, code_of(row)) == ("held", "no-longer-theirs")
    await case.settled()
    assert not case.answers()


async def test_8_whoever_is_copied_or_named_for_replies_gets_nothing(besieged, case):
    """Neither by the asker's question nor by the expert's answer does anybody join."""
    victims = [f"victim{number}@victim.example" for number in range(3)]
    joined = {"Cc": f"{victims[0]}, {case.expert}", "Reply_To": victims[1], "Sender": victims[2], "Return_Receipt_To": victims[2]}
    joined |= {"Disposition_Notification_To": victims[2]}
    asker = "desk@joined.example"
    row = await arrived(besieged, mail(asker, "Who lends welding machines?", subject="Welding", **joined), asker, OURS)
    assert row.state == "handled"
    await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to, **joined), case.expert, case.reply_to)
    await besieged.letter(case.asker, "shared it among five valleys")
    await besieged.until(lambda: not besieged.outbox(state="queued"))
    assert [letters_to(besieged, victim) for victim in victims] == [[], [], []]
    assert not [one for one in besieged.mail.mails if any("victim" in recipient for recipient in one.rcpt_to)]


CONTROLS = {
    "X_RRM_Question": "2026-0001",
    "X_RRM_Proven": "yes",
    "X_RRM_Token": "x",
    "X_RRM_Kind": "answer",
    "X_Zammad_Ticket_Id": "1",
    "X_Zammad_From": "expert@trento.example",
    "X_FreeScout_Mail_Type": "customer.message",
    "X_Original_From": "expert@trento.example",
}


async def test_10_headers_that_would_steer_a_helpdesk_steer_nothing(besieged, case):
    raw = mail(EVIL, WORDS, to=case.reply_to, X_RRM_Assignment=str(case.assignment_id), **CONTROLS)
    row = await arrived(besieged, raw, EVIL, case.reply_to)
    assert (row.state, code_of(row), row.sender) == ("held", "other-sender", EVIL)
    row = await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to, **CONTROLS), case.expert, case.reply_to)
    assert row.state == "handled" and len(case.answers()) == 1, "and do not hinder whoever may answer"


SPOILING = [
    ("please stop", "Please stop writing to me. Unsubscribe."),
    ("advertising", "CHEAP CHAIRS!!! BUY NOW http://chairs.example"),
    ("abuse", "You are all idiots."),
]


@pytest.mark.parametrize("text", [row[1] for row in SPOILING], ids=[f"16 {row[0]}" for row in SPOILING])
async def test_spam_in_the_experts_name_gets_nobody_blocked(besieged, case, text):
    """It is kept, held, and whatever a coordinator does with it counts for authenticated mail only."""
    raw = mail(case.expert, text, to=case.reply_to)
    row = await arrived(besieged, raw, EVIL, case.reply_to, believed=False)
    if row.state == "held":
        with besieged.store.transaction() as session:
            row = held.get_held(session, row.id)
            from routing import remembered

            assert not remembered.keep(session, row, "discard", None, by="user:1", now=besieged.clock.now(), reason="spam")
            held.discard(session, row.id, "spam", by="user:1", now=besieged.clock.now())
    assert besieged.inbox(id=row.id)[0].state in ("ignored", "held"), "kept"
    row = await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to), case.expert, case.reply_to)
    assert row.state == "handled" and len(case.answers()) == 1
