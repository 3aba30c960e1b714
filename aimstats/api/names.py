"""`POST /api/v1/resolve`, and `GET` for one name: which model and offer each of up to 1,000 names means, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from aimstats.api.lists import JSON, stated_known_at
from aimstats.api.naming import rows_of
from aimstats.api.problems import problem
from aimstats.api.refusals import register_refusals
from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.costs import WORKLOAD
from aimstats.catalogue.costs.questions import workload_from
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.extensions.answers import answer
from aimstats.extensions.current import current_holder, stamp_of
from aimstats.extensions.negotiation import IDENTITY, MIN_BYTES, accepted_encoding, encoded
from aimstats.identity import RULES_VERSION, Name

MAX_BODY_BYTES: Final = 2**20
MAX_NAMES: Final = 1_000
MAX_CHARACTERS: Final = 500
PARTS: Final = ("source", "provider", "external_id", "name")


PRINTABLE: Final = re.compile(r"[^\x00-\x1f\x7f]+")


def _read_text(text: str) -> str:
    if len(text) > MAX_CHARACTERS or not PRINTABLE.fullmatch(text):
        raise ValueError(f"must be 1 to {MAX_CHARACTERS} characters, none of them a control character")
    return text


_TEXT: Final[dict[str, Any]] = {"type": "string", "maxLength": MAX_CHARACTERS}
BODY_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "names": {
            "type": "array",
            "maxItems": MAX_NAMES,
            "items": {
                "anyOf": [
                    _TEXT,
                    {
                        "type": "object",
                        "properties": dict.fromkeys(PARTS, _TEXT),
                        "additionalProperties": False,
                        "minProperties": 1,
                    },
                ]
            },
        }
    },
    "required": ["names"],
    "additionalProperties": False,
}
DAYS: Final = ("as_of", "known_at")
ONE: Final = tuple(
    Parameter(
        name=part,
        help=sentence,
        schema={"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS, "pattern": r"^[^\x00-\x1f\x7f]+$"},
        read=_read_text,
    )
    for part, sentence in (
        ("name", "The name, or any id."),
        ("provider", "Who sells it, if the name is a seller's own."),
        ("source", "The source that spells it so."),
    )
)

resolving: Final = Blueprint("api_resolve", __name__, url_prefix="/api/v1")
register_refusals(resolving)


@resolving.post("/resolve")
def resolve_names() -> Response:
    """The answer, in the order asked. A body that cannot be read is a problem document: 400, 413 or 415."""
    query = parse(MODELS, request.args.lists(), now=datetime.now(UTC), only=DAYS, own=WORKLOAD)
    workload_from(query.own)
    if (refused := no_json_body()) is not None:
        return refused
    names = names_of(body_of_request())
    return _answer(_resolved(names, current_holder().at(query.as_of, query.known_at), query))


def no_json_body() -> Response | None:
    """Where the request's body says that it is something else than plain JSON: the 415 that says which header to send."""
    if request.mimetype != "application/json":
        said = f"not {request.mimetype[:60]}" if request.mimetype else "which the request does not say"
        detail = f"The body must be JSON, {said}: send the header Content-Type: application/json."
        return problem(415, detail, headers={"Accept": "application/json"})
    if request.headers.get("Content-Encoding", IDENTITY) != IDENTITY:
        return problem(
            415, "The body must not be encoded: send no header Content-Encoding.", headers={"Accept-Encoding": IDENTITY}
        )
    return None


@resolving.get("/resolve")
def resolve_name() -> Response:
    """What one name means, on any day."""
    query = parse(MODELS, request.args.lists(), now=datetime.now(UTC), only=DAYS, own=(*ONE, *WORKLOAD))
    if "name" not in query.own:
        raise _refusal("name", "must be the name that is to be resolved")
    workload_from(query.own)
    source, provider = query.own.get("source", ""), query.own.get("provider", "")
    catalogue = current_holder().at(query.as_of, query.known_at)
    named = [Name(source=source, provider=provider, external_id=query.own["name"])]
    return answer("resolve.json", query.text, stamp_of(catalogue), lambda: _resolved(named, catalogue, query), media_type=JSON)


def _resolved(asked: Sequence[Name], catalogue: Catalogue, query: Query) -> bytes:
    rows = rows_of(catalogue, asked, workload_from(query.own))
    about = {
        "total": len(rows), "dataset_version": catalogue.version.dataset, "rules_version": RULES_VERSION,
        "as_of": query.as_of.isoformat() if query.as_of else None, "known_at": stated_known_at(query),
    }  # fmt: skip
    return wire.dumps({"data": rows, "meta": about})


def _answer(body: bytes) -> Response:
    """The answer in the encoding that the client takes; nobody keeps what a POST was answered."""
    encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
    is_encoded = encoding != IDENTITY and len(body) >= MIN_BYTES
    response = Response(encoded(body, encoding) if is_encoded else body, content_type=JSON)
    if is_encoded:
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Encoding")
    return response


def body_of_request() -> bytes:
    """The request's body. Raises RequestEntityTooLarge beyond 1 MiB, whether or not its length was said."""
    request.max_content_length = MAX_BODY_BYTES
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise RequestEntityTooLarge(f"The body may have {MAX_BODY_BYTES:,} bytes at most.") from None


def names_of(body: bytes) -> list[Name]:
    """The names that a body asks for. Raises QueryError, naming each place that is wrong (100 at most)."""
    try:
        stated = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _refusal("body", f"is no JSON: {error.msg} at character {error.pos}") from None
    if not isinstance(stated, dict) or not isinstance(stated.get("names"), list):
        raise _refusal("names", 'must be a list: {"names": ["gpt-4o", ...]}')
    if unknown := [key for key in stated if key != "names"]:
        raise QueryError([{"parameter": key[:100], "message": "there is no such key"} for key in unknown[:100]])
    if len(stated["names"]) > MAX_NAMES:
        raise _refusal("names", f"may hold {MAX_NAMES:,} names at most, not {len(stated['names']):,}")
    names: list[Name] = []
    errors: list[dict[str, str]] = []
    for place, one in enumerate(stated["names"]):
        try:
            names.append(_name(one))
        except ValueError as error:
            errors.append({"parameter": f"names[{place}]", "message": str(error)})
    if errors:
        raise QueryError(errors[:100])
    return names


def _name(stated: Any) -> Name:
    """One name of a body. Raises ValueError."""
    if isinstance(stated, str):
        return Name(external_id=_text(stated))
    if not isinstance(stated, Mapping):
        raise ValueError(f"must be a text, or an object with any of {', '.join(PARTS)}")
    if unknown := [key for key in stated if key not in PARTS]:
        raise ValueError(f"{unknown[0][:60]!r} is none of {', '.join(PARTS)}")
    if not stated:
        raise ValueError(f"must have any of {', '.join(PARTS)}")
    parts = {part: _text(text) for part, text in stated.items()}
    return Name(
        source=parts.get("source", ""),
        provider=parts.get("provider", ""),
        external_id=parts.get("external_id", ""),
        name=parts.get("name", ""),
    )


def _text(stated: Any) -> str:
    if not isinstance(stated, str):
        raise ValueError("must be a text")
    if len(stated) > MAX_CHARACTERS:
        raise ValueError(f"must have at most {MAX_CHARACTERS} characters")
    return stated


def _refusal(parameter: str, message: str) -> QueryError:
    return QueryError([{"parameter": parameter, "message": message}])
