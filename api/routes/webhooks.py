"""`/v1/webhooks`: who is told of the ends of documents and batches, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.bodies import json_in
from api.known import KnownRoute
from api.openapi import PROBLEM, answer, json_body
from api.parts import TheAccess, TheMill, as_json, seen_document
from api.problems import Problem
from api.wire.webhooks import EVENT, Delivery, DeliveryList, NewWebhook, WebhookAdded, WebhookList, WebhookOut
from orchestrator.access import Access
from orchestrator.client import Mill
from orchestrator.errors import NotFound
from orchestrator.hooks import BATCH_ENDED, Hook, Hooks
from orchestrator.views import Document

LOOK_AGAIN = "5"
"""Seconds, as Retry-After says them."""
MOST = 100

DeliveryName = Annotated[str, Path(description="A delivery's id, as the list of deliveries has it.", max_length=80)]
HookName = Annotated[str, Path(description="A webhook's id.", max_length=32)]

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], responses=PROBLEM, route_class=KnownRoute)


@router.post(
    "", status_code=201, responses={201: answer("WebhookAdded", "Added.")}, openapi_extra=json_body(NewWebhook)
)
async def add(request: Request, mill: TheMill, access: TheAccess) -> Response:
    """Be told of the ends of this tenant's documents and batches from now on; the answer alone shows the secret.

    Posts are signed as Standard Webhooks has it, tried for three days until one is answered 2xx; 410 disables.
    """
    wanted = await json_in(request, NewWebhook)
    events = [event.removeprefix(EVENT) for event in wanted.events]
    deliver = mill.registry.own("deliver")
    hooks = Hooks(mill.transport)
    hook = await hooks.add(access.tenant, wanted.url, deliver, mill.settings, events=events, secret=wanted.secret)
    told = {name: getattr(_out(hook), name) for name in WebhookOut.__struct_fields__}
    return as_json(WebhookAdded(**told, secret=hook.secret), 201, Location=f"{router.prefix}/{hook.id}")


@router.get("", responses={200: answer("WebhookList", "The webhooks.")})
async def index(mill: TheMill, access: TheAccess) -> Response:
    """This tenant's webhooks, the oldest first."""
    return as_json(WebhookList([_out(hook) for hook in await Hooks(mill.transport).all_of(access.tenant)]))


@router.get("/{webhook}", responses={200: answer("WebhookOut", "The webhook.")})
async def read(webhook: HookName, mill: TheMill, access: TheAccess) -> Response:
    """One webhook, and whether it is told."""
    return as_json(_out(await _seen(mill, access, webhook)))


@router.delete("/{webhook}", status_code=204, response_class=Response)
async def remove(webhook: HookName, mill: TheMill, access: TheAccess) -> Response:
    """Tell it nothing more; what is not delivered yet is not delivered."""
    hook = await _seen(mill, access, webhook)
    await Hooks(mill.transport).remove(hook.id)
    return Response(status_code=204)


@router.post("/{webhook}/enable", responses={200: answer("WebhookOut", "The webhook, told again.")})
async def enable(webhook: HookName, mill: TheMill, access: TheAccess) -> Response:
    """Tell it again, after it was disabled."""
    hook = await _seen(mill, access, webhook)
    await Hooks(mill.transport).enable(hook.id)
    return as_json(_out(await _seen(mill, access, hook.id)))


@router.get("/{webhook}/deliveries", responses={200: answer("DeliveryList", "The deliveries.")})
async def deliveries(
    webhook: HookName, mill: TheMill, access: TheAccess, limit: Annotated[int, Query(ge=1, le=MOST)] = 50
) -> Response:
    """The newest deliveries, tried or to be tried; of the last thousand, as long as they are kept."""
    hook = await _seen(mill, access, webhook)
    found: list[Delivery] = []
    for document in await Hooks(mill.transport).deliveries(hook.id, limit):
        try:
            found.append(_delivery(await mill.get(document)))
        except NotFound:  # purged after its retention
            continue
    return as_json(DeliveryList(found))


@router.post(
    "/{webhook}/deliveries/{delivery}/replay",
    status_code=202,
    responses={202: answer("Delivery", "It is delivered again.")},
)
async def replay(webhook: HookName, delivery: DeliveryName, mill: TheMill, access: TheAccess) -> Response:
    """Deliver again what was delivered, or could not be."""
    hook = await _seen(mill, access, webhook)
    if not delivery.endswith(f"-{hook.id}"):
        told = f"{delivery} is no delivery to {hook.id}: GET {router.prefix}/{hook.id}/deliveries has the `id` of each"
        raise Problem("unknown-delivery", told)
    await seen_document(delivery, mill, access)
    (word,) = await mill.retry_all([delivery], start="tell", why="a replay was asked for over REST")
    view = await mill.get(delivery)
    if word != "revived" and not view.is_final:
        raise Problem("not-finished", f"{delivery} is {view.status}: it is being delivered as it is", retry_after=5)
    return as_json(_delivery(view), 202, Location=f"{router.prefix}/{hook.id}/deliveries", Retry_After=LOOK_AGAIN)


async def _seen(mill: Mill, access: Access, webhook: str) -> Hook:
    hook = await Hooks(mill.transport).find(webhook)
    if hook is None or not access.sees(hook.tenant):
        raise Problem("unknown-webhook", f"there is no webhook {webhook}: GET {router.prefix} lists those there are")
    return hook


def _out(hook: Hook) -> WebhookOut:
    events = [event if event == BATCH_ENDED else EVENT + event for event in hook.events]
    return WebhookOut(hook.id, hook.tenant, hook.url, events, hook.state, hook.added_at, hook.why)


def _delivery(view: Document) -> Delivery:
    attempts = sum(step.attempts for step in view.steps)
    document = view.id.rpartition(".hook")[0]
    return Delivery(view.id, document, view.status, attempts, view.submitted_at, view.finished_at, view.log)
