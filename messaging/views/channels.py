"""Channels: by which account each goes out and how it fares; admins add, replace, pause and test accounts."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from dealerships.enums import Role
from dealerships.permissions import has_role, role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from messaging.adapters.registry import WEBHOOKS
from messaging.interfaces.account_forms import AccountForm, TrialForm
from messaging.logic.provider_settings import SPECS, ProviderSpec, specs_for
from messaging.logic.trial_messages import is_test
from messaging.models import Message, ProviderAccount
from messaging.queries import channels as queries
from messaging.services import account_changes, accounts, trial_sends


@require_GET
@never_cache
def channel_list(request: MemberRequest) -> HttpResponse:
    return _list(request)


def _list(request: MemberRequest, *, failed: tuple[int, TrialForm] | None = None) -> HttpResponse:
    shown = [
        {
            "about": each,
            "tests": [(message, queries.result_of(message)) for message in each.tests],
            "others": [
                spec
                for spec in specs_for(each.channel)
                if not each.account or spec.key != each.account.provider
            ],
            "test_form": _test_form(request, each, failed),
        }
        for each in queries.channels()
    ]
    context = {"channels": shown, "can_change": has_role(request.membership.role, at_least=Role.ADMIN)}
    return render(request, "messaging/channels.html", context, status=422 if failed else 200)


def _test_form(
    request: MemberRequest, shown: queries.ChannelShown, failed: tuple[int, TrialForm] | None
) -> TrialForm | None:
    """None where nothing can be tested: no account, or letters that are printed here."""
    if shown.account is None or shown.account.provider == "print_queue":
        return None
    if failed is not None and failed[0] == shown.account.pk:
        return failed[1]
    form = TrialForm(shown.channel, request.dealership)
    form.auto_id = f"id_{shown.channel}_%s"
    return form


@sensitive_post_parameters()
@role_required(Role.ADMIN)
@require_http_methods(["GET", "POST"])
@never_cache
def account_new(request: MemberRequest) -> HttpResponse:
    spec = SPECS.get(request.GET.get("provider", ""))
    if spec is None:
        return _back(request)
    form = AccountForm(spec, request.dealership, _given(request), initial=_usual(spec, request))
    if request.method == "POST" and form.is_valid():
        account_changes.add(spec, form.draft, by=request.user, now=clock.now())
        messages.success(request, f"{spec.label} is in use now. Send a test to see whether it works.")
        return _back(request)
    return _form(request, spec, form)


def _given(request: MemberRequest) -> QueryDict | None:
    """A form sent empty is a form that was sent."""
    return request.POST if request.method == "POST" else None


def _usual(spec: ProviderSpec, request: MemberRequest) -> dict[str, str]:
    own = {"phone": request.dealership.phone, "email": request.dealership.email}
    return {"from_address": own.get(spec.sends_from, ""), "port": "587"}


@sensitive_post_parameters()
@role_required(Role.ADMIN)
@require_http_methods(["GET", "POST"])
@never_cache
def account_edit(request: MemberRequest, account_id: int) -> HttpResponse:
    """Change settings and replace secrets of an account of the dealership's own."""
    account = get_object_or_404(ProviderAccount, pk=account_id)
    if not account_changes.is_own(account):
        messages.info(request, "This account is not yours to change, or is no longer in use.")
        return _back(request)
    spec = SPECS[account.provider]
    secrets, _ = queries.secrets_of(account)
    initial = account_changes.plain_settings(account) | {"from_address": account.from_address}
    form = AccountForm(spec, request.dealership, _given(request), initial=initial, secrets=secrets)
    if request.method == "POST" and form.is_valid():
        account_changes.replace(account, form.draft, by=request.user, now=clock.now())
        messages.success(
            request, "Saved. What is on its way goes out as before, what comes now by these settings."
        )
        return _back(request)
    return _form(request, spec, form, account)


def _form(
    request: MemberRequest, spec: ProviderSpec, form: AccountForm, account: ProviderAccount | None = None
) -> HttpResponse:
    url = accounts.callback_url(account) if account and spec.key in WEBHOOKS else ""
    context = {"spec": spec, "form": form, "account": account, "webhook_url": url}
    return render(request, "messaging/account.html", context, status=422 if form.errors else 200)


@role_required(Role.ADMIN)
@require_POST
def account_pause(request: MemberRequest, account_id: int) -> HttpResponse:
    account = get_object_or_404(ProviderAccount, pk=account_id)
    if account_changes.pause(account, by=request.user, now=clock.now()):
        messages.success(
            request, "Paused. What is to go waits until you resume it, or until it is too late for it."
        )
    return _back(request)


@role_required(Role.ADMIN)
@require_POST
def account_resume(request: MemberRequest, account_id: int) -> HttpResponse:
    account = get_object_or_404(ProviderAccount, pk=account_id)
    if account_changes.resume(account, by=request.user, now=clock.now()):
        messages.success(request, "It sends again; what waited goes now.")
    return _back(request)


@role_required(Role.ADMIN)
@require_POST
def account_remove(request: MemberRequest, account_id: int) -> HttpResponse:
    account = get_object_or_404(ProviderAccount, pk=account_id)
    try:
        account_changes.remove(account, by=request.user, now=clock.now())
        messages.success(request, "Taken out of use.")
    except account_changes.NotOurs:
        messages.info(request, "This account is not yours to remove, or is no longer in use.")
    return _back(request)


@role_required(Role.ADMIN)
@require_POST
def account_test(request: MemberRequest, account_id: int) -> HttpResponse:
    """Send a test message to an address that was typed, and show what becomes of it."""
    account = get_object_or_404(ProviderAccount, pk=account_id)
    if account.provider == "print_queue":
        return _back(request)
    form = TrialForm(account.channel, request.dealership, request.POST)
    form.auto_id = f"id_{account.channel}_%s"
    if not form.is_valid():
        return _list(request, failed=(account.pk, form))
    sent = trial_sends.send(account, to=form.cleaned_data.get("to", ""), by=request.user, now=clock.now())
    if isinstance(sent, trial_sends.Refused):
        form.add_error(None, sent.words)
        return _list(request, failed=(account.pk, form))
    return redirect(f"{url_for(request.dealership, 'messaging:channel-list')}#{account.channel}")


@require_GET
@never_cache
def test_result(request: MemberRequest, message_id: int) -> HttpResponse:
    """What became of a test so far; a fragment the page asks for while something moves."""
    message = get_object_or_404(Message, pk=message_id)
    if not is_test(message.key):
        raise Http404
    context = {"message": message, "result": queries.result_of(message)}
    return render(request, "messaging/channels.html#test", context)


def _back(request: MemberRequest) -> HttpResponse:
    return redirect(url_for(request.dealership, "messaging:channel-list"))
