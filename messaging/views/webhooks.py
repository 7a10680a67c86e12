"""Where providers report to."""

from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common import clock
from messaging.adapters.webhook import BadPayload, BadSignature
from messaging.interfaces.refused_calls import refuse
from messaging.services import receipts

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, uuid: UUID) -> HttpResponse:
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = request.META.get("QUERY_STRING", "")
    call = receipts.WebhookCall(provider, str(uuid), headers, request.body, query)
    try:
        answer = receipts.receive(call, now=clock.now())
    except receipts.UnknownAccount:
        return refuse(request, status=404, event="webhook.unknown_account", provider=provider)
    except BadSignature:
        about = {"provider": provider, "account": str(uuid)}
        return refuse(request, status=403, event="webhook.bad_signature", **about)
    except BadPayload:
        log.warning("webhook.bad_payload", provider=provider, account=str(uuid))
        return HttpResponse(status=400)
    return HttpResponse(answer.content, status=answer.status, content_type=answer.content_type or None)
