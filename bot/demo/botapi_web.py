"""The HTTP side of the Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`.

In: any client's request. Out: `{"ok": true, "result": …}` or Telegram's error, after the faults that were ordered for it;
every call ends in the journal. It is a bare ASGI application, so that a connection can be cut in the middle.
https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.demo.botapi_faults import Call, Fault, Faults
from bot.demo.botapi_hook import Webhook
from bot.demo.botapi_params import Params
from bot.demo.botapi_setup import METHODS
from bot.demo.botapi_text import ApiError
from bot.demo.botapi_world import World

METHOD = re.compile(r"/bot([^/]+)/([A-Za-z_]+)")
FILE = re.compile(r"/file/bot([^/]+)/(.+)")
IN_USE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class BotApi:
    def __init__(self, world: World, webhook: Webhook):
        self.world, self.webhook = world, webhook
        self.faults = Faults()
        self.journal: list[Call] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("the Bot API speaks HTTP only")
        request = Request(scope, receive)
        if found := METHOD.fullmatch(scope["path"]):
            await self.answer_call(request, found[1], found[2], send)
        elif found := FILE.fullmatch(scope["path"]):
            await self.file(found[1], found[2])(scope, receive, send)
        else:
            await refusal(ApiError(404, "Not Found"))(scope, receive, send)

    def file(self, token: str, path: str) -> Response:
        stored = self.world.file_at(path) if self.is_known(token) else None
        if stored is None:
            return refusal(ApiError(404, "Not Found"))
        return Response(stored.content, media_type=stored.media_type)

    def is_known(self, token: str) -> bool:
        return token == self.world.token and not self.world.revoked

    async def answer_call(self, request: Request, token: str, method: str, send: Send) -> None:
        came = time.monotonic()
        params = await Params.read(request)
        fault = self.faults.take(method, params.given) or Fault(method)
        if fault.when == "before" and await self._fails(fault, params, came, request, send):
            return
        response = await self._serve(token, method, params, came)
        if fault.when == "after" and await self._fails(fault, None, came, request, send):
            return
        await response(request.scope, request.receive, send)

    async def _fails(self, fault: Fault, params: Params | None, came: float, request: Request, send: Send) -> bool:
        """Let `fault` happen; True when the call is over. `params` is None if the call is in the journal already."""
        await asyncio.sleep(fault.delay)
        error = fault.error()
        if not fault.cut and error is None:
            return False
        if params is not None:
            code, text = (0, "cut") if error is None else (error.code, error.description)
            self.journal.append(Call(fault.method, params.given, code, False, time.monotonic(), came, description=text))
        if fault.cut:
            await cut(send)
        elif error is not None:
            await refusal(error)(request.scope, request.receive, send)
        return True

    async def _serve(self, token: str, method: str, params: Params, came: float) -> Response:
        try:
            if not self.is_known(token):
                raise ApiError(401, "Unauthorized")
            result, error = await self._result(method, params), None
        except ApiError as refused:
            result, error = None, refused
        code, text = (200, "") if error is None else (error.code, error.description)
        self.journal.append(Call(method, params.given, code, error is None, time.monotonic(), came, result, text, params.files))
        return refusal(error) if error else JSONResponse({"ok": True, "result": result})

    async def _result(self, method: str, params: Params) -> Any:
        match method.lower():
            case "getupdates":
                return await self._get_updates(params)
            case "setwebhook":
                return self.webhook.set(params)
            case "deletewebhook":
                return self.webhook.delete(params)
            case "getwebhookinfo":
                return self.webhook.described()
        if method.lower() not in METHODS:
            raise ApiError(404, "Not Found")
        return await METHODS[method.lower()](self.world, params)

    async def _get_updates(self, params: Params) -> list[Any]:
        if self.webhook.url:
            raise ApiError(409, IN_USE)
        limit = min(max(params.number("limit", 100), 1), 100)
        if "allowed_updates" in params.given:
            self.world.updates.allowed = params.items("allowed_updates")
        return await self.world.updates.poll(params.number("offset"), limit, min(params.number("timeout"), 50))


def refusal(error: ApiError) -> JSONResponse:
    parameters = {"parameters": error.parameters} if error.parameters else {}
    body = {"ok": False, "error_code": error.code, "description": error.description, **parameters}
    return JSONResponse(body, status_code=error.code)


async def cut(send: Send) -> None:
    """Drop the connection without another byte: ASGI has no word for it, so uvicorn's own transport is used."""
    getattr(send, "__self__").transport.abort()  # noqa: B009
    await asyncio.sleep(0.01)  # uvicorn notices first, and so has nothing to complain about
