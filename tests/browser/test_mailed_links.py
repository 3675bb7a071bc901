"""Every kind of link that is mailed to experts and askers, opened on a phone from the letter's own HTML as the mail server took it.

Opening a page changes nothing in the database, its button does, once, and a second press says so; the page speaks its reader's
language, fits the phone, and axe finds no barrier. The whole service runs beside the browser; only its clock is ours.
"""

import asyncio
import shutil
import threading
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import ClassVar

import pytest
from sqlalchemy import delete, select, update

from routing import closing
from routing.letters import page_words, write
from routing.models import Absence, Address, Assignment, Authority, Button, Event, Expert, Question
from tests.fakes.ports import free_ports
from tests.town import each_for_itself, text_of
from tests.town import town as a_town
from tests.world import DESK, DUAL_QUESTION, OTHER_QUESTION, SECOND

PHONE = {"width": 390, "height": 844}
GREEK = "Ποιο φορτηγό μεταφέρει τις μηχανές συγκόλλησης στα απομακρυσμένα ορεινά χωριά τον χειμώνα;"
TURKISH = "Kışın uzak dağ köylerine kaynak makinelerini hangi kamyon taşıyor?"
CROATIAN = "Koji kamion zimi vozi aparate za zavarivanje u udaljena planinska sela?"
# What is on a page, whatever its words: its elements with their classes, each once.
SORT = """() => [...new Set([...document.querySelectorAll('main *')].map(one => one.tagName + one.className + one.open + one.role))].join()"""
ROMANIAN = "Ce camion duce iarna aparatele de sudură în satele îndepărtate de munte?"


class Village:
    """A town in a thread of its own, since playwright's synchronous interface and an event loop share none."""

    def __init__(self, loop):
        self.loop, self.town, self._doors = loop, None, AsyncExitStack()

    def do(self, doing, patience=300):
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(patience)

    def open(self, store_url, folder, **choices):
        self.town = self.do(self._doors.enter_async_context(a_town(store_url, folder, **choices)))

    def shut(self):
        self.do(self._doors.aclose())

    # ------------------------------------------------------------------ what happens in it

    def asks(self, asker, text, kind="assignment"):
        """Somebody asks; returns the question's id once the first letter of this kind about it is sent."""
        self.do(self.town.write(asker, text, subject="?"))
        found = select(Question.id).join(Address, Address.id == Question.address_id).where(Address.address == asker)
        question = self.wait(lambda: self._one(found))
        self.letter(kind, question)
        return question

    def letter(self, kind, question=None, which=-1):
        """A letter that was sent, as its row, with the mail that the server took."""
        where = {} if question is None else {"question_id": question}
        row = self.wait(lambda: (self.town.outbox(kind=kind, state="sent", **where) or [None])[which])
        mail = next(one for one in self.town.letters() if one["Message-ID"] == row.message_id)
        return SimpleNamespace(row=row, mail=mail, html=mail.get_body(("html",)).get_content())

    def answers(self, letter, text):
        self.do(self.town.answer(letter.mail, text))

    def passes(self, **time):
        self.do(self.town.pass_time(**time))
        self.settled()

    def settled(self):
        """Nothing is under way, and another look at what is due finds nothing."""
        before = None
        while before != (before := self.town.contents()):
            self.do(self.town.settled())
            self.town.service.sweeping.sweep(self.town.clock.now())

    @contextmanager
    def unchanged(self, doing):
        """What is done inside changes nothing. Time stands still meanwhile, so that nothing falls due."""
        with self.town.clock.stopped():
            self.settled()
            before = self.town.contents()
            yield
            assert self.town.contents() == before, f"{doing} has changed something"

    def wait(self, look):
        async def patiently():
            return await self.town.until(look)

        return self.do(patiently())

    # ------------------------------------------------------------------ what is known of it

    def question(self, question_id):
        with self.town.store.snapshot() as session:
            return session.get(Question, question_id)

    def events(self, question_id):
        with self.town.store.snapshot() as session:
            return list(session.scalars(select(Event.kind).where(Event.question_id == question_id).order_by(Event.id)))

    def assignments(self, question_id):
        with self.town.store.snapshot() as session:
            return list(
                session.scalars(select(Assignment.state).where(Assignment.question_id == question_id).order_by(Assignment.id))
            )

    def close(self, question_id):
        """So that no expert is too busy for the next question."""
        with self.town.store.transaction() as session:
            question = session.get(Question, question_id)
            if question.state != "closed":
                office, now = self.town.service.office, self.town.clock.now()
                closing.close(session, office, question, "coordinator", "", by="person:1", now=now)
        self.town.service.wake()
        self.settled()

    def _one(self, found):
        with self.town.store.snapshot() as session:
            return session.scalars(found).first()


