"""Attacks 11-14: loops, machines, a victim named by thousands, advertising through us; and the caps that end them all."""

import email
import email.policy
import itertools
import re
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from routing import cases
from routing.caps import DUTIES
from routing.models import Address, Question
from tests.stories.attacks import OURS, all_arrived, arrived, letters_to, mail, refused
from tests.town import address_in, text_of
from tests.world import OTHER_QUESTION

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = itertools.count(1)


def somebody(domain=None):
    return f"desk{next(_numbers)}@{domain or f'flood{next(_numbers)}.example'}"


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def apart(besieged, open_case):
    """Questions of one test do not wait for the next: equal ones would be put together."""
    yield
    await close_all(besieged, open_case)


async def close_all(town, spared):
    await quiet(town)
    with town.store.transaction() as session:
        for question in session.scalars(select(Question).where(Question.state != "closed", Question.id != spared.question_id)):
            cases.close(session, question, "duplicate", actor="person:1", now=town.clock.now())


async def quiet(town):
    """Everything that came in is judged, searched for and written, everything written is sent."""
    await town.until(
        lambda: not town.inbox(state="new")
        and not any(turn == "us" for _, _, turn, _ in town.state())
        and not [one for one in town.outbox() if one.state in ("queued", "claimed")]
    )


async def ask(town, sender, text=OTHER_QUESTION, *, believed=True, **fields):
    return await arrived(town, mail(sender, text, **fields), sender, OURS, believed=believed)


# ------------------------------------------------------------------ 11: two machines

LOOPS = [
    ("another instance like ours", lambda letter: dict(X_RRM_Instance="desk@other.example", Auto_Submitted="auto-replied")),
    ("a machine that says so", lambda letter: dict(Auto_Submitted="auto-replied")),
    ("a machine that only says Precedence", lambda letter: dict(Precedence="bulk")),
    ("a list that sends everything back", lambda letter: dict(List_Id="<all.other.example>", Precedence="list")),
    ("a machine that says nothing at all", lambda letter: {}),
    ("... and never names our letter", lambda letter: dict(In_Reply_To=None, References=None, plain=True)),
]


@pytest.mark.parametrize("fields", [row[1] for row in LOOPS], ids=[f"11 {row[0]}" for row in LOOPS])
async def test_whoever_answers_every_letter_gets_three_at_most(besieged, fields):
    """Both sides answer whatever comes, as long as anything comes; the other side gives up after eight."""
    machine, seen = somebody(), 0
    await ask(besieged, machine)
    for turn in range(8):
        await quiet(besieged)
        fresh = besieged.letters(machine)[seen:]
        if not fresh:
            break
        seen += len(fresh)
        for letter in fresh:
            told = fields(letter)
            to = OURS if told.pop("plain", False) else address_in(letter["Reply-To"])
            answered = {"In_Reply_To": letter["Message-ID"], "References": letter["Message-ID"]} | told
            text = f"Your message number {turn} has been received.\n\n{text_of(letter)}"
            await arrived(besieged, mail(machine, text, to=to, subject=f"Re: {letter['Subject']}", **answered), machine, to)
    automatic = [one for one in letters_to(besieged, machine) if one.automatic]
    assert len(automatic) <= 3, [(one.kind, one.subject) for one in automatic]
    for letter in besieged.letters(machine):
        assert letter["Auto-Submitted"] and letter["X-Auto-Response-Suppress"]


async def test_11_our_own_letter_that_comes_back_is_no_mail(besieged, open_case):
    [mine] = [one for one in besieged.mail.mails if open_case.letter["Message-ID"].encode() in one.data]
    [row] = await all_arrived(besieged, mine.data, OURS, OURS)
    assert (row.state, row.kind) == ("ignored", "own-loop")


# ------------------------------------------------------------------ 12: out of office

