"""Attacks 4, 5, 9, 15 and 17: getting words under the wrong question, by the front door (LMTP)."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import update

from routing.models import Address, OutboxMessage, ReplyToken
from routing.tokens import ALPHABET, LENGTH, candidates, new_token, token_hash
from tests.stories.attacks import OURS, WORDS, all_arrived, arrived, code_of, letters_to, mail, passed
from tests.stories.attacks import case as a_case

pytestmark = pytest.mark.asyncio(loop_scope="session")
STRANGER = "stranger@elsewhere.example"


def reply_address(token):
    return f"reply+{token}@network.example"


async def nothing_was_sent(case):
    await case.settled()
    assert not case.answers() and case.assignment().state in ("offered", "accepted")


# ------------------------------------------------------------------ 4: guessing


def with_letters_changed(token, *places):
    letters = list(token)
    for place in places:
        letters[place] = ALPHABET[(ALPHABET.index(letters[place]) + 7) % 32]
    return "".join(letters)


GUESSED = [
    ("made up", lambda token: new_token()),
    ("two letters away", lambda token: with_letters_changed(token, 3, 17)),
    ("three letters away", lambda token: with_letters_changed(token, 0, 13, 27)),
    ("its beginning", lambda token: token[:14]),
    ("turned round", lambda token: token[::-1]),
    ("all the same letter", lambda token: "0" * LENGTH),
    ("the number of the question", lambda token: "2026-0001"),
]


@pytest.mark.parametrize("guess", [row[1] for row in GUESSED], ids=[f"4 {row[0]}" for row in GUESSED])
async def test_a_guessed_address_gets_the_same_silence_as_any_other(besieged, open_case, guess):
    """From the expert's own address: only the secret is guessed. Accepted as any mail, held, and nobody is told anything."""
    written = len(letters_to(besieged, open_case.expert))
    to = reply_address(guess(open_case.token))
    row = await arrived(besieged, mail(open_case.expert, WORDS, to=to), open_case.expert, to)
    assert (row.state, code_of(row)) in (("held", "unknown-address"), ("held", "expert-without-address"))
    await nothing_was_sent(open_case)
    assert len(letters_to(besieged, open_case.expert)) == written


async def test_4_a_mail_with_ninety_guesses_hits_nothing(besieged, open_case):
    near = [with_letters_changed(open_case.token, a, b) for a in range(9) for b in range(10, 20)]
    raw = mail(open_case.expert, WORDS, to=", ".join(map(reply_address, near)))
    row = await arrived(besieged, raw, open_case.expert, reply_address(near[0]))
    assert (row.state, code_of(row)) == ("held", "unknown-address")
    await nothing_was_sent(open_case)


async def test_4_a_million_guesses_find_nothing():
    """What one guess may mean is a handful of tokens, of 2**130: a million guesses cover 10**-32 of them."""
    meant = max(len(candidates(new_token()[:length])) for length in (LENGTH, LENGTH - 1) for _ in range(200))
    assert 10**6 * meant / 32 ** (LENGTH - 2) < 2**-100
    real = {token_hash(new_token()) for _ in range(1000)}
    letters = random.Random(4)
    guesses = ("".join(letters.choices(ALPHABET, k=LENGTH)) for _ in range(2_000))
    assert not [one for guess in guesses for one in candidates(guess) if token_hash(one) in real]


# ------------------------------------------------------------------ 5: the right secret in the wrong place


async def test_5_the_address_of_a_closed_question(besieged):
    case = await a_case(besieged)
    case.close()
    row = await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to), case.expert, case.reply_to)
    assert (row.state, code_of(row)) in (("held", "no-longer-theirs"), ("held", "revoked")) and not case.answers()


async def test_5_an_address_that_was_revoked(besieged, case):
    change_token(besieged, case, revoked_at=besieged.clock.now())
    row = await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to), case.expert, case.reply_to)
    assert (row.state, code_of(row)) == ("held", "revoked")
    await nothing_was_sent(case)


async def test_5_an_address_that_is_too_old(besieged, case):
    change_token(besieged, case, created_at=besieged.clock.now() - timedelta(days=401))
    row = await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to), case.expert, case.reply_to)
    assert (row.state, code_of(row)) == ("held", "expired")
    await nothing_was_sent(case)


def change_token(town, case, **values):
    with town.store.transaction() as session:
        session.execute(update(ReplyToken).where(ReplyToken.secret_hash == token_hash(case.token)).values(**values))


TWICE = [
    ("both addresses in To", lambda a, b: dict(to=f"{a.reply_to}, {b.reply_to}")),
    ("the other address in Cc", lambda a, b: dict(to=a.reply_to, Cc=b.reply_to)),
    ("the other address noted by a relay", lambda a, b: dict(to=a.reply_to, X_Original_To=b.reply_to)),
    ("the other letter is the one answered", lambda a, b: dict(to=a.reply_to, In_Reply_To=b.letter["Message-ID"])),
    ("the other letter is quoted", lambda a, b: dict(to=a.reply_to, text=f"{WORDS}\n\nOn Monday we wrote:\n> ref:{b.token}\n")),
]


@pytest.mark.parametrize("fields", [row[1] for row in TWICE], ids=[f"5 {row[0]}" for row in TWICE])
async def test_the_address_of_one_question_on_an_answer_to_another(besieged, open_case, case, fields):
    """Both are the same expert's, so only a person can say which is meant."""
    told = fields(case, open_case)
    row = await arrived(besieged, mail(case.expert, told.pop("text", WORDS), **told), case.expert, case.reply_to)
    assert (row.state, code_of(row)) in (("held", "several-questions"), ("held", "quotes-another"))
    assert {guess["number"] for guess in row.facts["guesses"]} == {case.number, open_case.number}
    await nothing_was_sent(case)
    await nothing_was_sent(open_case)