@pytest.fixture(scope="module")
def village(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("village")
    shutil.copy(sqlite_template, folder / "rrm.db")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    here, port = Village(loop), free_ports(1)[0]
    web = {"console__port": port, "network__base_url": f"http://127.0.0.1:{port}", "telegram__enabled": False}
    here.open(f"sqlite:///{folder / 'rrm.db'}", folder, **web, **each_for_itself(folder))
    with here.town.store.transaction() as session:
        session.execute(update(Expert).values(monthly_limit=100_000, may_be_shared=True))
        session.execute(update(Authority).values(capacity_per_month=1000))
    yield here
    here.shut()
    loop.call_soon_threadsafe(loop.stop)
    thread.join(60)


class Reader:
    """Somebody who reads letters on a phone and touches what stands in them."""

    seen: ClassVar[set] = set()

    def __init__(self, village, context, axe):
        self.village, self.context, self.axe = village, context, axe

    def opens(self, letter, action, language):
        """The page behind one link of a letter, touched in the letter itself; nothing is changed by that."""
        page = self.context.new_page()
        page.set_content(letter.html)
        with self.village.unchanged(f"opening {action}"):
            with page.expect_navigation():
                page.locator(f'a[href="{self.address(letter, action)}"]').first.click()
            self.looks_at(page, language)
            page.reload()
        return page

    def address(self, letter, action):
        with self.village.town.store.snapshot() as session:
            does = {one["url"]: session.get(Button, one["id"]) for one in letter.row.buttons}
        return next(url for url, one in does.items() if action in (one.action, f"{one.action}:{one.value}"))

    def _barriers(self, page, language):
        """What axe sees in both colour schemes, once for each sort of page in each language."""
        sort = (language, page.evaluate(SORT))
        if sort in self.seen:
            return []
        self.seen.add(sort)
        found = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [
                (scheme, one["id"], [node["html"][:160] for node in one["nodes"]][:3])
                for one in self.axe.run(page).response["violations"]
            ]
        return found

    def looks_at(self, page, language):
        """It is in this language, nothing sticks out of the phone, and axe finds no barrier."""
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.url
        assert not self._barriers(page, language), page.url

    def presses(self, letter, action, language):
        """Press the one button of the page; then once more, in a second window that was open all the time."""
        page, other = self.opens(letter, action, language), self.context.new_page()
        other.goto(page.url)
        assert page.get_by_text(page_words(language)("press")).is_visible()
        page.get_by_role("button").click()
        page.get_by_text(page_words(language)("done")).wait_for()
        self.looks_at(page, language)
        with self.village.unchanged(f"a second press of {action}"):
            other.get_by_role("button").click()
            self.is_told_that_it_is_over(other, language)
            page.goto(page.url)
            self.is_told_that_it_is_over(page, language)

    def fills(self, page, choice, text, language):
        """One of several forms of a page: opened, filled in, sent."""
        form = page.locator("details.act", has=page.locator(f'input[name="choice"][value="{choice}"]'))
        form.locator("summary").click()
        form.locator('[name="text"]').fill(text)
        self.looks_at(page, language)
        form.get_by_role("button").click()
        page.get_by_text(page_words(language)("done")).wait_for()
        self.looks_at(page, language)
        self.village.settled()

    def is_told_that_it_is_over(self, page, language):
        page.get_by_role("heading", name=write("button_stale", language, medium="email").subject).wait_for()
        self.looks_at(page, language)
        assert page.get_by_role("button").count() == 0


@pytest.fixture
def reader(village, chromium):
    context = chromium.new_context(viewport=PHONE, bypass_csp=True)  # axe is put into the page by the test
    troubles = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    yield Reader(village, context, pytest.importorskip("axe_playwright_python.sync_playwright").Axe())
    context.close()
    assert not troubles


# ------------------------------------------------------------------ experts


def test_an_expert_accepts_and_then_declines_with_one_touch(reader, village):
    question = village.asks("one@lisboa.example", OTHER_QUESTION)
    letter = village.letter("assignment", question, 0)
    reader.presses(letter, "accept", "it")
    assert village.assignments(question) == ["accepted"]
    reader.presses(letter, "decline", "it")
    assert village.assignments(question) == ["declined", "offered"]
    village.close(question)


def test_an_expert_asks_first_needs_more_days_and_answers_on_the_page(reader, village):
    question = village.asks("two@lisboa.example", TURKISH)
    letter = village.letter("assignment", question, 0)
    page = reader.opens(letter, "options", "it")
    page.locator("details.act summary").first.click()
    page.locator('details.act[open] [name="text"]').fill("   ")
    page.locator("details.act[open] button").click()  # spaces are no answer
    page.get_by_role("alert").wait_for()
    reader.looks_at(page, "it")
    for choice, text in (("ask_first", "Per quali mestieri?"), ("more_time", "3"), ("answer", "Abbiamo noleggiato un camion.")):
        reader.fills(reader.opens(letter, "options", "it"), choice, text, "it")
        if choice == "ask_first":
            village.answers(village.letter("ask_back", question), "Kaynakçılık için.")
            village.letter("asker_replied", question)
    told = village.events(question)
    assert [one for one in told if one in ("asked-back", "extended", "answered", "answer-released")] == [
        "asked-back", "extended", "answered", "answer-released"
    ]  # fmt: skip
    assert "noleggiato un camion" in text_of(village.letter("answer", question).mail)
    page = reader.context.new_page()
    page.goto(reader.address(letter, "options"))
    reader.is_told_that_it_is_over(page, "it")


@pytest.mark.parametrize(("choice", "event"), [("away", "away"), ("colleague", "suggested"), ("cannot", "declined")])
def test_an_expert_hands_the_question_on(reader, village, choice, event):
    question = village.asks(f"{choice}@porto.example", ROMANIAN)
    letter = village.letter("assignment", question, 0)
    first, second = reader.opens(letter, "options", "it"), reader.opens(letter, "options", "it")
    said = {
        "away": (village.town.clock.now() + timedelta(days=30)).date().isoformat(),
        "colleague": next(one for one in (SECOND, DESK) if one not in letter.mail["To"]),
        "cannot": "non è il nostro campo",
    }
    reader.fills(first, choice, said[choice], "it")
    assert event in village.events(question) and len(village.assignments(question)) == 2
    with village.unchanged("a second form"):
        form = second.locator("details.act", has=second.locator('input[value="cannot"]'))
        form.locator("summary").click()
        form.get_by_role("button").click()
        reader.is_told_that_it_is_over(second, "it")
    village.close(question)
    with village.town.store.transaction() as session:
        session.execute(delete(Absence))


# ------------------------------------------------------------------ askers


def test_an_asker_says_that_it_helped_shares_it_and_later_that_it_was_used(reader, village):
    question = village.asks("four@athens.example", GREEK)
    village.answers(village.letter("assignment", question, 0), "We leased a lorry and shared it among five valleys.")
    reader.presses(village.letter("answer", question), "helped_yes", "el")
    reader.presses(village.letter("helped_thanks", question), "share_yes", "el")
    village.passes(days=16, step=timedelta(hours=12))
    reader.presses(village.letter("used_question", question), "used_yes", "el")
    asked = village.question(question)
    assert (asked.verdict, asked.may_be_shared, asked.used, asked.state) == ("helped", True, "yes", "closed")


def test_an_asker_says_what_is_missing_and_that_it_was_not_used(reader, village):
    question = village.asks("five@istanbul.example", TURKISH)
    village.answers(village.letter("assignment", question, 0), "We leased a lorry and shared it among five valleys.")
    reader.presses(village.letter("answer", question), "helped_no", "tr")
    assert village.question(question).verdict == "not helped"
    village.passes(days=16, step=timedelta(hours=12))
    for action, used in (("used_not_yet", "not yet"), ("used_no", "no")):  # whoever has thought again may say so
        reader.presses(village.letter("used_question", question), action, "tr")
        assert village.question(question).used == used


@pytest.mark.parametrize(("action", "verdict"), [("accept", "accepted"), ("ask_expert", "refused")])
def test_an_asker_takes_an_offered_practice_or_asks_for_a_person(reader, village, action, verdict):
    question = village.asks(f"{verdict}@cork.example", DUAL_QUESTION, "proposal")
    reader.presses(village.letter("proposal", question), action, "en")
    assert village.question(question).verdict == verdict
    village.close(question)


def test_an_asker_follows_a_question_chooses_another_time_and_makes_the_address_invalid(reader, village):
    question = village.asks("six@zagreb.example", CROATIAN)
    receipt = village.letter("receipt", question)
    reader.presses(receipt, "tier:urgent", "hr")
    assert village.question(question).tier == "urgent"
    page = reader.context.new_page()
    page.set_content(receipt.html)
    with village.unchanged("opening the status page"):
        with page.expect_navigation():
            page.locator('a[href*="/status/"]').first.click()
        reader.looks_at(page, "hr")
    address = page.url
    assert page.get_by_role("heading", name=page_words("hr")("where")).is_visible()
    page.locator('input[value="extended"]').check()
    page.get_by_role("button", name=page_words("hr")("change")).click()
    page.locator('input[value="extended"]:checked').wait_for()
    assert village.question(question).tier == "extended"
    page.get_by_role("button", name=page_words("hr")("revoke")).click()
    page.get_by_text(page_words("en")("revoked")).or_(page.get_by_text(page_words("hr")("revoked"))).wait_for()
    page.goto(address)
    assert page.get_by_text(page_words("en")("unknown")).or_(page.get_by_text(page_words("hr")("unknown"))).is_visible()
    village.close(question)


# ------------------------------------------------------------------ the directory


def test_an_authority_confirms_its_entry_and_corrects_it(reader, village):
    with village.town.store.transaction() as session:
        session.execute(update(Authority).values(last_confirmed_at=None, asked_to_confirm_at=None))
    village.passes(hours=24)
    letter = next(
        one for one in (village.letter("confirm_entry", None, n) for n in range(3)) if one.mail["To"].strip("<>") == DESK
    )
    reader.presses(letter, "entry_right", "it")
    page = reader.opens(letter, "entry_edit", "it")
    page.locator("#e-hours").fill("whenever we like")
    page.get_by_role("button").click()
    page.get_by_role("alert").get_by_text(page_words("it")("wrong_hours")).wait_for()
    reader.looks_at(page, "it")
    assert page.locator("#e-hours").input_value() == "whenever we like"
    page.locator("#e-hours").fill("mon-fri 08:00-12:00")
    page.locator("#e-place").fill("Trento e valli")
    page.get_by_role("button").click()
    page.get_by_text(page_words("it")("done")).wait_for()
    with village.town.store.snapshot() as session:
        assert session.scalars(select(Authority.place).where(Authority.slug == "trento")).one() == "Trento e valli"
