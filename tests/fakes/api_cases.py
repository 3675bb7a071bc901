"""The API against what schemathesis makes of its description: 20,000 requests, and never an error of ours.

schemathesis draws the parts (addresses, queries, bodies, headers) as the description allows and as it forbids; here they are
put together, in an order that is the same each time. Half of the addresses name a question that is there, some of the
bodies its revision of now, so that not all is refused at the door. Two files of tests share the work among two processes.
"""

import asyncio
import json
import random
from collections import Counter
from urllib.parse import unquote_to_bytes, urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from bot.console.pages.api_description import description
from routing.models import Question
from tests.world import DUAL_FICHE

PARTS, CASES = 35, 800
SCHEMA = schemathesis.openapi.from_dict(description("http://console.example"))
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
DOCUMENTED = {200, 201, 400, 401, 403, 404, 409, 413, 415, 422}


class Api:
    """Calls the application itself, in a loop of its own, with a good key unless a case brings another."""

    def __init__(self, here, secret):
        self.here, self.app, self.secret, self.loop = here, here.console.app, secret, asyncio.new_event_loop()

    def revision(self):
        with self.here.store.snapshot() as session:
            return session.query(Question.revision).scalar()

    def call(self, method, path, query, body, kind, authorization):
        headers = [(b"host", b"console.example"), (b"authorization", authorization.encode("latin-1", "replace"))]
        headers += [(b"content-type", kind.encode())] if kind else []
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote_to_bytes(path).decode("utf-8", "replace"), "raw_path": path.encode("latin-1", "replace"),
            "query_string": query.encode("utf-8", "replace"), "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("console.example", 80),
        }  # fmt: skip
        return self.loop.run_until_complete(self._answer(scope, body))

    async def _answer(self, scope, body):
        told = []

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            told.append(message)

        await self.app(scope, receive, send)
        return told[0]["status"], b"".join(one.get("body", b"") for one in told[1:])


def drawn(operation):
    """Cases that the description allows, and as many that it forbids."""
    found = []
    for mode in GenerationMode:

        @seed(6)
        @settings(
            max_examples=PARTS, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def draw(case):
            found.append(case)

        draw()
    return found


def body_of(case, dice, api):
    if case.body is NOT_SET:
        return b""
    if isinstance(case.body, bytes):
        return case.body
    told = case.body
    if isinstance(told, dict) and "revision" in told and dice.random() < 0.2:
        told = told | {"revision": api.revision()}
    return json.dumps(told).encode("utf-8", "surrogatepass")


def storm(api, label):
    """All cases of one operation; returns how often each status was met. Fails on the first that the description does not know."""
    operation, dice = OPERATIONS[label], random.Random(label)
    parts, met = drawn(operation), Counter()
    there = operation.path.replace("{number}", "2026-0001").replace("{slug}", DUAL_FICHE)
    for name in ("answer", "webhook", "expert"):
        there = there.replace(f"{{{name}}}", "1")
    for _ in range(CASES):
        where, what, how = dice.choice(parts), dice.choice(parts), dice.choice(parts)
        path = f"/api/v1{where.formatted_path if dice.random() < 0.5 else there}"
        query = urlencode(dict(how.query or {}), doseq=True, errors="replace")
        told = str(dict(how.headers or {}).get("Authorization", ""))
        authorization = told if dice.random() < 0.05 else f"Bearer {api.secret}"
        kind = "application/json" if dice.random() < 0.95 else "text/plain"
        status, answer = api.call(operation.method.upper(), path, query, body_of(what, dice, api), kind, authorization)
        met[status] += 1
        assert status in DOCUMENTED, (status, path, query, what.body, answer[:300])
        assert isinstance(json.loads(answer), dict)
    return met
