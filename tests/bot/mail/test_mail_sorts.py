"""What kind of mail it is, on mails of many makers and languages, most of which no header gives away."""

from __future__ import annotations

import base64
from email.header import Header

import pytest

from bot.mail.explain import described
from tests.bot.mail.making import TOKEN, understood
from tests.bot.mail.sorts import CASES


def raw_of(case):
    subject = case["subject"] if case["subject"].isascii() else Header(case["subject"], "utf-8").encode()
    to = f"reply+{TOKEN}@rrm.example" if case["thread"] else "questions@rrm.example"
    head = [
        f"From: {case['sender']}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Date: {case['date']}",
        "Message-ID: <m1@city.example>",
    ]
    head += ["MIME-Version: 1.0", *(["In-Reply-To: <letter@rrm.example>"] if case["thread"] else [])]
    head += [f"{name}: {value}" for name, value in case["headers"].items()]
    if case["raw"]:
        return ("\n".join(head) + "\n" + case["raw"]).encode()
    coded = base64.encodebytes(case["body"].encode()).decode()
    return (
        "\n".join([*head, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "", coded])
    ).encode()


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES])
def test_kind(case):
    raw = raw_of(case)
    item = understood(raw)
    said = described(item)
    assert said["kind"] in case["kinds"], said["rule"]
    if case["away"]:
        assert str(item.absent_until) == case["away"]
    if said["kind"] in ("reply", "question"):
        assert said["held"] == case["held"]
    if said["kind"] == "bounce":
        assert case["rcpt"] is None or tuple(said["bounce"]["recipients"]) == case["rcpt"]
        for key in ("hard", "delayed", "status"):
            assert case[key] is None or said["bounce"][key] == case[key], said["bounce"]
