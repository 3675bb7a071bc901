"""Replies from mail programs of many makers and languages, and habits of their users: nothing wanted lost, nothing quoted left."""

from __future__ import annotations

import base64
from html import escape

import pytest

from tests.bot.mail.clients import BLOCKS, LINES
from tests.bot.mail.habits import CASES
from tests.bot.mail.making import TOKEN, mail_of, multipart, understood

ADDRESS, WRITER = f"reply+{TOKEN}@rrm.example", "Network Desk"
OWN = (
    "Yes, we run two programmes.\nThe second began in 2023.",
    "Ja.\n\nBest regards,\nCity Desk",
    "We pay half. In 2023 we had 140 places: 90 in crafts and 50 in care.\n\nCity Desk",
)
QUOTED = ("a municipality asks how others fund apprenticeships.", "Who trains the trainers in small firms?")


def filled(text):
    return text.replace("{A}", ADDRESS).replace("{W}", WRITER).replace("{t}", TOKEN)


def flat(text):
    return " ".join(text.split())


def part(text, kind):
    head = f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    return head + base64.encodebytes(text.encode()).decode()


def reply(plain=None, html=None):
    parts = [part(filled(text), kind) for text, kind in ((plain, "plain"), (html, "html")) if text is not None]
    kind = "alternative" if len(parts) == 2 else "mixed"
    return understood(mail_of(multipart(kind, *parts), to=ADDRESS, subject="Re: Q-2025-0042", in_reply_to="<letter@rrm.example>"))


def check(item, keep, gone, review):
    text = flat(item.text)
    assert [one for one in keep if flat(filled(one)) not in text] == [], "wanted words were lost"
    if not item.review:
        assert [one for one in gone if flat(filled(one)) in text] == [], "quoted words were left over"
    if review is not None:
        assert bool(item.review) is review, item.review


def as_html(own, header, letter, quoted):
    lines = "<br>".join(escape(line) for line in filled(header).split("\n"))
    tag = "blockquote" if quoted else "div"
    return f"<div>{own.replace(chr(10), '<br>')}</div><br><div>{lines}</div><{tag}>{''.join(f'<p>{one}</p>' for one in letter)}</{tag}>"


def announced():
    """(name, header, whether the letter below is quoted) of every line and block."""
    for line in LINES.strip().split("\n"):
        name, _, rest = line.partition("|")
        header, _, ways = rest.rpartition("|")
        for way in ways.replace("b", "qn"):
            yield pytest.param(header, way == "q", id=f"{name}-{way}")
    for block in BLOCKS.strip().split("\n\n"):
        name, _, header = block.partition("\n")
        yield pytest.param(header, False, id=f"block-{name.lstrip('#')}")


@pytest.mark.parametrize(("header", "quoted"), list(announced()))
def test_a_reply_above_the_letter(header, quoted):
    own = OWN[len(header) % len(OWN)]
    letter = "\n".join(f"> {line}" if quoted else line for line in QUOTED)
    lines = [line for line in own.split("\n") if line]
    check(reply(plain=f"{own}\n\n{header}\n\n{letter}\n"), lines, (*QUOTED, WRITER), False)
    check(reply(html=as_html(own, header, QUOTED, quoted)), lines, QUOTED, False)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES])
def test_habits(case):
    item = reply(case.get("plain"), case.get("html"))
    check(item, case.get("keep", ()), case.get("gone", ()), case.get("review"))
