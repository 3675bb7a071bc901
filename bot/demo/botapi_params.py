"""Parameters of a call, however the client wrote them: query, form, JSON or multipart.

In: a request. Out: `Params`, whose readers refuse what Telegram would refuse. Nested objects arrive as JSON text in forms.
https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.demo.botapi_text import ApiError

Json = dict[str, Any]
Upload = tuple[str, str, bytes]


class Params:
    def __init__(self, given: Json, files: dict[str, Upload]):
        self.given, self.files = given, files

    @classmethod
    async def read(cls, request: Request) -> Params:
        given: Json = dict(request.query_params)
        if request.headers.get("content-type", "").startswith("application/json"):
            body = json.loads(await request.body() or b"{}")
            return cls({**given, **(body if isinstance(body, dict) else {})}, {})
        files: dict[str, Upload] = {}
        async with request.form(max_part_size=64 * 1024 * 1024) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = (value.filename or "file", value.content_type or "application/octet-stream", await value.read())
                else:
                    given[name] = value
        return cls(given, files)

    def text(self, name: str) -> str:
        value = self.given.get(name, "")
        return value if isinstance(value, str) else str(value)

    def number(self, name: str, default: int = 0) -> int:
        value = self.given.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise ApiError(400, f"Bad Request: invalid {name} specified") from error

    def need_number(self, name: str) -> int:
        if self.given.get(name) in (None, ""):
            raise ApiError(400, f"Bad Request: {name} is empty")
        return self.number(name)

    def flag(self, name: str) -> bool:
        return str(self.given.get(name, "")).lower() in ("true", "1", "yes")

    def mapping(self, name: str) -> Json:
        value = self._parsed(name, {})
        if not isinstance(value, dict):
            raise ApiError(400, f"Bad Request: object expected as {name.replace('_', ' ')}")
        return value

    def items(self, name: str) -> list[Any]:
        value = self._parsed(name, [])
        if not isinstance(value, list):
            raise ApiError(400, f"Bad Request: array expected as {name.replace('_', ' ')}")
        return value

    def _parsed(self, name: str, default: Any) -> Any:
        value = self.given.get(name)
        if value in (None, ""):
            return default
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise ApiError(400, f"Bad Request: can't parse {name.replace('_', ' ')} JSON object") from error

    def upload(self, name: str) -> Upload:
        """The file of parameter `name`, sent under its own name or as `attach://<part>`; addresses are not fetched."""
        value = self.given.get(name)
        part = value.removeprefix("attach://") if isinstance(value, str) and value.startswith("attach://") else name
        if part not in self.files:
            raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        return self.files[part]
