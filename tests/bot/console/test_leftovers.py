"""No English is left on a Greek or Turkish page: every address that can be opened, what is stored in English, every refusal.

A page is rendered in English and in another language; three words in a row that both share, and that are no data, are a leftover:
of a text that went past the catalogues, or of a fact that stood in its sentence untranslated.
"""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import nodes
from jinja2.meta import find_undeclared_variables
from starlette.routing import Mount

import bot
import routing
from bot.console import letterlists, wordlists
from bot.console.app import own_routes
from bot.console.happenings import KINDS, happening, kind_name
from bot.console.render import Pages
from bot.console.sentences import recognised
from bot.console.tongue import tongue
from bot.console.words import Words
from retrieval import IndexStatus
from routing import directory, links, signin
from routing.handing import hand_to_coordinator
from routing.letters.kinds import KINDS as LETTERS
from routing.models import (  # fmt: skip
    Absence,
    Address,
    Answer,
    ApiToken,
    Assignment,
    Attempt,
    Authority,
    Button,
    ConsoleUser,
    Event,
    Expert,
    Fiche,
    FicheText,
    InboxMessage,
    OutboxMessage,
    Passkey,
    Person,
    Question,
    Review,
    SavedView,
    Webhook,
    WebhookCall,
)
from routing.webhooks import NAMES
from routing.why import WHY
from tests.fakes.bureau import bureau as a_bureau
from tests.fakes.bureau import csrf_of
from tests.leftovers import left, said_on, threes
from tests.world import ASKER_MAIL, DESK, OTHER_QUESTION

OTHERS = ["el", "tr"]
# Of what others wrote or are called; everything else that a page says is ours.
DATA = {
    Person: ("name",), Address: ("address",), Authority: ("name", "place", "profile"), Expert: ("role",), Question: ("text", "subject"),
    InboxMessage: ("text", "subject", "cut", "sender", "sender_name"), OutboxMessage: ("subject",), Answer: ("text",),
    FicheText: ("title", "summary"), ConsoleUser: ("email",), SavedView: ("name",), Webhook: ("name", "url"), Passkey: ("name",),
    ApiToken: ("name",),
}  # fmt: skip


def test_the_reader_sees_what_is_left_and_only_that():
    english = '<p>the whole sentence <b title="read this aloud">x</b></p><p>A quiet little question</p>'
    greek = '<p>the whole sentence <b title="read this aloud">x</b></p><p lang="en">A quiet little question</p>'
    assert left(greek, english, "el") == {"the whole sentence", "read this aloud"}
    assert left(greek, english, "el", threes(["about the whole sentence"])) == {"read this aloud"}
    assert left("<p>όλη η φράση</p>", english, "el") == set()


# ------------------------------------------------------------------ every page


@pytest.fixture(scope="module")
def scene(furnished, tmp_path_factory):
    """Of everything that a page can show something, as a year of work leaves it behind."""
    with a_bureau(furnished, tmp_path_factory.mktemp("leftovers")) as here:
        here.admin, here.service.searcher, here.shown = here.signed_in("admin"), Search(), {}
        here.world.mail(ASKER_MAIL, OTHER_QUESTION, subject="Welding")
        here.assign(DESK)
        for sender, text in (
            ("offers@cheap.example", "Cheap chairs today"),
            ("colleague@trento.example", "By lorry, as always."),
        ):
            here.world.mail(sender, text, to=here.world.letter("assignment", DESK), subject="Our answer")
        here.world.mail("nobody@elsewhere.example", "", subject="")
        with here.store.transaction() as session:
            here.things = furnish_all(session, here)
        here.data = set().union(*(data_of(here, table, names) for table, names in DATA.items()))
        yield here


class Search:
    """A search without an index, as it tells of itself."""

    def status(self):
        return IndexStatus("e5", 0, 0, None, "there is no index yet", True, {"el": 3})


def data_of(here, table, names):
    return threes(str(getattr(row, name) or "") for row in here.world.all(table) for name in names)


