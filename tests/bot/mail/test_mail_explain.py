"""What `rrm mail explain` says about a mail, on the specimens in tests/mails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.mail.explain import described, in_words
from tests.bot.mail.making import CONFIG, TOKEN, mail, reply_to_us, understood

FOLDER = Path(__file__).resolve().parents[2] / "mails"
TRUTH = json.loads((FOLDER / "truth.json").read_text("utf-8"))


def told(raw):
    return in_words(raw, understood(raw), CONFIG)


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_specimens(name):
    said = described(understood((FOLDER / name).read_bytes()))
    wanted = TRUTH[name]
    assert (said["kind"], said["rule"]) == (wanted["kind"], wanted["rule"])
    if "text" in wanted:
        assert said["reply"]["text"] == wanted["text"]
    assert said["reply"]["review"] == wanted.get("review")
    assert said["held"] == wanted.get("held")
    if "bounce" in wanted:
        assert {key: said["bounce"][key] for key in wanted["bounce"]} == wanted["bounce"]
    json.dumps(said)


def test_every_specimen_has_its_truth():
    assert sorted(TRUTH) == sorted(file.name for file in FOLDER.glob("*.eml"))


def test_the_keys_are_always_there():
    for raw in (mail(), b"", b"x" * (25 * 1024 * 1024 + 1)):
        assert {"kind", "rule", "subject", "reply", "bounce", "held"} <= described(understood(raw)).keys()
        assert described(understood(raw))["reply"].keys() == {"text", "review", "cut"}


def test_in_words():
    text = told(reply_to_us("Yes.\n\n-- \nDesk"))
    assert "bounce: no" in text
    assert "message: yes (reply)" in text
    assert "  | Yes." in text
    assert "  | Desk" in text
    held = told(mail("> only quoted", sender="a@b.example, c@d.example"))
    assert "Held for a person: It is not certain who wrote it" in held
    assert "To be looked at: nothing but quoted" in held
    assert "  (nothing)" in held


def test_a_bounce_in_words():
    text = told((FOLDER / "bounce-postfix.eml").read_bytes())
    assert "Not delivered (for good): desk@city.example 5.1.1" in text
    assert "bounce: yes (dsn-failed)" in text
    later = told((FOLDER / "bounce-delayed.eml").read_bytes())
    assert "Not delivered (not yet)" in later
    full = told((FOLDER / "bounce-mailbox-full.eml").read_bytes())
    assert "Not delivered (for now)" in full


def test_what_cannot_be_read_in_words():
    assert "Held for a person" in told(b"X: " + b"y" * 70_000 + b"\n\nbody")


def test_html_is_named():
    assert "Read as HTML" in told(mail("<p>Yes</p>", content_type="text/html"))
    assert described(understood(reply_to_us("Yes.")))["tokens"] == [TOKEN]
