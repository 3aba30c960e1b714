"""`POST /mcp`: the Model Context Protocol for agents, over streamable HTTP, without sessions: one question, one JSON answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import Blueprint, Response, request

from aimstats.api.names import body_of_request, no_json_body
from aimstats.api.problems import problem
from aimstats.api.tools import BY_NAME, TOOLS, Tool
from aimstats.api.within import answer_of
from aimstats.extensions import current_config

speaking: Final = Blueprint("api_mcp", __name__)

HANDSHAKE: Final = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
"""Versions that begin with `initialize`, oldest first."""
STATELESS: Final = ("2026-07-28",)
"""Versions whose requests each say all that is needed."""
PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS, UNSUPPORTED_VERSION = -32700, -32600, -32601, -32602, -32022
ACCEPTED: Final = 202
LISTED_FOR_MS: Final = 3_600_000
CAPABILITIES: Final = {"tools": {"listChanged": False}}
INSTRUCTIONS: Final = (
    "Prices, limits, lives and scores of AI models, each with the source that states it. Unknown is null and free is 0. "
    "Ask `resolve` what a name means before you compare."
)


class RefusedError(Exception):
    """A request that is answered with an error of the protocol."""

    def __init__(self, code: int, message: str, data: Any = None, status: int = 200) -> None:
        super().__init__(message)
        self.code, self.data, self.status = code, data, status


@speaking.post("/mcp")
def speak() -> Response:
    """The answer to one message; 202 where none is due."""
    if not _is_from_here():
        return problem(403, "Pages of this origin may not ask here.")
    if (refused := no_json_body()) is not None:
        return refused
    message_id: Any = None
    try:
        message = _message()
        message_id = message.get("id")
        if "method" not in message or "id" not in message:
            return Response(status=ACCEPTED, headers={"Cache-Control": "no-store"})
        _check_version()
        result = _result(message["method"], message.get("params") or {})
    except RefusedError as wrong:
        error = {"code": wrong.code, "message": str(wrong)} | ({"data": wrong.data} if wrong.data is not None else {})
        return _json({"jsonrpc": "2.0", "id": message_id, "error": error}, wrong.status)
    return _json({"jsonrpc": "2.0", "id": message_id, "result": result})


def _is_from_here() -> bool:
    """Whether a page of this origin may ask: CORS only keeps answers from it, the protocol wants that nothing is done."""
    allowed, origin = current_config().api_cors_origins, request.headers.get("Origin")
    return origin is None or allowed == ("*",) or origin in allowed


def _message() -> Mapping[str, Any]:
    """The one message of the body. Raises RefusedError."""
    try:
        stated = orjson.loads(body_of_request())
    except orjson.JSONDecodeError as error:
        raise RefusedError(PARSE_ERROR, f"The body is no JSON: {error.msg}.", status=400) from None
    is_one = isinstance(stated, dict) and stated.get("jsonrpc") == "2.0"
    if not is_one or not isinstance(stated.get("id", 0), (str, int)) or not isinstance(stated.get("method", ""), str):
        raise RefusedError(INVALID_REQUEST, "The body must be one JSON-RPC 2.0 message.", status=400)
    if not isinstance(stated.get("params") or {}, dict):
        raise RefusedError(INVALID_PARAMS, "params must be an object.", status=400)
    found: dict[str, Any] = stated
    return found


def _check_version() -> None:
    """Refuse a version that is stated and not known; what states none is of a time before the header. Raises RefusedError."""
    stated = request.headers.get("MCP-Protocol-Version")
    if stated is not None and stated not in (*HANDSHAKE, *STATELESS):
        data = {"supported": [*HANDSHAKE, *STATELESS], "requested": stated[:40]}
        raise RefusedError(UNSUPPORTED_VERSION, "This version of the protocol is not known here.", data, 400)


def _result(method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a method answers. Raises RefusedError."""
    if method == "initialize":
        asked = params.get("protocolVersion")
        version = asked if asked in HANDSHAKE else HANDSHAKE[-1]
        about = {"protocolVersion": version, "capabilities": CAPABILITIES, "serverInfo": _server()}
        return about | {"instructions": INSTRUCTIONS}
    if method == "server/discover":
        about = {"supportedVersions": list(STATELESS), "capabilities": CAPABILITIES, "instructions": INSTRUCTIONS}
        return about | _LASTING | {"_meta": {"io.modelcontextprotocol/serverInfo": _server()}}
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [tool.described() for tool in TOOLS]} | _LASTING
    if method == "tools/call":
        return _called(params)
    raise RefusedError(NO_METHOD, f"There is no method {method[:60]!r} here.", status=404 if _is_stateless() else 200)


_LASTING: Final = {"resultType": "complete", "ttlMs": LISTED_FOR_MS, "cacheScope": "public"}


def _is_stateless() -> bool:
    return request.headers.get("MCP-Protocol-Version") in STATELESS


def _server() -> dict[str, str]:
    return {"name": "aimstats", "title": "AI Models Stats", "version": current_config().release or "development"}


def _called(params: Mapping[str, Any]) -> dict[str, Any]:
    """What a tool answers. Raises RefusedError for what is no call of one."""
    tool = BY_NAME.get(params["name"]) if isinstance(params.get("name"), str) else None
    if tool is None:
        raise RefusedError(INVALID_PARAMS, f"There is no such tool; there are {', '.join(BY_NAME)}.")
    arguments = params.get("arguments") or {}
    if not isinstance(arguments, dict):
        raise RefusedError(INVALID_PARAMS, "arguments must be an object.")
    return _told(tool, arguments)


def _told(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The API's own answer, as text and as structure; a refusal is a result too, so that the agent reads it."""
    try:
        query = tool.asked(arguments)
    except ValueError as error:
        return {"content": [{"type": "text", "text": f"{error}."}], "isError": True, "resultType": "complete"}
    found = answer_of(tool.path, query)
    text = found.get_data(as_text=True)
    is_error = found.status_code != 200
    told = {"content": [{"type": "text", "text": text}], "isError": is_error, "resultType": "complete"}
    return told if is_error else told | {"structuredContent": orjson.Fragment(text)}


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    response = Response(orjson.dumps(body), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
