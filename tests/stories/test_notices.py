"""A coordinator on the move: a letter by real mail, a page, one click, and the asker has the answer."""

import re

import httpx
from sqlalchemy import update

from routing import wishes
from routing.hours import DAYS
from routing.models import Authority, NoticeChoice
from routing.notices import SORTS
from tests.town import text_of
from tests.world import COORDINATOR, DESK, OTHER_QUESTION

ASKER = "policy-desk@lisboa.example"


async def test_an_answer_is_read_and_sent_from_the_train(town):
    with town.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
        chosen = wishes.Chosen(True, SORTS, 15, False, DAYS, "00:00", "00:00", "Europe/Brussels", "", None)
        wishes.choose(session, 1, chosen, by="user:1", now=town.clock.now())
    await town.write(ASKER, OTHER_QUESTION)
    await town.answer(await town.letter(DESK), "We leased a lorry and shared it among five valleys.")
    letter = await town.letter(COORDINATOR, "before it goes out")
    link = re.search(r"read the answer and send it:\s+(\S+)", text_of(letter))[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{town.service.console_port}", timeout=60) as phone:
        path = "/do/" + link.rpartition("/")[2]
        shown = await phone.get(path)
        assert "shared it among five valleys" in shown.text and town.outbox(kind="answer") == []
        done = await phone.post(path, headers={"origin": str(phone.base_url).rstrip("/")})
        assert done.status_code == 200
    assert "five valleys" in text_of(await town.letter(ASKER, "five valleys"))
    assert len(town.outbox(kind="co_burning")) == 1 and town.outbox(kind="co_question") == []
    with town.store.snapshot() as session:
        assert session.get(NoticeChoice, 1).bundled