# ------------------------------------------------------------------ 9: what anybody may know

KNOWN = [
    ("the number in the subject", lambda case: dict(subject=f"Re: Question {case.number}"), "handled", None),
    ("the number in brackets", lambda case: dict(subject=f"[#{case.number}] answer"), "handled", None),
    ("our Message-ID in In-Reply-To", lambda case: dict(In_Reply_To=case.letter["Message-ID"]), "held", "address-gone"),
    ("our Message-ID in References", lambda case: dict(References=f"<x@y.example> {case.letter['Message-ID']}"), "held", "address-gone"),
    (
        "number, Message-ID and the expert's name",
        lambda case: dict(subject=f"Re: {case.number}", References=case.letter["Message-ID"], sender=f"Apprenticeship desk <{STRANGER}>"),
        "held",
        "address-gone",
    ),
]


@pytest.mark.parametrize(("fields", "state", "code"), [row[1:] for row in KNOWN], ids=[f"9 {row[0]}" for row in KNOWN])
async def test_numbers_names_and_message_ids_never_pair(besieged, open_case, fields, state, code):
    told = fields(open_case)
    row = await arrived(besieged, mail(told.pop("sender", STRANGER), WORDS, **told), STRANGER, OURS)
    assert (row.state, code_of(row)) == (state, code)
    assert row.question_id != open_case.question_id
    if state == "held":
        assert row.facts["guesses"][0]["number"] == open_case.number
    await nothing_was_sent(open_case)


async def test_9_the_expert_without_the_secret_is_asked_about_too(besieged, open_case):
    row = await arrived(besieged, mail(open_case.expert, WORDS, subject=f"Re: {open_case.number}"), open_case.expert, OURS)
    assert (row.state, code_of(row)) == ("held", "expert-without-address")
    await nothing_was_sent(open_case)


# ------------------------------------------------------------------ 15: a forged report that a letter did not arrive


def dsn(recipient, message_id="<unknown@network.example>", to=OURS):
    return (
        f"From: MAILER-DAEMON@mail.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <{random.random()}@mail.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        f"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nTo: {recipient}\r\n--B--\r\n"
    ).encode()


REPORTS = [
    ("names the expert alone", lambda case: (OURS, "<unknown@network.example>")),
    ("comes to a guessed return path", lambda case: (reply_address(with_letters_changed(case.token, 2, 9)), "<x@network.example>")),
    ("comes to a made-up return path", lambda case: (reply_address(new_token()), "<x@network.example>")),
    ("guesses the letter's Message-ID", lambda case: (OURS, f"<{'0' * 32}.assignment@network.example>")),
]


@pytest.mark.parametrize("forge", [row[1] for row in REPORTS], ids=[f"15 it {row[0]}" for row in REPORTS])
async def test_a_forged_report_silences_nobody(besieged, open_case, forge):
    to, message_id = forge(open_case)
    [row] = await all_arrived(besieged, dsn(open_case.expert, message_id, to), "", to)
    assert row.kind == "bounce" and row.outcome == "bounce of a letter that is not ours: ignored", "and written down"
    await nothing_was_sent(open_case)
    with besieged.store.snapshot() as session:
        assert session.query(Address).filter_by(address=open_case.expert).one().dead_at is None
        letter = session.query(OutboxMessage).filter_by(message_id=open_case.letter["Message-ID"]).one()
    assert letter.state == "sent"


# ------------------------------------------------------------------ 17: being there first with the same Message-ID


async def test_17_a_mail_that_takes_the_answers_message_id_does_not_swallow_it(besieged, case):
    squatted = "<the-answer@trento.example>"
    first = await arrived(besieged, mail(STRANGER, "I was here first.", Message_ID=squatted), STRANGER, OURS)
    second = await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to, Message_ID=squatted), case.expert, case.reply_to)
    assert first.id != second.id and second.state == "handled" and len(case.answers()) == 1


async def test_17_nor_does_one_with_the_same_words_from_somebody_else(besieged, case):
    """A copy of the very answer, sent ahead by who could read it: another sender is another mail."""
    squatted = "<the-copied-answer@trento.example>"
    await arrived(besieged, mail(STRANGER, WORDS, to=case.reply_to, Message_ID=squatted), STRANGER, case.reply_to)
    row = await arrived(besieged, mail(case.expert, WORDS, to=case.reply_to, Message_ID=squatted), case.expert, case.reply_to)
    assert row.state == "handled" and len(case.answers()) == 1


async def test_17_nor_does_a_forgery_that_is_the_answer_to_the_letter(besieged, case):
    """The same bytes once unproven (held), once with the border server's word: the proven one takes its place."""
    raw = mail(case.expert, WORDS, to=case.reply_to, Message_ID="<the-very-answer@trento.example>")
    forged = await arrived(besieged, raw, STRANGER, case.reply_to, believed=False)
    assert forged.state == "held"
    row = await arrived(besieged, raw, case.expert, case.reply_to)
    assert row.state == "handled" and len(case.answers()) == 1
    again = (await all_arrived(besieged, passed("trento.example") + raw + b"\r\n", STRANGER, OURS))[-1]
    assert again.state in ("ignored", "held") and len(case.answers()) == 1
