"""Webhooks are an administrator's: on the page and by a key that manages. The secret is shown once and stands in no list."""

import re

import pytest

from bot.console.pages.webhooks import refuse_early
from routing.models import Event, Webhook, WebhookCall
from routing.webhooks import NotAWebhook
from tests.bot.console.test_api import key, program
from tests.fakes.bureau import csrf_of

URL = "https://minutes.example/rrm"


def make(browser, **changes):
    told = {
        "name": "Minutes",
        "url": URL,
        "event": ["question.answered", "question.closed"],
        "csrf": csrf_of(browser.get("/webhooks")),
    }
    return browser.post("/webhooks", data=told | changes)


def test_a_webhook_is_made_tried_and_removed_on_the_page(bureau):
    browser = bureau.signed_in("admin")
    shown = make(browser)
    secret = re.search(r"whsec_[\w+/=]{40,}", shown.text)[0]
    again = browser.get("/webhooks").text
    assert URL in again and secret not in again
    csrf = {"csrf": csrf_of(browser.get("/webhooks"))}
    assert browser.post("/webhooks/1/test", data=csrf).headers["location"] == "/webhooks?told=webhook-tested"
    assert [(row.webhook_id, row.state) for row in bureau.world.all(WebhookCall)] == [(1, "queued")]
    assert browser.post("/webhooks/1/removal", data=csrf).status_code == 303
    assert URL not in browser.get("/webhooks").text and bureau.world.all(Webhook)[0].secret == ""
    told = str([(event.kind, event.detail) for event in bureau.world.all(Event)])
    assert "webhook-made" in told and secret not in told


def test_what_makes_no_sense_is_refused_in_words(bureau):
    browser = bureau.signed_in("admin")
    for wrong, words in (({"url": "mailto:x"}, "https://"), ({"name": ""}, "name"), ({"event": ["weather"]}, "events")):
        refused = make(browser, **wrong)
        assert refused.status_code == 422 and words in refused.text
    assert bureau.world.all(Webhook) == []


def test_an_address_that_sending_would_refuse_is_refused_at_once(bureau):
    browser = bureau.signed_in("admin")
    for url, words in (
        ("http://minutes.example/rrm", "https://"),
        ("http://8.8.8.8/", "https://"),
        ("https://10.0.0.7/", "private"),
    ):
        refused = make(browser, url=url)
        assert refused.status_code == 422 and words in refused.text
    assert bureau.world.all(Webhook) == []


def test_a_network_that_allows_its_own_machines_may_name_them(bureau):
    allowed = ["127.0.0.0/8"]
    for url in ("http://127.0.0.1:8080/x", "http://minutes.example/x", "https://minutes.example/x"):
        refuse_early(url, allowed)
    with pytest.raises(NotAWebhook):
        refuse_early("http://10.0.0.7/", allowed)


def test_it_works_only_once_something_was_received(bureau):
    browser = bureau.signed_in("admin")
    make(browser)
    assert "not used yet" in browser.get("/webhooks").text
    browser.post("/webhooks/1/test", data={"csrf": csrf_of(browser.get("/webhooks"))})
    assert "not used yet" in browser.get("/webhooks").text
    with bureau.store.transaction() as session:
        call = session.query(WebhookCall).one()
        call.state, call.sent_at = "sent", bureau.now
    shown = browser.get("/webhooks").text
    assert "works" in shown and "not used yet" not in shown


def test_nobody_else_may(bureau):
    for role in ("coordinator", "observer"):
        assert bureau.signed_in(role).get("/webhooks").status_code == 403


def test_a_program_with_a_key_that_manages_does_the_same(bureau):
    caller = program(bureau, key(bureau, "admin", ("manage",)))
    made = caller.post("/api/v1/webhooks", json={"name": "Minutes", "url": URL, "events": "question.answered question.closed"})
    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    listed = caller.get("/api/v1/webhooks").json()
    assert [(one["url"], one["events"]) for one in listed["webhooks"]] == [(URL, ["question.answered", "question.closed"])]
    assert "secret" not in str(listed) and "fiche.published" in listed["events"]
    assert caller.post("/api/v1/webhooks/1/removal", json={}).json() == {"id": 1, "ended": "removed"}
    assert caller.post("/api/v1/webhooks/9/removal", json={}).status_code == 404
    assert caller.get("/api/v1/questions").status_code == 403, "managing is not reading"
    assert caller.post("/api/v1/webhooks", json={"name": "x", "url": URL, "events": "weather"}).status_code == 422


def test_other_keys_manage_nothing(bureau):
    for role, scopes in (("admin", ("read", "act")), ("coordinator", ("read", "act"))):
        assert program(bureau, key(bureau, role, scopes)).get("/api/v1/webhooks").status_code == 403
    browser = bureau.signed_in()
    page = {"csrf": csrf_of(browser.get("/keys")), "name": "Mine", "scope": ["manage"], "days": "3"}
    assert browser.post("/keys", data=page).status_code == 422, "a coordinator cannot make such a key"


def test_the_description_says_what_a_program_is_told(bureau):
    told = bureau.browser().get("/api/openapi.json").json()
    headers = [one["name"] for one in told["webhooks"]["question.answered"]["post"]["parameters"]]
    assert headers == ["webhook-id", "webhook-timestamp", "webhook-signature"] and "/webhooks" in told["paths"]