AWAY = {
    "en": "I am out of the office until 30 November 2026 and will read your message when I am back.",
    "it": "Sono fuori ufficio fino al 30 novembre 2026. Leggerò il Suo messaggio al mio rientro.",
    "es": "Estoy fuera de la oficina hasta el 30 de noviembre de 2026. Leeré su mensaje a mi regreso.",
    "fr": "Je suis absent du bureau jusqu'au 30 novembre 2026. Je lirai votre message à mon retour.",
    "el": "Βρίσκομαι εκτός γραφείου έως τις 30 Νοεμβρίου 2026. Θα διαβάσω το μήνυμά σας όταν επιστρέψω.",
    "hr": "Odsutan sam iz ureda do 30. studenoga 2026. Vašu ću poruku pročitati po povratku.",
    "ro": "Sunt plecat din birou până la 30 noiembrie 2026. Voi citi mesajul dumneavoastră la întoarcere.",
    "tr": "30 Kasım 2026 tarihine kadar ofis dışındayım. Döndüğümde mesajınızı okuyacağım.",
}
MACHINES = [
    *((f"12 in {code}, with its header", text, dict(Auto_Submitted="auto-replied")) for code, text in AWAY.items()),
    ("12 by Exchange", AWAY["en"], dict(X_Auto_Response_Suppress="All", subject="Automatic reply: Question")),
    ("12 by an old robot", AWAY["en"], dict(Precedence="auto_reply", X_Autoreply="yes")),
    *((f"12 in {code}, without any header", text, {}) for code, text in AWAY.items()),
]


@pytest.mark.parametrize(("text", "fields"), [row[1:] for row in MACHINES], ids=[row[0] for row in MACHINES])
async def test_an_absence_notice_is_no_answer_and_stops_no_clock(besieged, open_case, text, fields):
    due = open_case.assignment().deadline_at
    row = await arrived(besieged, mail(open_case.expert, text, to=open_case.reply_to, **fields), open_case.expert, open_case.reply_to)
    assert row.kind == "auto-reply" or row.state == "held"
    await open_case.settled()
    assert not open_case.answers()
    assert open_case.assignment().state in ("offered", "accepted") and open_case.assignment().deadline_at == due


# ------------------------------------------------------------------ 13 and 14: through us at somebody else

ADVERT = "CHEAP-CHAIRS-4711"


async def test_13_a_victim_named_by_many_gets_one_letter(besieged):
    victim = somebody()
    for number in range(25):
        row = await ask(besieged, victim, f"{OTHER_QUESTION} Part {number}.", believed=False, subject=f"Question {number}")
    assert row.state == "held"
    await quiet(besieged)
    assert len(letters_to(besieged, victim)) == 1 and len(besieged.letters(victim)) == 1


ADVERTS = [
    ("in the subject", dict(subject=ADVERT)),
    ("in the text", dict(text=f"{ADVERT} {OTHER_QUESTION}")),
    ("in the sender's name", dict(name=ADVERT)),
    ("in the Message-ID", dict(Message_ID=f"<{ADVERT}@{ADVERT}.example>")),
    ("in the address for replies", dict(Reply_To=f"{ADVERT}@{ADVERT}.example")),
    ("in the language", dict(Content_Language=ADVERT)),
    ("in the name of a file", dict(Content_Type=f'application/pdf; name="{ADVERT}.pdf"', Content_Disposition=f'attachment; filename="{ADVERT}.pdf"')),
    ("in References", dict(References=f"<{ADVERT}@x.example>")),
]


@pytest.mark.parametrize("where", [row[1] for row in ADVERTS], ids=[f"14 {row[0]}" for row in ADVERTS])
async def test_an_acknowledgement_to_somebody_unproven_carries_no_byte_of_theirs(besieged, where):
    victim, told = somebody(), dict(where)
    sender = f"{told.pop('name')} <{victim}>" if "name" in told else victim
    text = told.pop("text", OTHER_QUESTION)
    row = await arrived(besieged, refused(victim.rpartition("@")[2]) + mail(sender, text, **told), victim, OURS, believed=None)
    await quiet(besieged)
    sent = [one.data for one in besieged.mail.mails if victim in one.rcpt_to]
    assert len(sent) <= 1 and (sent or row.state == "held")
    for raw in sent:
        decoded = str(email.message_from_bytes(raw, policy=email.policy.default)) + text_of(email.message_from_bytes(raw, policy=email.policy.default))
        assert ADVERT.lower() not in decoded.lower() and ADVERT.encode().lower() not in raw.lower()
        assert OTHER_QUESTION not in decoded and "welding" not in decoded.lower()
        assert len(raw) < 20_000