def furnish_all(session, here):
    now, question = here.now, session.query(Question).first()
    asker, expert = session.get_one(Person, question.asker_id), session.query(Expert).first()
    assignment = session.query(Assignment).first()
    admin = session.query(ConsoleUser).filter_by(role="admin").one()
    add(
        session,
        *(
            Event(question_id=question.id, at=now, actor="system", kind=kind, detail=DETAIL | EACH.get(kind, {}))
            for kind in KINDS
        ),
        Absence(expert_id=expert.id, first_day=f"{now:%Y-%m-%d}", last_day=f"{now:%Y-%m-%d}", source="console"),
        SavedView(user_id=admin.id, name="Mine", query="tab=open", created_at=now),
    )
    waiting = Answer(
        question_id=question.id, author=f"expert:{expert.id}", language="en", text="Ours.", state="waiting", created_at=now
    )
    add(session, waiting)
    review = Review(answer_id=waiting.id, sort="sample", month="2026-10", created_at=now)
    hook = Webhook(
        user_id=admin.id, name="Minutes", url="https://minutes.example/rrm", secret="", events=list(NAMES), created_at=now
    )
    add(session, review, hook)
    add(
        session,
        WebhookCall(
            webhook_id=hook.id, event_id=session.query(Event).first().id, state="failed", created_at=now,
            next_attempt_at=now, last_error="its name does not resolve",
        ),
    )  # fmt: skip
    stuck(session, now)
    dead = session.query(Address).filter_by(address=DESK).one()
    dead.dead_at, dead.dead_reason = now, "bounced (5.1.1)"
    assignment.state, assignment.settled_because = "lapsed", "no answer by the deadline"
    hand_to_coordinator(session, here.world.office, question, "suggested", now, text="Somebody else")
    asker.language = question.language
    held = session.query(InboxMessage).filter_by(state="held").order_by(InboxMessage.id).first()
    for place, told in enumerate(("released by user:1: answer waits for a coordinator: policy asks for a review", None)):
        row = session.query(InboxMessage).order_by(InboxMessage.id.desc()).offset(place).first()
        row.review = "our letter stands in it without quote marks"
        if told:
            row.state, row.outcome, row.handled_by = "handled", told, "user:1"
    trento = session.query(Authority).order_by(Authority.id).first()
    session.query(Authority).order_by(Authority.id.desc()).first().zone = "Europe/Rome"
    trento.exceptions = {"someday": "closed"}
    published = session.query(Fiche).filter_by(status="published").first()
    return {
        "number": question.number, "answer": waiting.id, "letter": session.query(OutboxMessage).first().id, "inbox": held.id,
        "review": review.id, "slug": published.slug, "authority": trento.id, "expert": expert.id, "table": "tiers.csv",
        "what": "experts", "webhook": hook.id, "user": session.query(ConsoleUser).filter_by(role="coordinator").one().id,
        "person": asker.id, "id": session.query(Button).filter(Button.chat.is_(None)).first().id, "month": "2026-10",
        "secret": links.new_link(session, here.world.office, question, now).rpartition("/")[2],
    }  # fmt: skip


def add(session, *rows):
    session.add_all(rows)
    session.flush()


def stuck(session, now):
    """Letters that did not go out, for reasons of ours and of a far server."""
    reasons = (
        "the address is dead at rcpt: 550 5.1.1 unknown",
        "sending mail is switched off (smtp.enabled)",
        "this is not a mail address",
    )
    for letter, why in zip(session.query(OutboxMessage).order_by(OutboxMessage.id), reasons, strict=False):
        letter.state, letter.last_error = "failed", why
        session.add(Attempt(outbox_id=letter.id, fence=1, at=now, outcome="failed", code="550", detail=why))


