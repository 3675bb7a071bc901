"""What a POST brings: the fields of a plain form or of a flat JSON object, refused before they grow large.

In: a request. Out: its fields. Raises HTTPException with the status that says what is wrong.
"""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST_FORM = 512 * 1024
MOST_FIELDS = 400
PATIENCE = 60.0  # seconds; half a megabyte takes a slow telephone less


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a plain form; anything else, or too much of it, is refused before it is read."""
    kind = request.headers.get("content-type", "")
    if not kind and request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return {}
    if not kind.startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "This address accepts plain forms only.")
    body = await _body(request)
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (UnicodeDecodeError, ValueError) as error:
        raise HTTPException(400, "This form cannot be read.") from error


async def read_json(request: Request) -> dict[str, list[str]]:
    """A flat JSON object of texts and whole numbers, as the fields of a form."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(415, "This address takes JSON only.")
    try:
        told = json.loads(await _body(request))
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "This JSON cannot be read.") from error
    flat = isinstance(told, dict) and all(isinstance(value, str | int) and not isinstance(value, bool) for value in told.values())
    if not flat or len(told) > MOST_FIELDS:
        raise HTTPException(422, "Send one object whose values are texts or whole numbers.")
    return {name: [str(value)] for name, value in told.items()}


async def _body(request: Request) -> bytes:
    try:
        async with asyncio.timeout(PATIENCE):
            return await _whole(request)
    except TimeoutError as error:
        raise HTTPException(408, "This took too long to arrive. Try again.") from error


async def _whole(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413, "This is too long: at most half a megabyte.")
    return bytes(body)
