"""The Model Context Protocol, spoken by its own client library: each tool answers what the API answers."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from mcp.client.client import Client
from werkzeug.serving import make_server

from aimstats.api.mcp import HANDSHAKE, STATELESS
from aimstats.api.tools import TOOLS
from aimstats.factory import create_app

WORKLOAD = {"input_tokens": 1_000, "output_tokens": 500}
CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("resolve", {"name": "ode-4.5", "provider": "alpha"}, "/api/v1/resolve?name=ode-4.5&provider=alpha"),
    ("price", {"name": "ode-4.5", **WORKLOAD}, "/api/v1/resolve?name=ode-4.5&input_tokens=1000&output_tokens=500"),
    ("compare", {"models": ["alpha/ode-4.5", "beta/lyra"]}, "/api/v1/compare?models=alpha/ode-4.5,beta/lyra"),
    (
        "cheapest",
        {**WORKLOAD, "tool_call": True},
        "/api/v1/costs?limit=5&free=last&input_tokens=1000&output_tokens=500&tool_call=true",
    ),
    ("retirements", {}, "/api/v1/deprecations?limit=20&state=coming&state=undated"),
    ("retirements", {"state": ["ended"]}, "/api/v1/deprecations?limit=20&state=ended"),
]


@pytest.fixture(scope="module")
def address(reading: Flask) -> Iterator[str]:
    """Where the API listens."""
    server = make_server("127.0.0.1", 0, reading, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/mcp"
    server.shutdown()


def spoken(address: str, mode: str, talk: Callable[[Client], Awaitable[Any]]) -> Any:
    """What comes of a talk with the server."""

    async def whole() -> Any:
        async with Client(address, mode=mode) as client:
            return await talk(client)

    return asyncio.run(whole())


@pytest.mark.parametrize("mode", ["legacy", "auto", STATELESS[-1]])
def test_an_agent_is_told_what_the_api_answers(address: str, api: FlaskClient, mode: str) -> None:
    async def talk(client: Client) -> tuple[list[str], list[Any], Any]:
        listed = await client.list_tools()
        told = [await client.call_tool(name, arguments) for name, arguments, _ in CALLS]
        return [tool.name for tool in listed.tools], told, await client.call_tool("cheapest", {"input_tokens": "many"})

    names, told, refused = spoken(address, mode, talk)
    assert names == [tool.name for tool in TOOLS] == list(dict.fromkeys(name for name, _, _ in CALLS))
    for (name, _, path), result in zip(CALLS, told, strict=True):
        answer = api.get(path)
        assert answer.status_code == 200, (name, answer.text)
        assert not result.is_error, result.content
        assert result.structured_content == json.loads(answer.data), name
        assert json.loads(result.content[0].text) == result.structured_content
    assert refused.is_error
    assert "input_tokens" in refused.content[0].text, "what the API says is wrong"


def test_a_tool_takes_only_what_its_address_takes(api: FlaskClient) -> None:
    for tool in TOOLS:
        assert set(tool.takes) == set(tool.parameters), tool.name
        assert set(tool.required) <= set(tool.takes)


def said(api: FlaskClient, body: Any, **headers: str) -> Any:
    """The server's answer to a body."""
    return api.post("/mcp", data=body if isinstance(body, bytes) else json.dumps(body), headers={
        "Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()},
    })  # fmt: skip


def request_of(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


def test_versions_are_agreed_on(api: FlaskClient) -> None:
    agreed = [said(api, request_of("initialize", protocolVersion=version)).json["result"]["protocolVersion"]
              for version in (*HANDSHAKE, "1999-01-01")]  # fmt: skip
    assert agreed == [*HANDSHAKE, HANDSHAKE[-1]]
    unknown = said(api, request_of("tools/list"), MCP_Protocol_Version="1999-01-01")
    assert unknown.status_code == 400
    assert unknown.json["error"]["data"]["supported"] == [*HANDSHAKE, *STATELESS]


def test_what_is_no_question_is_no_answer(api: FlaskClient) -> None:
    assert said(api, {"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    assert said(api, request_of("ping")).json == {"jsonrpc": "2.0", "id": 7, "result": {}}
    got = api.get("/mcp")
    assert (got.status_code, set(got.allow)) == (405, {"OPTIONS", "POST"})
    codes = [
        said(api, body).json["error"]["code"]
        for body in (b"{", [request_of("ping")], {"id": 1}, request_of("resources/list"), request_of("tools/call", name="buy"))
    ]
    assert codes == [-32700, -32600, -32600, -32601, -32602]
    assert api.post("/mcp", data="x", content_type="text/plain").status_code == 415


def test_a_question_counts_once_under_the_limit_of_the_api(reading: Flask) -> None:
    config = replace(reading.config["AIMSTATS"], rate_limit="3/minute", rate_limit_storage_url="memory://")
    app = create_app(config)
    client = app.test_client()
    asked = request_of("tools/call", name="resolve", arguments={"name": "ode-4.5"})
    answers = [said(client, asked) for _ in range(2)] + [client.get("/api/v1/meta")]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert said(client, asked).status_code == 429
    app.extensions["database"].close()


def test_pages_of_other_origins_may_not_ask_where_cors_names_some(reading: Flask) -> None:
    app = create_app(replace(reading.config["AIMSTATS"], api_cors_origins=("https://ours.example",)))
    client = app.test_client()
    assert said(client, request_of("ping"), Origin="https://ours.example").status_code == 200
    assert said(client, request_of("ping"), Origin="https://theirs.example").status_code == 403
    app.extensions["database"].close()