# Facts of events as the packages below write them, all of them at once; somebody's own words are not English.
DETAIL = {
    "decision": "Propose",
    "reasons": [{"code": "degraded", "why": "nothing was searched"}, {"code": "capacity", "open": 1, "of": 3}],
    "reason": "no_roster", "to": "coordinator", "because": "no answer by the deadline", "days": 3, "why": "machine or own address",
    "stage": "halfway", "sense": "later", "expert": "Ured", "authority": "Grad", "letter_kind": "answer", "hard": True, "status": "5.1.1",
    "sort": "auto-reply", "absent_until": "2027-01-31", "since": "2027-01-04", "until": "2027-01-31", "how": "yes", "scopes": ["read"], "name": "Ključ",
    "before": {"named": False, "shared": True, "review": "review"}, "after": [], "named": True, "shared": False, "review": "straight",
    "key": "tiers.standard.answer_within", "email": "x@example.org", "role": "observer", "fiche": "ena", "leader": "2026-0002",
    "follower": "2026-0003", "others": "2026-0004", "origin": "2026-0005", "sum": 17,
    "choices": ["Prvo"], "text": "Riječi", "missing": "Cijena", "said": "Ne", "choice": "Prvo",
}  # fmt: skip
EACH = {
    "closed": {"because": "no_verdict"},
    "tier-changed": {"before": "urgent", "after": "standard"},
    "policy-changed": {"before": "10 working days", "after": "12 working days", "why": "Ljeto"},
    "care-given": {"before": ["Grad"]},
    "mail-released": {"reason": WHY["expired"] % {"days": 400}},
    "handed-to-coordinator": {"reason": "suggested"},
    "recounted": {"why": "calendar"},
    "directory-imported": {"what": "experts", "new": 3, "changed": 2},
    "answer-edited": {"before": "Riječi"},
    **{
        kind: {"reason": "Riječi"}
        for kind in ("declined", "mail-discarded", "expert-removed", "expert-returned", "answer-discarded")
    },
}

ROUTES = [
    route for route in own_routes() if not isinstance(route, Mount) and "GET" in route.methods and route.rule.proof != "key"
]
# No pages: files, downloads, and signs of life for programs.
FILES = ("/healthz", "/readyz", "/directory/{what}.csv", "/messages/{inbox:int}/raw", "/files/{file:int}", "/reports/report.xlsx")


def test_every_kind_of_event_is_told_in_full(scene):
    """The details above are such as the packages below write: none of them falls back to the bare name of its kind."""
    for kind in KINDS:
        told = happening(Event(kind=kind, detail=DETAIL | EACH.get(kind, {})), Words(tongue("en")))
        assert told.icon != "dot", kind


@pytest.mark.parametrize("language", OTHERS)
def test_every_event_is_told_in_the_reader_s_language(language):
    words, english = Words(tongue(language)), Words(tongue("en"))
    for kind in KINDS:
        event = Event(kind=kind, detail=DETAIL | EACH.get(kind, {}))
        told, plain = happening(event, words), happening(event, english)
        assert told.sentence != plain.sentence, kind
        mine, theirs = (threes([one.sentence, one.text, *one.lines]) for one in (told, plain))
        assert mine & theirs == set(), kind


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_says_anything_in_english(scene, language):
    found = {}
    for address, english, page in every_page(scene, language):
        still = left(page.text, english.text, language, scene.data)
        found |= {address: still} if still else {}
    assert found == {}


def test_not_even_a_word_or_two(scene):
    """Greek has letters of its own: what stands in Latin ones on both pages is a name, a code, or left over."""
    said = " ".join(
        str(getattr(row, name) or "") for table, names in DATA.items() for row in scene.world.all(table) for name in names
    )
    found = {}
    for address, english, page in every_page(scene, "el"):
        same = set(said_on(english.text, "en")) & set(said_on(page.text, "el"))
        for text in same - WORDS:
            if re.search(r"[A-Za-z]{2}", text) and not CODE.fullmatch(text) and text.strip(" ·,") not in said:
                found.setdefault(address, set()).add(text)
    assert found == {}


# Names, and what is written on keys; what somebody wrote in the events and the fiche of the scene.
WORDS = {
    *("RRM", "CSV", "XLSX", "Telegram", "Webhooks", "Enter", "Ctrl", "Rapid Response Mechanism", "Test network"),
    *("Your Europe", "Europass", "EURES", "SOLVIT", "Apprenticeship desk, Provincia autonoma di Trento"), *("Riječi", "Prvo", "Ljeto", "Cijena", "Ključ", "ena", "Ne", "no_roster"),
    *directory.AUTHORITY_COLUMNS, *directory.MORE_AUTHORITY_COLUMNS, *directory.EXPERT_COLUMNS, *directory.MORE_EXPERT_COLUMNS,
    directory.MOVED,
}  # fmt: skip
# Codes of languages and countries, names of events for programs, web addresses, signposts, rules, and titles of the network.
CODE = re.compile(r"(?:\w\w(?:, )?)+|[a-z_.]+\.[a-z_.]+(?:, [a-z_.]+)*|.*https?://.*|[\w-]+: [\w-]+|.* · Test network|\d.*")


