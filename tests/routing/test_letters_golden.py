"""Every letter in every language, word for word. After a change on purpose: UPDATE_GOLDEN=1, then read the diff."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from routing.languages import LANGUAGES
from routing.letters import COMMANDS, KINDS, explain, label, with_marker, write
from routing.letters.labels import LABELS
from routing.letters.pages import PAGES, page_words

GOLDEN = Path(__file__).parent / "golden"
NUMBER = "2026-0042"
DUE = datetime(2027, 1, 8, 16, 0, tzinfo=UTC)
SOON = datetime(2026, 12, 23, 11, 0, tzinfo=UTC)
ROME = {"zone": "Europe/Rome"}
QUESTION = "How do other towns pay firms that take apprentices?\n\nOurs have fewer than ten staff."
EXPLANATION = {
    "start": "2026-12-22T09:10:00+00:00",
    "counted_from": "2026-12-22T09:10:00+00:00",
    "amount": 10,
    "unit": "working_days",
    "at": "2027-01-08T16:00:00+00:00",
    "zone": "Europe/Rome",
    "skipped": [
        {"day": "2026-12-25", "why": "holiday", "name": "Natale"},
        {"day": "2026-12-26", "why": "weekend"},
        {"day": "2026-12-27", "why": "weekend"},
        {"day": "2027-01-01", "why": "holiday", "name": "Capodanno"},
        {"day": "2027-01-02", "why": "weekend"},
        {"day": "2027-01-03", "why": "weekend"},
        {"day": "2027-01-04", "why": "exception"},
        {"day": "2027-01-05", "why": "exception"},
        {"day": "2027-01-06", "why": "holiday", "name": "Epifania"},
    ],
}
HOURS = {**EXPLANATION, "amount": 4, "unit": "working_hours", "skipped": []}
MATCHES = [
    {
        "title": "Kronstadt: o școală profesională duală",
        "title_language": "ro",
        "place": "Brașov",
        "country": "RO",
        "year": 2012,
        "quote": "Firmele plătesc o bursă lunară.",
        "quote_language": "ro",
        "source": "https://school.example/dual",
        "slug": "a",
    },
    {
        "title": "Vouchers for small firms",
        "title_language": "en",
        "place": "Bari",
        "country": "IT",
        "year": None,
        "quote": None,
        "quote_language": None,
        "source": None,
        "slug": "b",
    },
]
WHO = {"authority_kind": "municipality", "authority_country": "RO"}
REASONS = [
    {"code": "theme", "theme": "mobility"},
    {"code": "language", "language": "el"},
    {"code": "other_country", "country": "ES"},
    {"code": "answered_before", "count": 2},
    {"code": "practice", "title": "Vouchers"},
    {"code": "capacity", "open": 1, "of": 4},
    "in words already",
]
ASSIGNMENT = {
    "number": NUMBER,
    "question": QUESTION,
    "question_language": "en",
    "deadline_at": DUE,
    **ROME,
    "accept_by_at": SOON,
    "theme": "funding-scholarships",
    "explanation": EXPLANATION,
    "asker_kind": "county",
    "asker_country": "HR",
    "suggestions": ["Vouchers for small firms", "Kronstadt"],
    "files": 2,
    "reasons": REASONS,
}
ITEMS = [
    {"number": NUMBER, "line": "How do other towns pay firms?", "state": "assigned", "waiting_for": "expert", "promised_at": DUE},
    {"number": "2026-0043", "line": "Who pays for travel?", "state": "proposed", "waiting_for": "asker", "promised_at": None},
]
ONE = {"number": NUMBER}
STATUS = "https://rrm.example/status/x"
TIERS = ["urgent", "standard", "extended"]
MOVED = {"tier": "urgent"}
ARABIC = "هل تدفع البلديات للشركات؟\nWhat of Bari?"

COUNTED = ("overdue", "today", "review", "needs", "held", "undelivered", "draft", "expert")
MATTERS = {
    "groups": [
        {"sort": sort, "of": [{"number": number, "line": line, "url": "https://rrm.example/x"}]}
        for sort, number, line in (
            ("overdue", NUMBER, QUESTION), ("review", NUMBER, "Vouchers"), ("needs", NUMBER, ""), ("held", "", "a@b.example: Yes"),
            ("undelivered", NUMBER, "The answer"), ("draft", "", "Vouchers"),
        )
    ],
    "offers": [
        {"act": act, "target": "1", "number": NUMBER, "who": "Apprenticeship desk"} for act in ("co_release", "co_assign", "co_file")
    ],
    "url": "https://rrm.example/queue",
    "choice_url": "https://rrm.example/notices",
}  # fmt: skip
MONTH = {
    "month": date(2026, 10, 1), "asked": 140, "asked_before": 1384, "answered": 101, "by_fiche": 22, "overdue": 3, "open": 40,
    "tiers": [
        {"tier": "urgent", "kept": 8, "over": 10, "share": 0.8, "share_before": 0.75},
        {"tier": "standard", "kept": 46, "over": 50, "share": 0.92, "share_before": None},
        {"tier": "extended", "kept": 0, "over": 0, "share": None, "share_before": 1.0},
    ],
    "first_word": {"half": 4, "most": 21}, "to_answer": {"half": 1300, "most": 7300},
    "themes": [{"theme": "guidance", "unanswered": 5, "asked": 8}, {"theme": "mobility", "unanswered": 2, "asked": 3}],
    "judged": 21, "right": 17, "sure": 10, "sure_right": 9, "promised": 0.95,
    "authorities": [{"name": "Provincia di Esempio", "asked": 5, "answered": 4, "in_time": 3, "declined": 0, "lapsed": 1, "open": 1}],
    "more": 2, "url": "https://rrm.example/reports?month=2026-10", "choice_url": "https://rrm.example/notices",
}  # fmt: skip
QUIET_MONTH = MONTH | {
    "asked": 1, "asked_before": 0, "answered": 0, "by_fiche": 0, "overdue": 0, "open": 1, "first_word": None, "to_answer": None,
    "themes": [], "judged": 0, "right": 0, "sure": 0, "sure_right": 0, "authorities": [], "more": 0,
    "tiers": [one | {"kept": 0, "over": 0, "share": None} for one in MONTH["tiers"]],
}  # fmt: skip
CASES = {
    "welcome": [{"network": "Example Network", "mail_address": "ask@network.example", "languages": list(LANGUAGES)}],
    "language_set": [{}],
    "help": [{"mail_address": "ask@network.example"}],
    "receipt": [
        {**ONE, "promised_at": DUE, **ROME, "tier": "urgent", "question": QUESTION, **WHO},
        {**ONE, "promised_at": DUE, **ROME, "tier": "extended"},
        {**ONE, "promised_at": DUE, **ROME, "tier": "standard", **WHO, "status_url": STATUS, "tiers": TIERS, "experts": 3},
    ],
    "proposal": [
        {**ONE, "matches": MATCHES, "confident": True, **ROME, "closes_at": DUE},
        {**ONE, "matches": MATCHES[:1], "confident": False, **ROME, "question": QUESTION},
    ],
    "proposal_reminder": [{**ONE, **ROME, "closes_at": DUE, "matches": MATCHES, "question": QUESTION}],
    "proposal_accepted": [ONE],
    "coordinator_has_it": [{**ONE, "promised_at": DUE, **ROME, "status_url": STATUS}],
    "clarify": [{**ONE, "choices": ["Pay", "Schools"], "question": QUESTION}, {**ONE, "choices": []}],
    "ask_back": [{**ONE, "text": "Which trades?", "language": "en", **WHO}, {**ONE, "text": ARABIC, "language": "ar"}],
    "which_language": [{"languages": list(LANGUAGES)}],
    "not_asked": [{}],
    "passed_on": [ONE],
    "which_fiche": [{**ONE, "matches": MATCHES}],
    "question_back": [{**ONE, "text": "Which trades?"}],
    "holding": [
        {**ONE, "promised_at": DUE, **ROME, "reason": reason, **WHO, "explanation": EXPLANATION if reason == "extended" else None}
        for reason in KINDS["holding"].choices["reason"]
    ]
    + [
        {**ONE, "promised_at": DUE, **ROME, "reason": reason, "with_coordinator": True}
        for reason in KINDS["holding"].choices["reason"]
        if reason.startswith("expert_")
    ]
    + [
        {**ONE, "promised_at": DUE, **ROME, "reason": "expert_away", **WHO, "same_date": True},
        {**ONE, "promised_at": DUE, **ROME, "reason": "given", **WHO, "first_date": True},
        {**ONE, "promised_at": DUE, **ROME, "reason": "given", **WHO, "sooner": True},
    ],
    "answer": [
        {
            **ONE,
            "text": "Use vouchers.\n\nSee annex.",
            "language": "hr",
            "question": QUESTION,
            "author_kind": "chamber",
            "author_country": "HR",
            "author_name": "Training desk, Chamber",
        },
        {**ONE, "text": "Use vouchers.", "language": "en", "translated": True},
    ],
    "addition": [
        {**ONE, "text": "We paid half.", "language": "hr", "author_kind": "chamber", "author_country": "HR"},
        {**ONE, "text": "", "language": "en", "enclosed": ["plan.pdf", "costs.xlsx"], "kept": ["macro.xlsm"]},
        {**ONE, "text": "It was 2025.", "language": "en", "ours": True},
    ],
    "earlier_answer": [
        {**ONE, "text": "Use vouchers.", "language": "hr", "matches": [{}], "question": QUESTION, "status_url": STATUS},
        {**ONE, "text": ARABIC, "language": "en", "matches": [{}], "author_kind": "chamber", "author_country": "HR"},
    ],
    "joined": [{**ONE, **ROME, "promised_at": DUE, "status_url": STATUS}, {**ONE, **ROME}],
    "parted": [
        {**ONE, **ROME, "promised_at": DUE, "with_coordinator": True, "status_url": STATUS},
        {**ONE, **ROME, "promised_at": DUE, **WHO},
        {**ONE, **ROME},
    ],
    "new_date": [
        {**ONE, "promised_at": DUE, **ROME, "reason": reason, "tier": "urgent"} for reason in KINDS["new_date"].choices["reason"]
    ],
    "helped_thanks": [ONE, {**ONE, "ask_share": True}],
    "helped_no": [ONE],
    "reopened": [{**ONE, "promised_at": DUE, **ROME}, {**ONE, "promised_at": DUE, **ROME, "by_coordinator": True}],
    "used_question": [{**ONE, "answered_at": SOON, **ROME, "question": QUESTION}],
    "used_thanks": [ONE],
    "published": [ONE, {**ONE, "title": "Five villages, one lorry"}],
    "refused_scope": [{**ONE, "signpost": "Your Europe: https://europa.example"}],
    "refused_admission": [{**ONE, "contact": "questions@network.example"}],
    "refused_too_many": [{**ONE, "open": 20, "of": 20}],
    "closed": [
        {**ONE, "reason": reason, "other": "2026-0007" if reason == "duplicate" else None}
        for reason in KINDS["closed"].choices["reason"]
    ]
    + [{**ONE, "reason": "coordinator", "text": "The call has ended.\nAsk again in May."}],
    "status": [{"items": [ITEMS[0] | {"url": STATUS}, ITEMS[1]], **ROME}, {"items": ITEMS[:1], **ROME}],
    "status_empty": [{}],
    "withdraw_which": [{"items": ITEMS, "example": f"cancel {NUMBER}"}],
    "forget_confirm": [{}],
    "forgotten": [{}],
    "forget_kept": [{}],
    "export_ready": [{}],
    "attachment_kept": [{"names": ["plan.pdf"]}, {"names": ["plan.pdf", "costs.xlsx"]}],
    "edit_noted": [{}],
    "group_hint": [{"bot_name": "rrm_bot"}],
    "unknown_command": [{}],
    "button_stale": [{}],
    "text_first": [{}],
    "split": [{**ONE, "items": [{"number": NUMBER, "words": QUESTION}, {"number": "2026-0043", "words": ""}]}],
    "stopped": [{"numbers": []}, {**ONE, "numbers": ["2026-0041", NUMBER]}],
    "assignment": [
        ASSIGNMENT | {"experts": 2, "remark": "You told us of the lorry in May.\nWhat did it cost?"},
        {**ONE, "question": QUESTION, "question_language": "tr", "deadline_at": DUE, **ROME},
    ],
    "accepted": [{**ONE, "deadline_at": DUE, **ROME}, {**ONE, "deadline_at": DUE, **ROME, "in_prose": True}],
    "declined_thanks": [ONE, {**ONE, "until": date(2027, 1, 8)}, {**ONE, "in_prose": True}],
    "file_missing": [{**ONE, "deadline_at": DUE, **ROME, "in_prose": True}],
    "reminder": [
        {
            **ONE,
            "question": QUESTION,
            "deadline_at": DUE,
            **ROME,
            "stage": stage,
            "accept_by_at": SOON,
            "explanation": HOURS if stage == "due_soon" else None,
        }
        for stage in KINDS["reminder"].choices["stage"]
    ],
    "moved_on": [
        *({**ONE, "reason": reason} for reason in KINDS["moved_on"].choices["reason"]),
        {**ONE, "reason": "answered", "may_add": True},
    ],
    "deadline_moved": [
        {**ONE, "deadline_at": DUE, **ROME, "reason": reason, **MOVED, "explanation": EXPLANATION if reason == "tier" else None}
        for reason in KINDS["deadline_moved"].choices["reason"]
    ],
    "not_extended": [{**ONE, "deadline_at": DUE, **ROME}, {**ONE, "deadline_at": DUE, **ROME, "in_prose": True}],
    "became": [
        *({**ONE, "what": what} for what in KINDS["became"].choices["what"]),
        *({**ONE, "what": "published", "title": "Five villages, one lorry", "reached": reached} for reached in (1, 2, 5, 21)),
    ],
    "confirm_entry": [{"lines": ["Provincia di Esempio", "it, en", "mon-fri 08:30-13:00"]}],
    "entry_confirmed": [{"corrected": False}, {"corrected": True}],
    "answer_thanks": [{**ONE, "passed_on": True}, {**ONE, "passed_on": False}],
    "asker_replied": [
        {**ONE, "text": "Bakers.", "deadline_at": DUE, **ROME, "question": QUESTION},
        {**ONE, "text": "Bakers.", "deadline_at": DUE, **ROME, "asked": False, "enclosed": ["plan.pdf"]},
    ],
    "answer_missing": [{**ONE, "text": "What did it cost?", "deadline_at": DUE, **ROME}],
    "answer_returned": [{**ONE, "text": "Who paid for it?", "answer": "Two firms leased one.", "deadline_at": DUE, **ROME}],
    "goes_on": [
        {**ONE, "former": "2026-0003", "question": QUESTION, "deadline_at": DUE, **ROME},
        {**ONE, "former": "2026-0003", "question": QUESTION, "deadline_at": DUE, **ROME, "accept_by_at": SOON},
    ],
    "held_notice": [{}, {"number": "2026-0007"}],
    "split_off": [{**ONE, "question": QUESTION, "others": ["2026-0043", "2026-0044"], "deadline_at": DUE, **ROME}],
    "stopped_expert": [{"numbers": []}, {"numbers": ["2026-0041", NUMBER]}],
    "started_expert": [{}],
    "ask_back_sent": [ONE],
    "co_question": [
        {**ONE, "question": QUESTION, "reason": reason, "url": "https://rrm.example/q"}
        | ({"text": "training@town.example"} if reason == "suggested" else {})
        for reason in KINDS["co_question"].choices["reason"]
    ],
    "co_entry": [
        {"authority": "Provincia di Esempio", "url": "https://rrm.example/d", "text": "We moved to Bari."},
        {"authority": "Provincia di Esempio", "url": "https://rrm.example/d"},
        {"authority": "Provincia di Esempio", "url": "https://rrm.example/d", "role": "Training desk"},
    ],
    "co_held": [{"count": 1, "url": "https://rrm.example/held"}, {"count": 5, "url": "https://rrm.example/held"}],
    "co_delivery": [
        {**ONE, "recipient_role": "expert", "detail": "550 5.1.1 no such user", "url": "https://rrm.example/q"},
        {"recipient_role": "asker", "detail": "550 5.1.1 no such user", "url": "https://rrm.example/q"},
    ],
    "co_draft": [
        {"title": "Vouchers", "url": "https://rrm.example/f"},
        {"title": "Vouchers", "url": "https://rrm.example/f", "asked": True},
    ],
    "co_ambiguous": [{"url": "https://rrm.example/o"}],
    "sign_in": [{"url": "https://rrm.example/in", "minutes": 15}, {"url": "https://rrm.example/in", "minutes": 1}],
    "co_alert": [{"text": "The mailbox is full.", "url": "https://rrm.example/"}],
    "co_burning": [MATTERS | {"count": 15, "more": 3}, MATTERS | {"count": 1, "more": 0, "groups": MATTERS["groups"][:1]}],
    "co_digest": [
        MATTERS | {"count": 15, "more": 3, "counts": dict.fromkeys(COUNTED, 1)},
        MATTERS
        | {"count": 0, "more": 0, "groups": [], "offers": [], "counts": dict.fromkeys(COUNTED, 0) | {"today": 2, "expert": 3}},
    ],
    "co_month": [MONTH, QUIET_MONTH],
    "co_webhook": [{"name": "Minutes", "detail": "it answered 500", "url": "https://rrm.example/webhooks"}],
    "co_connected": [{"choice_url": "https://rrm.example/notices"}],
}


def shown(language):
    parts = []
    for kind, cases in CASES.items():
        for facts in cases:
            seen = set()
            for medium in ("telegram", "email"):
                letter = write(kind, language, medium=medium, **facts)
                if letter in seen:
                    continue
                seen.add(letter)
                buttons = "".join(f"\n[{label}] {action}" for action, label in letter.buttons)
                parts.append(f"===== {kind}, {medium}\n{letter.subject}\n\n{letter.text}{buttons}\n")
    parts.append(
        "===== explained\n" + "\n".join(explain({**EXPLANATION, "amount": n}, language) for n in (1, 2, 5, 21, 101)) + "\n"
    )
    parts.append("===== counted\n" + "\n".join(counted(language)) + "\n")
    say = page_words(language)
    parts.append("===== pages\n" + "\n".join(f"{key}: {say(key)}" for key in PAGES) + "\n")
    parts.append("===== labels\n" + "\n".join(f"{code}: {label(code, language)}" for code in LABELS) + "\n")
    parts.append("===== commands\n" + "\n".join(f"/{name}: {text}" for name, text in COMMANDS[language].items()) + "\n")
    parts.append("===== marker\n" + with_marker("…", language, "0123456789abcdefghjkmnpqrstv") + "\n")
    return "\n".join(parts)


def counted(language):
    """Every sentence with a number, for numbers that take different forms in Slavic and Romance languages."""
    for count in (1, 2, 3, 5, 19, 20, 21, 22, 101, 102):
        yield write("co_held", language, medium="email", count=count, url="u").subject
        yield from _with_number(write("receipt", language, medium="email", **RECEIPT, experts=count), count)
        yield from _with_number(write("assignment", language, medium="email", **BARE, files=count), count)
        yield from _with_number(write("status", language, medium="telegram", items=ITEMS[:1] * count, **ROME), count)
        yield from _with_number(write("sign_in", language, medium="email", url="u", minutes=count), count)
        yield from write(
            "co_digest", language, medium="email", **BURNING, counts=dict.fromkeys(COUNTED, count), count=count
        ).text.split("\n")[:8]
        yield write("co_burning", language, medium="email", **BURNING, count=count).subject
        every = dict.fromkeys(("asked", "answered", "by_fiche", "overdue", "open", "more"), count)
        yield from write("co_month", language, medium="email", **MONTH | every).text.split("\n")[:6]


def _with_number(letter, count):
    return [line for line in letter.text.split("\n") if str(count) in line.split() and NUMBER not in line][:2]


RECEIPT = {**ONE, "promised_at": DUE, **ROME, "tier": "standard"}
BURNING = MATTERS | {"more": 0, "groups": [], "offers": []}
BARE = {**ONE, "question": QUESTION, "question_language": "en", "deadline_at": DUE, **ROME}


def test_every_kind_is_shown():
    assert CASES.keys() == KINDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_are_as_reviewed(language):
    path = GOLDEN / f"{language}.txt"
    text = shown(language)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
