"""What a reminder call says, asked by Twilio while the call is going on: verified, decided by the service, answered as TwiML."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common import clock
from common.tenancy import tenant_scope
from conversations.services import calls
from conversations.services.calls import Asks, Connects, HangsUp, Says, Speech, Stage
from messaging.adapters.twilio.rest import REFERENCE
from messaging.adapters.twilio_voice import twiml
from messaging.adapters.twilio_voice.sender import CALL_PATH
from messaging.adapters.twilio_voice.webhook import TwilioVoiceWebhook, read_turn
from messaging.adapters.webhook import BadPayload, BadSignature, Call
from messaging.interfaces.refused_calls import refuse
from messaging.models import ProviderAccount
from messaging.services import accounts, receipts

BEGIN, TURN = CALL_PATH, "turn/"
STAGE, STEP, SILENCES = "w", "s", "q"  # in the address of the next turn; signed with it

VIEW = Callable[[Call, ProviderAccount], bytes]


def _for_twilio(below: str) -> Callable[[VIEW], Callable[[HttpRequest, UUID], HttpResponse]]:
    """Verify who asks and open the account's dealership."""

    def decorate(view: VIEW) -> Callable[[HttpRequest, UUID], HttpResponse]:
        @wraps(view)
        def verified(request: HttpRequest, uuid: UUID) -> HttpResponse:
            headers = {name.lower(): value for name, value in request.headers.items()}
            query = request.META.get("QUERY_STRING", "")
            asked = receipts.WebhookCall(
                TwilioVoiceWebhook.key, str(uuid), headers, request.body, query, below
            )
            try:
                account, call = receipts.verify(asked)
                with tenant_scope(account.dealership):
                    document = view(call, account)
            except receipts.UnknownAccount:
                return refuse(request, status=404, event="call.unknown_account")
            except BadSignature:
                return refuse(request, status=403, event="call.bad_signature", account=str(uuid))
            except BadPayload:
                return HttpResponse(status=400)
            return HttpResponse(document, content_type=twiml.CONTENT_TYPE)

        return csrf_exempt(require_POST(verified))

    return decorate


@_for_twilio(BEGIN)
def begin(call: Call, account: ProviderAccount) -> bytes:
    heard = read_turn(call)
    speech = calls.begin(heard.reference, account=account, is_machine=heard.is_machine, now=clock.now())
    return _document(speech, account, heard.reference, step=0)


@_for_twilio(TURN)
def go_on(call: Call, account: ProviderAccount) -> bytes:
    heard, query = read_turn(call), parse_qs(urlsplit(call.url).query)
    step = _number(query, STEP)
    turn = calls.Turn(
        call_id=heard.call_id,
        reference=heard.reference,
        stage=_stage(query),
        step=step,
        silences=_number(query, SILENCES),
        digits=heard.digits,
        speech=heard.speech,
    )
    speech = calls.go_on(turn, account=account, now=clock.now())
    return _document(speech, account, heard.reference, step=step + 1)


def _document(speech: Speech, account: ProviderAccount, reference: str, *, step: int) -> bytes:
    match speech:
        case Asks(words, language, stage, silences):
            query = urlencode({REFERENCE: reference, STAGE: stage, STEP: step, SILENCES: silences})
            action = f"{accounts.callback_url(account)}{TURN}?{query}"
            return twiml.ask(words, language=language, action=action)
        case Says(words, language):
            return twiml.say(words, language=language)
        case Connects(words, language, phone):
            return twiml.connect(words, language=language, phone=phone)
        case HangsUp():
            return twiml.hang_up()


def _stage(query: dict[str, list[str]]) -> Stage:
    named = query.get(STAGE, [""])[0]
    return Stage(named) if named in set(Stage) else Stage.MENU


def _number(query: dict[str, list[str]], name: str) -> int:
    value = query.get(name, ["0"])[0]
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else 0  # noqa: PLR2004 -- far above the most turns