def every_page(scene, language):
    """(address, the English page, the page): of every route that is a page, in each of its views."""
    for route in ROUTES:
        address = re.sub(r"\{(\w+)(:\w+)?\}", lambda named: str(scene.things.get(named[1], "1")), route.path)
        for query in QUERIES.get(route.path, ("",)) if route.path not in FILES else ():
            english, page = (opened(scene, address + query, code) for code in ("en", language))
            if english.headers.get("content-type", "").startswith("text/html"):
                yield address + query, english, page


# Views of a page that the bare address does not show.
QUERIES = {
    "/queue": ("?tab=me", "?tab=open", "?tab=closed&words=x&tier=urgent"),
    "/outbox": ("", "?tab=sent", "?tab=waiting"),
    "/fiches": ("", "?tab=published", "?tab=draft", "?tab=review"),
    "/fiches/{slug}/edit": ("", "?language=hr"),
    "/questions/{number}/experts": ("?words=trento",),
    "/questions/{number}/fiches": ("?words=dual",),
    "/directory": ("", "?words=zzz"),
    "/held/{inbox:int}": ("", "?told=held-released"),
}


def opened(scene, address, language):
    """A page that is only read is asked for once in each language, whoever is to compare with it."""
    if (address, language) not in scene.shown:
        reads(scene, language)
        scene.shown[address, language] = scene.admin.get(address, headers={"accept-language": language})
    return scene.shown[address, language]


def reads(scene, language):
    with scene.store.transaction() as session:
        signin.choose_language(session, session.query(ConsoleUser).filter_by(role="admin").one().id, language)


@pytest.mark.parametrize("name", ["tiers", "months", "authorities", "precision"])
def test_files_are_headed_in_the_reader_s_language(scene, name):
    english, greek = (opened(scene, f"/reports/{name}.csv?months=3", code).text.splitlines() for code in ("en", "el"))
    assert re.search("[a-z]{4}", english[0]) and not re.search("[A-Za-z]{2}", greek[0].replace("\ufeff", ""))
    assert len(english) == len(greek)


@pytest.mark.parametrize("language", OTHERS)
def test_a_mail_dealt_with_says_so(scene, language):
    handled = next(one for one in scene.world.all(InboxMessage) if one.handled_by)
    pages = [opened(scene, f"/held/{handled.id}", code) for code in ("en", language)]
    assert "policy asks for a review" in pages[0].text and "our letter stands in it" in pages[0].text
    assert left(pages[1].text, pages[0].text, language, scene.data) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_refusal_says_anything_in_english(scene, language):
    for ask in REFUSED:
        pages = []
        for code in ("en", language):
            reads(scene, code)
            pages.append(ask(scene.admin, scene))
            assert f'<html lang="{code}">' in pages[-1].text
        assert pages[0].status_code == pages[1].status_code >= 400
        assert left(pages[1].text, pages[0].text, language, scene.data) == set()


def posted(path, **fields):
    return lambda browser, scene: browser.post(path, data={"csrf": csrf_of(browser.get("/health"))} | fields)


REFUSED = (
    lambda browser, scene: browser.get("/nowhere"),
    lambda browser, scene: browser.get("/questions/2026-4711"),
    lambda browser, scene: browser.get("/sign-in/not-a-secret"),
    lambda browser, scene: browser.post("/health", data={}),
    lambda browser, scene: browser.post("/policy", data={"csrf": "old"}),
    lambda browser, scene: browser.post("/policy", data={}, headers={"origin": "https://elsewhere.example"}),
    lambda browser, scene: browser.post("/policy", content=b"{}", headers={"content-type": "application/json"}),
    lambda browser, scene: browser.post("/policy", data={"value": "x" * 600_000}),
    posted("/policy", key="tiers.standard.grace", was="4 working hours", value="soon", why="x"),
    posted("/keys", name="", days="many"),
    posted("/fiches/new", title=""),
    lambda browser, scene: posted(f"/fiches/{scene.things['slug']}", revision="1", language="en", year_start="x")(browser, scene),
    lambda browser, scene: posted(f"/fiches/{scene.things['slug']}", revision="0", language="en", title="x")(browser, scene),
    lambda browser, scene: posted(f"/fiches/{scene.things['slug']}/validation", revision="1")(browser, scene),
    posted("/users", email="nobody"),
    posted("/queue/bulk"),
    lambda browser, scene: posted(f"/questions/{scene.things['number']}/extensions", revision="x")(browser, scene),
    lambda browser, scene: posted(f"/held/{handled(scene)}/discard", reason="x")(browser, scene),
)


