"""The right expert over real mail and chat: pages behind mailed links, a scanner of all links, a late Turk who writes three times."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from routing.buttons import ACTIONS
from routing.models import Assignment, Authority, Button, Expert, Question
from tests.town import text_of
from tests.world import COORDINATOR, DEPUTY, DESK, DUAL_QUESTION, OTHER_QUESTION

OURS, CHAT_ONLY = "http://127.0.0.1", {"language", "forget_yes", "forget_no", "is_question"}
ASKER, OTHER = "policy-desk@lisboa.example", "education@porto.example"
LINK = re.compile(r"https?://[^\s<>\"']+")
PROMISE = "Devo prima chiedere alla collega dell'ufficio legale, vi scrivo la settimana prossima."
TURKISH = "Merhaba,\n\nBeş köy bir kamyonu birlikte kiraladı; masrafı il karşıladı.\n\niPhone'umdan gönderildi"


def links_of(mail):
    """Every link of a letter, from both of its versions, as a scanner sees them."""
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return sorted({one.rstrip(".,)").replace("&amp;", "&") for part in parts for one in LINK.findall(part)})


def local(town, url):
    """The same page at the port where the town's console really listens."""
    return f"http://127.0.0.1:{town.service.console_port}/" + url.split("/", 3)[3]


async def test_a_scanner_that_opens_every_link_of_every_letter_changes_nothing(town):
    await letters_with_links(town)
    with town.clock.stopped():
        await town.settled()
        await scan(town)


async def scan(town):
    """Every link of every letter is fetched, and nothing is another than before."""
    before = town.contents()
    links = sorted({local(town, url) for mail in town.letters() for url in links_of(mail) if url.startswith(OURS)})
    assert pressed_by(town, links) == set(ACTIONS) - CHAT_ONLY
    for page in ("/status/", "/held", "/fiches/"):
        assert any(page in one for one in links), page
    async with httpx.AsyncClient(timeout=60) as scanner:
        for method in ("GET", "HEAD", "GET"):
            for url in links:
                answer = await scanner.request(method, url, headers={"user-agent": "link scanner"})
                assert answer.status_code in (200, 303, 405, 410), (method, url, answer.status_code)
    assert town.contents() == before


async def letters_with_links(town):
    """One letter at least of every kind that has links: to experts, askers and coordinators."""
    with town.store.transaction() as session:
        session.execute(update(Expert).values(may_be_shared=True))
    await town.write(ASKER, OTHER_QUESTION)
    letter = await town.letter(DESK, "welding")
    await town.write(OTHER, OTHER_QUESTION.replace("Which lorry", "What lorry"))
    await town.letter(OTHER, "seems to be the same question")
    await town.answer(letter, "Somebody else writes", sender="stranger@elsewhere.example")
    await town.answer(letter, PROMISE)
    await town.letter(DESK, "abbiamo inteso")
    await town.answer(letter, "We leased a lorry.")
    await town.answer(await town.letter(ASKER, "leased a lorry"), "Yes")
    await town.write("third@cork.example", DUAL_QUESTION)
    await town.write("fourth@cork.example", "And money?")
    for kind in ("helped_thanks", "proposal", "clarify"):
        await town.until(lambda kind=kind: town.outbox(kind=kind))
    with town.store.transaction() as session:
        session.execute(update(Authority).values(last_confirmed_at=None))
    await town.pass_time(days=16, step=timedelta(hours=12))


def pressed_by(town, links):
    """What the buttons behind these links do."""
    with town.store.snapshot() as session:
        return {session.get(Button, one.rpartition("/do/")[2]).action for one in links if "/do/" in one}


async def test_the_status_page_tells_what_the_chat_tells(town):
    await town.write(ASKER, OTHER_QUESTION)
    receipt = await town.letter(ASKER, "2026-0001")
    page = local(town, next(url for url in links_of(receipt) if "/status/" in url))
    async with httpx.AsyncClient(timeout=60) as phone:
        shown = await phone.get(page)
        assert shown.status_code == 200 and shown.headers["cache-control"] == "no-store" and "noindex" in shown.text
        assert "waiting for an expert" in shown.text and "2026-0001" in shown.text
        assert DESK not in shown.text and "Trento" not in shown.text
        origin = {"origin": page[: page.index("/status/")]}
        assert (await phone.post(f"{page}/tier", data={"tier": "urgent"}, headers=origin)).status_code == 303
        await town.letter(DESK, "urgente")
        await town.letter(ASKER, "urgent")
        assert town.question().tier == "urgent"
        assert (
            await phone.post(f"{page}/tier", data={"tier": "standard"}, headers={"origin": "https://evil.example"})
        ).status_code == 403
        assert (await phone.post(f"{page}/revocation", headers=origin)).status_code == 200
        assert (await phone.get(page)).status_code == 404


