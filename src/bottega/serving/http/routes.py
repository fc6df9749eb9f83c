"""Routes made from the list of verbs: what each takes, its examples and answers, all from the line and its shapes.

A request comes as a JSON body, in the address, as rows (one, a list, or an object with the list), or as a form
with photos; the fields of its shape say which.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from bottega.actions.verb import Verb
from bottega.serving.event_stream import event_stream, wants_events
from bottega.serving.file_forms import file_body, file_fields, file_request
from bottega.serving.http.auth import agent_of, is_visitor, needs
from bottega.serving.http.door import Door, door_of
from bottega.serving.http.fast_lane import answer_list, store_events
from bottega.serving.http.rows import rows_of
from bottega.serving.refusals import refusal_of
from bottega.serving.uploads import json_request, photo_body, photo_request

__all__ = ["answering", "routes_of"]

Answering = Callable[[Door, Any], Awaitable[bytes]]


@cache
def routes_of(verbs: tuple[Verb, ...]) -> APIRouter:
    """A route for each verb that has one, closed to publishable keys unless its line says otherwise.

    Made once in a process, for all its applications: a route knows no shop before a request comes.
    """
    router = APIRouter()
    for each in verbs:
        if each.route:
            _add(router, each)
    return router


def _add(router: APIRouter, verb: Verb) -> None:
    takes, answers = verb.takes, answering(verb)
    described = photo_body(takes) if _photos(takes) else None
    makes: Callable[..., Awaitable[Any]]
    parameters: list[inspect.Parameter]
    if described is not None:
        parameters = []
        may_be_json = "photo" in takes.model_fields and not takes.model_fields["photo"].is_required()
        if may_be_json:
            schema = takes.model_json_schema(ref_template="#/components/schemas/{model}")
            schema.pop("$defs", None)
            described["requestBody"]["content"]["application/json"] = {
                "schema": schema,
                "examples": {name: {"summary": name, "value": value} for name, value in takes.EXAMPLES.items()},  # type: ignore[attr-defined]
            }

        async def makes(request: Request) -> Any:
            if may_be_json and request.headers.get("content-type", "").startswith("application/json"):
                return await json_request(request, takes)
            return await photo_request(request, takes)
    elif file_fields(takes):
        parameters, described = [], file_body(takes)

        async def makes(request: Request) -> Any:
            return await file_request(request, takes)
    elif rows := getattr(takes, "ROWS", ""):
        parameters = [_parameter("body", Annotated[dict[str, Any] | list[Any], _body(takes)])]

        async def makes(request: Request, body: Any) -> Any:
            try:
                return takes(**{rows: rows_of(body, rows)})
            except ValidationError as error:
                raise refusal_of(error, "Correct it and send the request again.") from error
    elif "{" in verb.path:
        parameters = [_of_path(name, takes) for name in takes.model_fields]

        async def makes(request: Request, **given: Any) -> Any:
            return takes(**given)
    else:
        parameters = [_parameter("body", Annotated[takes, Query() if verb.method == "GET" else _body(takes)])]

        async def makes(request: Request, body: Any) -> Any:
            return body

    async def route(request: Request, **given: Any) -> Response:
        door, asked = door_of(request), await makes(request, **given)
        if is_visitor(request):
            asked = await run_in_threadpool(verb.as_visitor, door.shop, asked)
        if (agent := agent_of(request)) is not None:
            asked = verb.as_agent(asked, agent)
        if verb.pieces and wants_events(request):
            return await event_stream(verb.in_pieces(door.shop, asked))
        answer = await answers(door, asked)
        return Response(answer, status_code=verb.status, media_type="application/json")

    route.__signature__ = inspect.Signature([_parameter("request", Request), *parameters])  # type: ignore[attr-defined]
    router.add_api_route(
        verb.path,
        route,
        methods=[verb.method],
        name=verb.name,
        response_model=verb.gives,
        description=verb.help,
        status_code=verb.status,
        tags=[verb.function.partition(".")[0]],
        openapi_extra=described,
        dependencies=[needs(verb.role, visitors=bool(verb.visitor), agents=verb.agents)],
    )


def answering(verb: Verb) -> Answering:
    """What answers: the two verbs of the fast lane as there, any other on a thread; then the meters tick."""
    if verb.name == "recommend":
        return answer_list
    if verb.name == "record_events":
        return store_events

    async def answer(door: Door, request: Any) -> bytes:
        # What a verb computes with is loaded when it is first asked for: who is asked for lists alone needs no eye.
        found = await run_in_threadpool(lambda: verb.run_by(door.shop, request))
        if verb.name == "upsert_products":
            door.meters.upserted(found)
        body: bytes = found.model_dump_json().encode()
        return body

    return answer


def _photos(takes: type[BaseModel]) -> bool:
    return not {"photo", "photos"}.isdisjoint(takes.model_fields)


def _body(takes: Any) -> Any:
    examples: dict[str, Any] = {name: {"summary": name, "value": value} for name, value in takes.EXAMPLES.items()}
    return Body(openapi_examples=examples)


def _of_path(name: str, takes: type[BaseModel]) -> inspect.Parameter:
    field = takes.model_fields[name]
    return _parameter(name, Annotated[(field.annotation, *field.metadata, Path(description=field.description))])


def _parameter(name: str, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