def handled(scene):
    return next(one.id for one in scene.world.all(InboxMessage) if one.handled_by)


@pytest.mark.parametrize("language", OTHERS)
def test_the_way_in_and_its_refusals_speak_the_browser_s_language(scene, language):
    def doors(code):
        browser, told = scene.browser(), {"accept-language": code}
        first = browser.get("/sign-in", headers=told)
        sent = browser.post("/sign-in", data={"csrf": csrf_of(first), "email": "x@example.org"}, headers=told)
        return [first, sent, browser.get("/sign-in/x", headers=told), browser.post("/sign-in", data={}, headers=told)]

    for english, page in zip(doors("en"), doors(language), strict=True):
        assert f'<html lang="{language}">' in page.text and left(page.text, english.text, language) == set()


# ------------------------------------------------------------------ what is stored in English

ROUTING, BOT = Path(routing.__file__).parent, Path(bot.__file__).parent
# Modules whose functions return what became of a message.
OUTCOMES = (
    *("answering", "asking", "bounces", "buttons", "commands", "confirming", "extending", "held", "joining", "judge", "replying"),
    *("openers", "sharing", "suggesting", "unaddressed", "verdicts", "withdrawing"),
)
NOT_OUTCOMES = {"_channel", "actor", "hold", "_kind", "_settled", "queued again", "", "answer-7"}
# (file, calls whose last sentence is shown): why mail is held, why letters did not go out.
SHOWN = {
    **{f"bot/mail/{name}.py": ("Doubt", "TooMuch", "Unreadable") for name in ("identity", "addresses", "mime", "bodies", "pool", "parse")},
    "bot/channels/telegram_read.py": ("Unreadable",),
    "bot/channels/telegram_send.py": ("Refused",),
    "bot/channels/telegram_limits.py": ("Unreachable",),
    "bot/channels/smtp.py": ("Refused",),
    "bot/channels/email.py": ("Refused", "Unreachable"),
    "bot/working.py": ("Unreadable",),
    "bot/webhooks.py": ("Failed",),
    "bot/outward.py": ("NotAllowed",),
    "routing/people.py": ("mark_dead",),
    "routing/judge.py": ("mark_dead", "finish"),
    "routing/bounces.py": ("mark_dead",),
    "routing/calendar.py": ("CalendarError",),
}  # fmt: skip


