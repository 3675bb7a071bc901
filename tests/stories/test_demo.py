"""The demonstration: its story as a process of its own, what it does when a step does not come true, and its pages."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from email import message_from_string, policy
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.demo import acts, pages, story
from bot.demo.mailclient import QUOTING, Program, new_mail
from bot.demo.pieces import examples, marked_up
from bot.demo.telling import Teller
from bot.demo.town import COORDINATOR, TookTooLong, Town
from bot.demo.truth import NotTrue
from routing.models import Question
from tests.leftovers import left, said_on

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300


def demo(folder, cache, *options):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "RRM_CACHE": str(cache), "TMPDIR": str(folder / "tmp")}
    (folder / "home").mkdir()
    (folder / "tmp").mkdir()
    command = [sys.executable, "-m", "bot", "demo", *options]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.fixture(scope="module")
def model_cache(request):
    return Path(request.config.cache.mkdir("rrm-models"))


@pytest.fixture(scope="module")
def told(tmp_path_factory, model_cache):
    """The whole story, once: what the terminal showed, the journal, and the database it left."""
    folder = tmp_path_factory.mktemp("demo")
    kept, journal = folder / "kept", folder / "journal.json"
    process = demo(folder, model_cache, "--exit", "--folder", str(kept), "--journal", str(journal))
    shown, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, shown
    with sqlite3.connect(kept / "rrm.db") as store:
        store.row_factory = sqlite3.Row
        yield shown, json.loads(journal.read_text()), store, folder


@pytest.mark.slow
class TestStory:
    def test_what_is_told_is_what_the_database_says(self, told):
        shown, journal, store, _ = told
        for act, state in (("fiche", "closed"), ("expert", "answered"), ("silence", "assigned")):
            row = store.execute("SELECT * FROM question WHERE number = ?", (journal[act]["number"],)).fetchone()
            assert row["state"] == state and journal[act]["number"] in shown
        promised = store.execute("SELECT promised_at FROM question WHERE number = ?", (journal["silence"]["number"],)).fetchone()[0]
        assert promised[:16].replace(" ", "T") == journal["silence"]["promised_at"][:16]

    def test_a_spanish_fiche_answers_a_greek_question(self, told):
        shown, journal, store, _ = told
        source = store.execute("SELECT source_language FROM fiche WHERE slug = ?", (journal["fiche"]["slug"],)).fetchone()[0]
        assert source == "es" and journal["fiche"]["quote_language"] == "es"
        title = store.execute(
            "SELECT title FROM fiche_text JOIN fiche ON fiche.id = fiche_id WHERE slug = ? AND language = 'en'", (journal["fiche"]["slug"],)
        ).fetchone()[0]
        assert title == journal["fiche"]["title"] and title[:50] in shown
        assert journal["fiche"]["verdict"] == "accepted"

    def test_only_the_experts_own_words_reach_the_asker(self, told):
        _, journal, store, _ = told
        (answer,) = store.execute("SELECT text FROM answer").fetchone()
        assert answer == acts.EXPERTS_WORDS == journal["expert"]["answer"]
        (raw,) = store.execute("SELECT raw FROM inbox_message WHERE text = ?", (answer,)).fetchone()
        assert b"multipart/alternative" in raw and any(header.split("}")[-1].strip().encode() in raw for header in QUOTING.values())
        draft = store.execute("SELECT status FROM fiche WHERE slug = ?", (journal["expert"]["draft"],)).fetchone()
        assert draft["status"] == "draft"

    def test_silence_moves_the_question_on_over_a_holiday(self, told):
        shown, journal, store, _ = told
        assert "2026-12-08" in journal["silence"]["holidays"] and "8 December" in shown
        kinds = [row[0] for row in store.execute("SELECT kind FROM outbox_message WHERE state = 'sent' ORDER BY id")]
        assert kinds.count("reminder") == 1 and kinds.count("holding") == 1 and "co_alert" not in kinds
        assert not store.execute("SELECT count(*) FROM outbox_message WHERE state IN ('failed', 'ambiguous')").fetchone()[0]
        assert not store.execute("SELECT count(*) FROM inbox_message WHERE state IN ('new', 'held')").fetchone()[0]

    def test_it_is_legible_in_eighty_columns_and_leaves_nothing(self, told):
        shown, _, _, folder = told
        assert max(map(len, shown.splitlines())) <= 80 and "\x1b" not in shown
        assert list((folder / "home").iterdir()) == [] and list((folder / "tmp").iterdir()) == []


@pytest.mark.slow
def test_ctrl_c_ends_it_and_removes_its_folder(tmp_path, model_cache):
    process = demo(tmp_path, model_cache)
    deadline = time.monotonic() + PATIENCE_S
    while not list((tmp_path / "tmp").glob("rrm-demo-*/rrm.db")):
        assert process.poll() is None and time.monotonic() < deadline, "it never opened"
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    shown, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == story.INTERRUPTED and "Traceback" not in shown, shown
    assert list((tmp_path / "tmp").iterdir()) == []


# ---------------------------------------------------------------------------------------------- without the model: fast


@asynccontextmanager
async def quick_town(folder):
    """A town whose search understands nothing, but starts at once."""
    town = Town(folder, 0, {"search.embedder": "hash"})
    await town.open(lambda done, total: None)
    pages.add_to(town)
    await town.start()
    try:
        yield town
    finally:
        await town.close()


@pytest.fixture
async def town(tmp_path):
    async with quick_town(tmp_path) as here:
        yield here


@asynccontextmanager
async def signed_in(town):
    link = story._sign_in_link(town)
    async with httpx.AsyncClient(base_url=town.address, headers={"origin": town.address}, timeout=60) as browser:
        page = await browser.get(link)
        entered = await browser.post(link, data={"csrf": field(page.text, "csrf")})
        assert entered.status_code == 303
        yield browser


def field(html, name):
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


async def send(browser, page, address, **fields):
    """Send a form of a page, with the token that the page carries."""
    shown = await browser.get(page)
    assert shown.status_code == 200, shown.text
    return await browser.post(address, data={"csrf": field(shown.text, "csrf"), **fields})


async def test_a_step_that_does_not_come_true_fails_the_demo(town):
    teller = Teller("Europe/Brussels")
    with pytest.raises((NotTrue, TookTooLong)) as trouble:
        await acts.a_fiche_answers(town, teller)

    async def again():
        raise trouble.value

    assert await story._ended(asyncio.create_task(again()), teller, town.folder / "rrm.log") == 1


async def test_the_phone_page_is_a_phone(town):
    async with signed_in(town) as browser:
        made = await send(browser, "/demo/phone", "/demo/phones", language="hr")
        page = made.headers["location"]
        number = int(page.rpartition("=")[2])
        phone = town.phones[number]
        await send(browser, page, f"/demo/phone/{number}/words", text="/language")
        menu = await town.until(lambda: next((one for one in phone.screen() if one.from_bot and one.rows), None), "a menu")
        assert menu.rows[0][0].label in (await browser.get(page)).text
        button = next(one for row in menu.rows for one in row if one.label == "Italiano")
        await send(browser, page, f"/demo/phone/{number}/presses", message=menu.message_id, button=button.data)
        await town.until(lambda: [one for one in phone.screen() if one.from_bot and one.message_id > menu.message_id], "an answer")
        assert (await send(browser, page, f"/demo/phone/{number}/presses", message=1, button="no such")).status_code == 409


async def test_the_phones_screen_is_sent_only_when_it_has_changed(town):
    town.phone(700, "A desk", "en")
    async with signed_in(town) as browser:
        first = await browser.get("/demo/phone/700/screen", headers={"hx-request": "true"})
        seen = re.search(r"seen=([0-9a-f]+)", first.text)[1]
        assert (await browser.get(f"/demo/phone/700/screen?seen={seen}")).status_code == 204
        town.phones[700].say("<b>Hello</b>")
        again = await browser.get(f"/demo/phone/700/screen?seen={seen}")
        assert again.status_code == 200 and "&lt;b&gt;Hello" in again.text


async def test_the_mailroom_takes_questions_and_replies(town):
    async with signed_in(town) as browser:
        sent = await send(
            browser, "/demo/mailroom", "/demo/mailroom/letters", **{"from": "desk@town.example"}, subject="Ovens", text="Who repairs ovens?"
        )
        assert sent.status_code == 303
        await town.until(lambda: [one for one in town.post.letters if one.outgoing], "a letter")
        await town.settle()
        letter = next(one for one in town.post.letters if one.outgoing)
        page = f"/demo/mailroom/{letter.number}"
        assert letter.subject in (await browser.get("/demo/mailroom")).text
        await send(browser, page, f"{page}/replies", text="Thank you\n<script>")
        (reply,) = town.post.replies_to(letter)
        assert reply.mail.get_content_type() == "multipart/alternative" and reply.mail["To"].addresses[0].addr_spec == letter.reply_address
        assert "&lt;script&gt;" in reply.html and f"> {letter.text.splitlines()[0]}" in reply.text
        assert "Thank you" in (await browser.get(page)).text


# Names, and what is written on keys.
ON_ALL_PAGES = {"RRM", "HTML", "Enter", "Ctrl", "Rapid Response Mechanism", "Coordination desk"}


async def test_the_pages_speak_their_reader_s_language_and_mark_what_others_wrote(town):
    phone = town.phone(700, "Τμήμα", "en")
    phone.say("Πώς οργανώνεται η μαθητεία στις μικρές επιχειρήσεις;")
    await town.until(lambda: [one for one in phone.screen() if one.from_bot], "an answer")
    who = Program("desk@town.example", "en", "Europe/Rome")
    await town.post.bring(new_mail(who, "questions@rrm.example", "Ovens", "Who repairs the ovens of small bakeries?", town.clock.now()))
    letter = await town.until(lambda: next((one for one in town.post.letters if one.outgoing), None), "a letter")
    await town.settle()
    paths = ["/demo/phone?phone=700", "/demo/mailroom", f"/demo/mailroom/{letter.number}", f"/demo/mailroom/{letter.number}?view=plain", "/demo/phone/999"]
    async with signed_in(town) as browser:
        shown = {}
        for language in ("en", "el"):
            await send(browser, "/demo/phone", "/language", language=language, back="/demo/phone")
            shown[language] = [(await browser.get(path)).text for path in paths]
        clock = (await browser.get("/demo/clock")).text
    for english, greek in zip(shown["en"], shown["el"], strict=True):
        assert '<html lang="el">' in greek and left(greek, english, "el") == set()
        same = {text for text in set(said_on(english, "en")) & set(said_on(greek, "el")) if re.search("[A-Za-z]{2}", text)}
        assert {text for text in same if not re.search(r"[@\d]|^Rapid|^\w\w$", text)} - ON_ALL_PAGES == set()
    assert re.search(r'<p lang="el">Πώς οργανώνεται', shown["en"][0]) and "(Βρυξέλλες)" in clock
    assert '<span class="cut-line soft small" lang="en">Ovens</span>' in shown["el"][1]


async def test_a_letter_is_framed_so_that_it_can_do_nothing(town):
    await town.post.bring(new_mail(Program("desk@town.example", "en", "Europe/Rome"), "questions@rrm.example", "Ovens", "Ovens?", town.clock.now()))
    letter = await town.until(lambda: next((one for one in town.post.letters if one.outgoing), None), "a letter")
    async with signed_in(town) as browser:
        framed = await browser.get(f"/demo/mailroom/{letter.number}/html")
        rules = framed.headers["content-security-policy"]
        assert "default-src 'none'" in rules and "sandbox" in rules and "allow-scripts" not in rules
        raw = await browser.get(f"/demo/mailroom/{letter.number}/raw")
        assert raw.headers["content-type"].startswith("text/plain")
        assert message_from_string(raw.text, policy=policy.default)["Message-ID"] == letter.message_id
        assert (await browser.get("/demo/mailroom/999")).status_code == 404


async def test_the_clock_moves_and_what_is_due_happens(town):
    await town.post.bring(new_mail(Program("desk@town.example", "en", "Europe/Rome"), "questions@rrm.example", "Ovens", "Who repairs ovens?", town.clock.now()))
    await town.until(town.newest, "a question")
    await town.settle()
    before, due = town.clock.now(), town.next_moment()
    async with signed_in(town) as browser:
        moved = await send(browser, "/demo/phone", "/demo/time", step="workday", back="/demo/phone")
        assert moved.headers["location"] == "/demo/phone"
        assert (town.clock.now() - before).total_seconds() > 3600 * 12
        while town.clock.now() <= due:
            await send(browser, "/demo/phone", "/demo/time", step="day", back="//elsewhere.example/")
        assert (await browser.get("/demo/clock")).text.endswith("(Brussels)")
    question = town.read(lambda session: session.scalars(select(Question)).one())
    assert question.next_action_at is None or question.next_action_at > town.clock.now()


async def test_the_pages_need_a_coordinator_and_a_token(town):
    town.phone(700, "A desk", "en")
    async with httpx.AsyncClient(base_url=town.address, timeout=60) as stranger:
        for page in ("/demo/phone", "/demo/mailroom", "/demo/clock"):
            assert (await stranger.get(page)).status_code in (303, 401)
        assert (await stranger.post("/demo/time", data={"step": "day"})).status_code in (303, 401, 403)
    async with signed_in(town) as browser:
        before = town.clock.now()
        assert (await browser.post("/demo/time", data={"step": "day", "csrf": "guessed"})).status_code == 403
        elsewhere = await browser.post("/demo/phone/700/words", data={"text": "x"}, headers={"origin": "http://elsewhere.example"})
        assert elsewhere.status_code == 403 and town.phones[700].screen() == []
        assert (town.clock.now() - before).total_seconds() < 3600


def test_serve_has_no_such_pages():
    from bot.console.app import own_routes

    assert not [route for route in own_routes() if "/demo" in route.path]


def test_a_folder_of_an_earlier_demo_is_refused(tmp_path, model_cache):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "rrm.db").touch()
    process = demo(tmp_path, model_cache, "--exit", "--folder", str(tmp_path / "kept"))
    shown, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2 and "empty folder" in shown


@pytest.mark.parametrize(
    ("text", "entities", "html"),
    [
        ("plain <b>", [], "plain &lt;b&gt;"),
        ("😀 bold", [{"type": "bold", "offset": 3, "length": 4}], "😀 <b>bold</b>"),
        ("ab", [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 1}], "<b>a</b><i><b>b</b></i>"),
        ("see", [{"type": "text_link", "offset": 0, "length": 3, "url": "javascript:alert(1)"}], "see"),
    ],
)
def test_entities_become_elements(text, entities, html):
    assert str(marked_up(text, entities)) == html


def test_a_web_address_becomes_a_link():
    text = "look: https://fiche.example/?a=1&b=2"
    link = marked_up(text, [{"type": "url", "offset": 6, "length": len(text) - 6}])
    assert 'href="https://fiche.example/?a=1&amp;b=2"' in link and 'rel="noreferrer"' in link


@pytest.mark.parametrize("language", ["en", "it", "es", "fr", "el", "ro", "hr", "tr"])
def test_every_language_has_questions_to_try(language):
    file = ROOT / "data" / "collections" / "vet-practices" / "questions.jsonl"
    assert len(examples(file, language)) == 3


async def test_the_coordinator_can_sign_in_again(town, capsys):
    """Nobody here has a mailbox, so the demo reads sign-in letters aloud; Ctrl-C after the story is no failure."""
    staying = asyncio.create_task(story._stay(town, Teller("Europe/Brussels")))
    await asyncio.sleep(0)
    async with httpx.AsyncClient(base_url=town.address, headers={"origin": town.address}, timeout=60) as browser:
        page = await browser.get("/sign-in")
        await browser.post("/sign-in", data={"csrf": field(page.text, "csrf"), "email": COORDINATOR})
    await town.until(lambda: [one for one in town.post.to(COORDINATOR) if "/sign-in/" in one.text], "a sign-in letter")
    shown = []

    def is_read_aloud():
        shown.append(capsys.readouterr().out)
        return "".join(shown).count("/sign-in/") >= 2

    await town.until(is_read_aloud, "the letter is read aloud")
    staying.cancel()
    assert await story._ended(staying, Teller("Europe/Brussels"), town.folder / "rrm.log") == 0
