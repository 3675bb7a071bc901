"""What a coordinator does with questions, held mail and letters, each act once, for `walk` to go through and look at.

In: a walk, and the desk it goes over. Every scene lays out what it needs.
"""

from routing.models import Address, Answer, OutboxMessage, Question, Review
from routing.splitting import SEVERAL
from tests.browser.test_keys import given, question_of
from tests.world import DESK, MONDAY


def questions(walk, site):
    number, _ = question_of(site, "Who pays for the mobile welding workshop in five valleys?")
    url = f"questions/{number}"
    walk.open(url)
    walk.act("/assignments", status=200)
    walk.act("/panel")
    walk.act("/extensions", days="2", reason="Waits for the figures")
    walk.act("/extensions", days="60", reason="Waits for the figures")
    walk.act("/asking-back", text="Which valleys do you mean?")


def several(walk, site):
    number, _ = question_of(site, "1. Who pays for the lorry of the five valleys?\n2. Which evening courses teach adults to read?")
    with site.store.transaction() as session:
        question = session.query(Question).filter_by(number=number).one()
        question.thread = question.thread | {SEVERAL: True}
    walk.open(f"questions/{number}")
    walk.act("/splitting")


def small_acts(walk, site):
    number, _ = question_of(site, "Who drives the welding workshop up the valleys?")
    url = f"questions/{number}"
    walk.open(url)
    walk.act("/notes", text="Called the ministry.")
    walk.act("/tier", tier="extended")
    walk.act("/sensitive")
    walk.act("/not-sensitive")
    walk.act("/search")
    walk.act("/link-revocation")
    walk.open(f"{url}/experts?words=trento")
    walk.open(f"{url}/experts?words=nobody-is-called-so")
    walk.open(f"find?words={number}")
    walk.open("find?words=nothing-is-called-so")
    stale(walk, site, number)


def stale(walk, site, number):
    """Somebody has changed the question since the page was opened."""
    walk.open(f"questions/{number}")
    with site.store.transaction() as session:
        session.query(Question).filter_by(number=number).one().revision += 1
    walk.act("/closure", status=409, reason="coordinator", comment="Written on an old page.")


def closings(walk, site):
    number, _ = question_of(site, "Is there a grant for boots?")
    walk.open(f"questions/{number}")
    walk.act("/closure", reason="coordinator", comment="Ask the ministry.")
    walk.act("/reopening")
    walk.act("/refusal", status=422)
    walk.open(f"questions/{number}")
    walk.act("/refusal", other="Ask the ministry of schools.")


def joined(walk, site):
    one, _ = question_of(site, "Who lends lathes to schools?")
    other, _ = question_of(site, "Who lends schools a lathe?")
    walk.open(f"questions/{one}")
    walk.act("/joining", among="form:has(#join-number)", number=other)
    walk.act("/parting")
    walk.act("/joining", 422, "form:has(#join-number)", number="2026-9999")


def answers(walk, site):
    for act, fields in (("/release", {}), ("/discard", {"reason": "It names the asker."})):
        number, _, letter = given(site, f"What does a travelling forge cost, {act}?", tier="extended")
        site.world.mail(DESK, "About forty thousand euros, with its driver.", to=letter)
        walk.open(f"questions/{number}")
        walk.act(act, **fields)
    walk.act("/resumption")
    number, _, letter = given(site, "What does a travelling forge cost, sent back?", tier="extended")
    site.world.mail(DESK, "About forty thousand euros.", to=letter)
    walk.open(f"questions/{number}")
    walk.act("/return", text="With its driver?", days="2")
    site.world.mail(DESK, "Yes, with its driver.", to=site.world.letter("answer_returned", DESK))
    walk.open(f"questions/{number}")
    walk.page.locator("[data-above]").click()
    assert walk.page.locator("#release-text").input_value() == "About forty thousand euros.\n\nYes, with its driver."
    walk.act("/release")
    number, _ = question_of(site, "Who pays for the lorry itself?")
    walk.open(f"questions/{number}")
    walk.page.locator("#own-answer").fill("The province pays for it.")
    walk.page.locator("#fold-answer button[hx-post]").click()
    walk.page.locator("#preview-own .written").wait_for()
    walk.look("preview of an answer")
    walk.act("/answers", text="The province pays for it.")
    with site.store.transaction() as session:
        session.add(Review(answer_id=session.query(Answer).first().id, sort="sample", month="2026-10", created_at=MONDAY))
    walk.open("reviews")
    marks = {one.get_attribute("name"): "2" for one in walk.page.locator("form[action^='/reviews/'] select").all()}
    walk.act(walk.page.locator("form[action^='/reviews/']").first.get_attribute("action"), **marks)


def queue(walk, site):
    for place in range(3):
        question_of(site, f"Which of the {place + 2} valleys has a school for smiths?")
    for act in ("suggested", "sensitive", "together", "duplicate"):
        walk.open("queue?tab=open")
        walk.page.locator("input.pick").last.check()
        walk.look(f"the bar of bulk acts, {act}")
        walk.press(walk.page.locator(f"button[value={act}]"), f"/queue/bulk {act}")
        if act == "sensitive":  # of the last two, one chosen question alone qualifies for neither
            walk.act("/queue/undo")
    walk.open("queue?tab=open&tier=urgent&country=IT&period=30")
    walk.act("/views", name="Urgent in Italy")
    walk.act("/removal")
    for tab in ("me", "today", "overdue", "expert", "asker", "open", "closed"):
        walk.open(f"queue?tab={tab}")


def held(walk, site):
    def came(text, proven=False):
        _, _, letter = given(site, f"What does it cost? {text}")
        return site.world.mail("colleague@trento.example", text, to=letter, proven=proven).id

    for act, fields in (
        ("release", {}),
        ("question", {}),
        ("retry", {}),
        ("discard", {"reason": "Advertising", "remember": True}),
    ):
        walk.open(f"held/{came(f'It costs little, {act}.', proven=True)}")
        walk.act(f"/{act}", **fields)
    for act in ("release", "file", "discard"):
        came(f"It costs much, {act}.")
        walk.open("held")
        walk.page.locator("[data-all]").check()
        walk.page.locator("input[name=reason]").fill("Not meant for us")
        walk.page.locator("input[name=number]").last.fill("2026-9999")
        walk.press(walk.page.locator(f"button[form=many][value={act}]"), f"/held/many {act}", 404 if act == "file" else 200)
    walk.act("/revoke")
    came("It waits.")
    walk.open("held")


def outbox(walk, site):
    for part in ("lorry", "ramp", "forge"):
        question_of(site, f"Who mends the {part}?")
    acts = ("retry", "arrival", "cancellation", "redirection")
    with site.store.transaction() as session:
        letters = session.query(OutboxMessage).filter(OutboxMessage.question_id.is_not(None)).limit(len(acts)).all()
        for letter in letters:
            letter.state, letter.last_error = "failed", "550 5.1.1 user unknown"
            other = f"other{letter.id}@trento.example"
            session.add(Address(person_id=letter.person_id, channel="email", address=other, rank=7))
    for act in acts:
        walk.open("outbox")
        walk.act(f"/{act}")
    walk.open("outbox?tab=waiting")
    walk.open("outbox?tab=sent")