def texts_of(node):
    """The sentence of a constant or an f-string, its gaps filled with a number, a word or a code of two letters."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [
            "".join(part.value if isinstance(part, ast.Constant) else gap for part in node.values) for gap in ("7", "away", "el")
        ]
    return []


def unknown(sentences):
    """Of sentences as they may be filled in; one that begins with another sentence is looked at where that one stands."""
    return [told for told in sentences if told and not told[0].startswith("7 and ") and not any(map(recognised, told))]


@pytest.mark.parametrize("module", OUTCOMES)
def test_every_outcome_can_be_said_in_every_language(module):
    told = list(returned(ROUTING / f"{module}.py"))
    assert unknown(told) == []


def returned(path):
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(function, ast.FunctionDef) or function.name in NOT_OUTCOMES:
            continue
        if ast.unparse(function.returns or ast.Constant(None)) not in ("str", "str | None"):
            continue
        for one in ast.walk(function):
            if isinstance(one, ast.Return) and one.value is not None:
                yield from (texts for texts in branches(one.value) if texts and texts[0] not in NOT_OUTCOMES)


def branches(node):
    return [texts_of(one) for one in ((node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,))]


@pytest.mark.parametrize("path", SHOWN)
def test_every_doubt_and_failure_can_be_said_in_every_language(path):
    found = []
    for call in ast.walk(ast.parse((ROUTING.parent / path).read_text("utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in SHOWN[path]:
            found += [texts for one in call.args for texts in branches(one) if texts and " " in texts[0].strip()]
    assert found and unknown(found) == []


@pytest.mark.parametrize("name", sorted(file.stem for file in (BOT / "mail").glob("*.py")))
def test_every_remark_on_a_mail_can_be_said_in_every_language(name):
    found = []
    for node in ast.walk(ast.parse((BOT / "mail" / f"{name}.py").read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in ("review", "held"):
            found += texts_in(node.value)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(".review"):
            found += texts_in(node.value)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            found += texts_in(node.value.elts[-1])
    assert unknown([told for told in found if " " in told[0]]) == []


def texts_in(value):
    return [texts for one in (value.values if isinstance(value, ast.BoolOp) else (value,)) for texts in branches(one) if texts]


@pytest.mark.parametrize("code", WHY)
@pytest.mark.parametrize("language", OTHERS)
def test_why_a_mail_is_held_is_said_also_where_only_its_sentence_is_kept(code, language):
    facts = dict.fromkeys(re.findall(r"%\((\w+)\)s", WHY[code]), "7")
    english, words = WHY[code] % facts, Words(tongue(language))
    assert words.sentence(english) == words.held_because(english, {"why": {"code": code, **facts}}) != english


@pytest.mark.parametrize(
    ("stored", "said", "kept"),
    [
        ("released by Ana: answer waits for a coordinator: policy asks for a review", ("policy asks for a review",), ("Ana",)),
        ("the question was closed (duplicate)", ("a duplicate of another question",), ()),
        ("auto-reply: away until 2027-01-31", ("an automatic reply",), ("2027-01-31",)),
        ("no working address: bounced (no status)", ("no status",), ()),
        ("the address is dead at rcpt: 550 5.1.1 unknown", (), ("rcpt", "550 5.1.1 unknown")),
        ("connection lost or silent at connect:", (), ("connect",)),
        ("Before it can be published the fiche needs: a title, a theme.", ("a title", "a theme"), ()),
        ("This letter is now sent. Look at it again.", ("sent",), ()),
        ("the mail is past a bound: more than 500 parts", (), ("500",)),
        ("It is not certain who wrote it: the From field is a group.", ("the From field is a group",), ()),
        ("tiers.urgent.panel is 9; it must lie between 1 and 3", (), ("tiers.urgent.panel", "9", "1", "3")),
    ],
)
@pytest.mark.parametrize("language", OTHERS)
def test_facts_within_a_stored_sentence_are_said_too(stored, said, kept, language):
    """Those that are sentences or codes of ours; those that are somebody's, or figures, stay as they are."""
    told = Words(tongue(language)).sentence(stored)
    assert told != stored and all(one in told for one in (*map(tongue(language), said), *kept)), told
    assert not threes([told]) & threes([stored]), told


@pytest.mark.parametrize(
    "stored", ["Somebody’s own words: all of them.", "www.example.org: look there", "accepted by all of us, today", "x" * 5000]
)
def test_somebody_s_own_words_stay_as_they_are(stored):
    assert Words(tongue("tr")).sentence(stored) == stored


# ------------------------------------------------------------------ codes


@pytest.mark.parametrize("language", OTHERS)
def test_every_kind_of_event_has_a_name(language):
    same = [kind for kind in KINDS if kind_name(kind, Words(tongue(language))) == kind_name(kind, Words(tongue("en")))]
    assert same == []


def test_no_template_hides_what_the_frame_around_it_shows():
    """A macro or a `set` outside of blocks counts in the frame, too: one called `told` would be shown as what has been done."""
    env = Pages().env("en")
    frame = set().union(*(find_undeclared_variables(env.parse(source_of(env, name))) for name in ("layout.html", "shell.html")))
    hidden = {}
    for name in set(env.list_templates(extensions=["html"])) - {"layout.html", "shell.html"}:
        tree = env.parse(source_of(env, name))
        named = {one.name for one in tree.body if isinstance(one, nodes.Macro)}
        named |= {one.target.name for one in tree.body if isinstance(one, nodes.Assign) and isinstance(one.target, nodes.Name)}
        hidden |= {name: named & frame} if named & frame and any(tree.find_all(nodes.Extends)) else {}
    assert hidden == {} and {"told", "me", "counts"} <= frame


def source_of(env, name):
    return env.loader.get_source(env, name)[0]


def test_every_code_has_words():
    assert [kind for kind in LETTERS if kind not in letterlists.LETTERS] == []
    assert [reason for reason in LETTERS["co_question"].choices["reason"] if reason not in wordlists.HANDED] == []