async def test_an_expert_uses_the_page_behind_the_link(town):
    await town.write(ASKER, OTHER_QUESTION)
    letter = await town.letter(DESK, "welding")
    async with httpx.AsyncClient(timeout=60) as phone:
        pages = [local(town, url) for url in links_of(letter) if "/do/" in url]
        shown = {page: (await phone.get(page)).text for page in pages}
        page = next(url for url, html in shown.items() if 'name="choice"' in html)
        origin = {"origin": page[: page.index("/do/")]}
        assert (await phone.post(page, data={"choice": "more_time", "text": "soon"}, headers=origin)).status_code == 422
        assert (await phone.post(page, data={"choice": "ask_first", "text": "Which trades?"}, headers=origin)).status_code == 200
        question = await town.letter(ASKER, "Which trades?")
        await town.answer(question, "Welding and joinery.")
        await town.letter(DESK, "joinery")
        assert (
            await phone.post(page, data={"choice": "answer", "text": "We leased a lorry."}, headers=origin)
        ).status_code == 200
        await town.letter(ASKER, "leased a lorry")
        assert (await phone.get(page)).status_code == 410


async def test_prose_is_no_answer_until_its_writer_says_so(town):
    await town.write(ASKER, OTHER_QUESTION)
    await town.answer(await town.letter(DESK, "welding"), f"Gentile collega,\n\n{PROMISE}\n\nCordiali saluti\nSportello")
    told = await town.letter(DESK, "abbiamo inteso")
    assert not town.outbox(kind="answer") and town.question().waiting_for == "expert"
    (page,) = [local(town, url) for url in links_of(told) if "/do/" in url]
    async with httpx.AsyncClient(timeout=60) as phone:
        assert "La mia mail era la risposta" in (await phone.get(page)).text and not town.outbox(kind="answer")
        await phone.post(page, headers={"origin": page.partition("/do/")[0]})
    assert PROMISE in text_of(await town.letter(ASKER, "chiedere"))


async def test_an_expert_who_answers_three_times_late_from_a_phone_in_turkish(town):
    with town.store.transaction() as session:
        session.scalars(select(Expert).where(Expert.role == "Apprenticeship desk")).one().languages = ["tr", "it", "en"]
    await town.write(ASKER, OTHER_QUESTION)
    letter = await town.letter(DESK, "welding")
    await town.pass_time(days=9)
    await town.letter(DEPUTY, "welding")
    for number in (1, 2, 3):
        await town.answer(
            letter, TURKISH + number * "\n", X_Mailer="iPhone Mail (20G81)", message_id=f"<{number}@trento.example>"
        )
    held = await town.until(lambda: found if len(found := town.inbox(state="held")) >= 1 else None)
    await town.settled()
    assert len(town.inbox(state="held")) <= 3 and not town.outbox(kind="answer")
    await town.letter(COORDINATOR, "")
    from routing import held as desk

    with town.store.transaction() as session:
        desk.release_to(session, town.service.office, held[0].id, town.question().id, by="user:1", now=town.clock.now())
    town.service.wake()
    answer = await town.letter(ASKER, "Beş köy bir kamyonu birlikte kiraladı")
    assert "iPhone" not in text_of(answer) and len(town.outbox(kind="answer")) == 1
    await town.until(lambda: town.question().state == "answered")
    with town.store.snapshot() as session:
        states = session.scalars(select(Assignment.state).order_by(Assignment.id)).all()
    assert set(states) <= {"lapsed", "withdrawn", "answered"}


async def test_the_same_question_in_another_language_gets_the_same_answer(town, midway):
    await town.write(ASKER, OTHER_QUESTION)
    letter = await town.letter(DESK, "welding")
    await town.write(OTHER, OTHER_QUESTION.replace("Which firm", "What firm"), subject="Again")
    joined = await town.letter(OTHER, "seems to be the same question")
    await midway()
    assert "lisboa" not in text_of(joined).lower()
    await town.answer(letter, "We leased a lorry.")
    for asker, number in ((ASKER, "2026-0001"), (OTHER, "2026-0002")):
        assert number in text_of(await town.letter(asker, "leased a lorry"))
    with town.store.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Question).where(Question.state == "answered")) == 2


async def test_pressed_buttons_leave_the_chat_and_say_so(town):
    phone = town.phone()
    phone.say(DUAL_QUESTION)
    offer = await town.bubble(phone, "Trentino")
    phone.press("Ask an expert")
    await town.until(lambda: [one.rows for one in phone.screen() if one.message_id == offer.message_id] == [()])
    receipt = await town.until(
        lambda: next((one for one in phone.screen() if "It is urgent" in [each.label for row in one.rows for each in row]), None)
    )
    phone.press("It is urgent")
    await town.bubble(phone, "now treated as")
    await town.until(lambda: [one.rows for one in phone.screen() if one.message_id == receipt.message_id] == [()])


@pytest.mark.parametrize("path", ["status/none", "do/none"])
async def test_guessed_links_tell_nothing(town, path):
    async with httpx.AsyncClient(timeout=60) as stranger:
        answers = await asyncio.gather(*(stranger.get(local(town, f"http://x/{path}{n}")) for n in range(5)))
    assert {one.status_code for one in answers} == {404} and len({one.text for one in answers}) == 1
