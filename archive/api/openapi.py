"""The description of the API (OpenAPI 3.1), made from the routes and the structs that they read and answer with."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from flask import Blueprint, Flask, current_app
from werkzeug.routing import Rule

from archive.api.answers import Answer, json_answer
from archive.api.described import Described, described, description_of
from archive.http.access import Access, access_of, public
from archive.http.addresses import API, Serial
from archive.http.problems import ProblemBody

blueprint = Blueprint("openapi", __name__)

VERSION = "1"
PROBLEM = "application/problem+json"
_REF = "#/components/schemas/{name}"
_SAID = {
    200: "Done.",
    201: "Made.",
    400: "The request can't be read.",
    401: "The key is missing, unknown, expired or revoked.",
    403: "The key does not include what this needs.",
    404: "There is no such thing, or none that this key may see.",
    409: "Not possible in this state.",
    413: "Too large.",
    429: "Too many requests; Retry-After says when to come back.",
    500: "The archive is at fault.",
}

Schemas = dict[Any, dict[str, Any]]


@blueprint.get("/openapi.json")
@public
@described("This description", dict)
def show() -> Answer:
    return json_answer(describe(current_app._get_current_object()))  # type: ignore[attr-defined]


def describe(app: Flask) -> dict[str, Any]:
    """The whole document."""
    operations = list(_operations(app))
    kinds = list(dict.fromkeys([ProblemBody, *(kind for *_, said, _ in operations for kind in _kinds(said))]))
    shapes, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    schemas: Schemas = dict(zip(kinds, shapes, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, said, access in operations:
        path, parameters = _path(rule)
        paths.setdefault(path, {})[method] = _operation(rule, said, access, parameters, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Textarchive",
            "version": VERSION,
            "description": "Texts in, found again, proven unchanged. Errors are application/problem+json (RFC 9457).",
        },
        "security": [{"key": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key: ta_…"}},
        },
    }


def _operations(app: Flask) -> Iterator[tuple[Rule, str, Described, Access]]:
    for rule in app.url_map.iter_rules():
        view: Callable[..., Any] = app.view_functions[rule.endpoint]
        said, access = description_of(view), access_of(view)
        if rule.rule.startswith(API) and said and access:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method.lower(), said, access


def _kinds(said: Described) -> list[Any]:
    """All types that an operation reads or answers with."""
    contents = [said.body, *said.answers.values()]
    return [kind for content in contents for kinds in content.values() for kind in _each(kinds)]


def _each(kinds: Any) -> tuple[Any, ...]:
    return kinds if isinstance(kinds, tuple) else (kinds,)


def _path(rule: Rule) -> tuple[str, list[dict[str, Any]]]:
    """`/messages/{serial}`, and its parameters."""
    path = rule.rule
    parameters = []
    for name in sorted(rule.arguments):
        is_serial = isinstance(rule._converters[name], Serial)
        shape = {"type": "integer", "minimum": 0} if is_serial else {"type": "string"}
        path = path.replace(f"<serial:{name}>" if is_serial else f"<{name}>", f"{{{name}}}")
        parameters.append({"name": name, "in": "path", "required": True, "schema": shape})
    return path, parameters


def _operation(
    rule: Rule, said: Described, access: Access, parameters: list[dict[str, Any]], schemas: Schemas
) -> dict[str, Any]:
    described_as: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api_").replace(".", "_"),
        "summary": said.summary,
        "parameters": [*parameters, *(_query(said.query) if said.query else [])],
        "responses": {
            **{str(code): _answer(code, content, schemas) for code, content in said.answers.items()},
            **{str(code): _answer(code, {PROBLEM: ProblemBody}, schemas) for code in _problems(rule, said, access)},
        },
    }
    if access.permission:
        described_as["description"] = f"Needs the scope `{access}`."
    if access.is_public:
        described_as["security"] = []
    if said.body:
        described_as["requestBody"] = {"required": True, "content": _content(said.body, schemas)}
    return described_as


def _query(kind: Any) -> list[dict[str, Any]]:
    _, components = msgspec.json.schema_components([kind], ref_template=_REF)
    shape = components[kind.__name__]
    required = shape.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in shape["properties"].items()
    ]


def _problems(rule: Rule, said: Described, access: Access) -> list[int]:
    codes = {500, *said.problems}
    if not access.is_public:
        codes |= {401, 403, 429}
    if rule.arguments:
        codes.add(404)
    if said.query or said.body:
        codes.add(400)
    return sorted(codes)


def _answer(code: int, content: Any, schemas: Schemas) -> dict[str, Any]:
    return {"description": _SAID[code], "content": _content(content, schemas)}


def _content(content: Any, schemas: Schemas) -> dict[str, Any]:
    return {media: {"schema": _schema(kinds, schemas)} for media, kinds in content.items()}


def _schema(kinds: Any, schemas: Schemas) -> dict[str, Any]:
    return {"anyOf": [schemas[kind] for kind in kinds]} if isinstance(kinds, tuple) else schemas[kinds]