async def test_14_whoever_answers_our_letter_is_known_from_then_on(besieged):
    asker = somebody()
    await ask(besieged, asker, believed=False, subject="First")
    await quiet(besieged)
    [letter] = besieged.letters(asker)
    assert not is_known(besieged, asker)
    raw = mail(asker, "There are twelve villages, by the way.", to=address_in(letter["Reply-To"]))
    await arrived(besieged, raw, asker, address_in(letter["Reply-To"]), believed=False)
    await quiet(besieged)
    assert is_known(besieged, asker), "its owner reads what arrives there"


def is_known(town, address):
    with town.store.snapshot() as session:
        return session.query(Address).filter_by(address=address).one().proven_at is not None


# ------------------------------------------------------------------ the caps, counted in the database


def automatic(town, address):
    """The letters that the caps count."""
    return [one for one in letters_to(town, address) if one.automatic and one.kind not in DUTIES]


async def test_the_cap_of_one_address_holds_for_an_hour_and_lifts(besieged, open_case):
    """Proven, and with a new question every few minutes: five automatic letters an hour, whoever asks."""
    cap = besieged.service.office.policy.caps.per_address_per_hour
    asker = somebody()
    for number in range(cap + 3):
        await ask(besieged, asker, f"{OTHER_QUESTION} Village {chr(97 + number)}.", subject=f"Question {number}")
        await close_all(besieged, open_case)
        besieged.clock.move_to(besieged.clock.now() + timedelta(minutes=3))
    assert len(automatic(besieged, asker)) == cap
    besieged.clock.move_to(besieged.clock.now() + timedelta(hours=1, minutes=1))
    await ask(besieged, asker, f"{OTHER_QUESTION} One more village.", subject="Later")
    await quiet(besieged)
    assert len(automatic(besieged, asker)) == cap + 1


async def test_the_cap_of_one_thread_ends_a_talk_of_machines_about_one_question(besieged):
    cap = besieged.service.office.policy.caps.per_thread_per_hour
    asker = somebody()
    row = await ask(besieged, asker)
    await quiet(besieged)
    for number in range(cap + 4):
        letters = besieged.letters(asker)
        to = address_in(letters[-1]["Reply-To"])
        await arrived(besieged, mail(asker, f"More about it, number {number}: the village is remote.", to=to), asker, to)
        await quiet(besieged)
    told = [one for one in automatic(besieged, asker) if one.question_id == row.question_id]
    assert 1 <= len(told) <= cap


async def test_every_letter_tells_machines_not_to_answer(besieged, open_case):
    """RFC 3834 (Auto-Submitted), RFC 5322 (one of each field, Date, Message-ID of ours), and no list that RFC 8058 speaks of."""
    await quiet(besieged)
    assert besieged.mail.mails
    for one in besieged.mail.mails:
        read = email.message_from_bytes(one.data, policy=email.policy.default)
        for name in ("From", "To", "Subject", "Date", "Message-ID"):
            assert len(read.get_all(name)) == 1, name
        assert re.fullmatch(r"<[^<>@\s]+@network\.example>", read["Message-ID"])
        assert not read.defects and read["List-Unsubscribe"] is None
        assert address_in(read["Reply-To"]) == one.mail_from.strip("<>"), "a bounce names the letter it is about (VERP)"
        written = besieged.outbox(message_id=str(read["Message-ID"]))[0]
        assert (read["Auto-Submitted"] is not None) == written.automatic
        assert read["X-RRM-Instance"] == OURS
