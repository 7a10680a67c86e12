"""What every provider reached over HTTP must do; a provider's test class gives the answers its vendor would give."""

import asyncio
import json
import logging
from dataclasses import asdict, replace
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from structlog.testing import capture_logs

from common.http import HttpClient, HttpResponse
from messaging.adapters.base import NotKnownYet, NotThere, ProviderError, Question, SendResult
from messaging.enums import ErrorCode, MessageState
from messaging.services.claiming import Claimed
from messaging.services.handover import Lane, hand_over
from tests.messaging.adapters.official import official_document
from tests.messaging.adapters.vendor_server import vendor

HANDED_OVER_AT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def on_the_wire(response):
    lines = [f"HTTP/1.1 {response.status} X", f"Content-Length: {len(response.body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + response.body


def claimed_like(request):
    """The claimed row that a request is made from."""
    attachments = [{"name": each.name, "text": "x"} for each in request.attachments]
    return Claimed(
        id=1,
        dealership_id=1,
        account_id=1,
        customer_id=None,
        key=request.reference,
        channel=request.channel,
        purpose="transactional",
        priority=5,
        to_address=request.to,
        subject=request.subject,
        body_text=request.text,
        body_html=request.html,
        attachments=json.dumps(attachments),
        zone_names='["America/Chicago"]',
        places='["US-TX"]',
        letter=json.dumps(asdict(request.letter)) if request.letter else None,
        is_answer=False,
        confirms_stop=False,
        expires_at=None,
        attempt_count=1,
        claim="00000000-0000-4000-8000-000000000001",
    )


class SenderContract:
    sender = None
    account = None
    request = None
    secrets: tuple[str, ...] = ()
    accepted: HttpResponse
    permanent: HttpResponse
    rate_limited: HttpResponse
    rate_limited_for = 30.0
    unauthorized: HttpResponse
    unknown_code: HttpResponse
    found: HttpResponse
    not_found: HttpResponse
    official = ""  # the name of the vendor's OpenAPI document

    def every_request(self):
        """Requests that together use everything the adapter can say."""
        return [self.sender.build(self.request, self.account)]

    def test_every_request_fits_the_official_document(self):
        if not self.official:
            pytest.skip("this provider has no official document")
        document = official_document(self.official)
        built = self.every_request()
        if self.sender.capabilities.can_look_up:
            built.append(self.sender.build_lookup(self.question, self.account))
        assert [document.violations(each) for each in built] == [[]] * len(built)

    def outcome(self, response):
        with pytest.raises(ProviderError) as caught:
            self.sender.parse(response)
        return caught.value

    def test_request_carries_our_reference(self):
        built = self.sender.build(self.request, self.account)
        said = built.body.decode() + built.url + str(built.headers)
        assert self.request.reference in unquote(unquote(said))

    def test_building_twice_gives_the_same(self):
        first, second = (self.sender.build(self.request, self.account) for _ in range(2))
        assert first == second

    def test_accepted_answer_has_the_providers_id(self):
        result = self.sender.parse(self.accepted)
        assert isinstance(result, SendResult)
        assert result.provider_id

    def test_refusal_for_good_is_permanent(self):
        assert self.outcome(self.permanent).is_permanent

    def test_rate_limit_may_be_tried_again(self):
        error = self.outcome(self.rate_limited)
        assert (error.code, error.is_permanent) == (ErrorCode.RATE_LIMITED, False)
        assert error.retry_after == self.rate_limited_for

    def test_wrong_credentials_are_not_the_messages_fault(self):
        error = self.outcome(self.unauthorized)
        assert (error.code, error.is_permanent) == (ErrorCode.AUTHENTICATION, False)

    def test_unknown_code_is_kept_raw(self):
        error = self.outcome(self.unknown_code)
        assert error.code is ErrorCode.UNKNOWN
        assert error.raw

    @pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 302, 200])
    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"id": 7}', b"\xff"])
    def test_answer_that_proves_nothing_is_an_unknown_outcome(self, status, body):
        error = self.outcome(HttpResponse(status, {}, body))
        assert (error.code, error.is_permanent) == (ErrorCode.UNKNOWN_OUTCOME, False)

    @property
    def question(self):
        return Question(self.request.reference, self.request.to, self.request.text, HANDED_OVER_AT)

    def test_lookup_finds_what_was_sent(self):
        if not self.sender.capabilities.can_look_up:
            pytest.skip("this provider has no look-up")
        assert isinstance(self.sender.parse_lookup(self.found, self.question), SendResult)
        assert isinstance(self.sender.parse_lookup(self.not_found, self.question), NotThere)

    @pytest.mark.parametrize("status", [200, 401, 404, 429, 500])
    def test_lookup_without_a_clear_answer_proves_nothing(self, status):
        found = self.sender.parse_lookup(HttpResponse(status, {}, b"<html>"), self.question)
        assert isinstance(found, NotKnownYet)

    def deliver(self, base_url, times=1):
        """Hand the request over to a vendor at that address, over a real socket; the outcomes."""
        config = dict(self.account.config) | {"base_url": base_url, "answer_seconds": 0.2}
        lane = Lane(replace(self.account, config=config), 4, self.sender)
        message = claimed_like(self.request)

        async def run():
            async with HttpClient() as client:
                return [
                    await hand_over(message, lane, client=client, moment=lambda: HANDED_OVER_AT)
                    for _ in range(times)
                ]

        return asyncio.run(run())

    def through(self, behaviour):
        async def run():
            async with vendor(behaviour) as (server, url):
                outcome = await asyncio.to_thread(self.deliver, url)
                return outcome[0], server.requests

        return asyncio.run(run())

    def test_vendor_that_cannot_be_reached_is_tried_again(self):
        (outcome,) = self.deliver("http://127.0.0.1:9")

        assert (outcome.state, outcome.error_code) == (MessageState.QUEUED, ErrorCode.TEMPORARY)

    @pytest.mark.parametrize("behaviour", ["break", "hang"])
    def test_silence_after_the_request_is_unknown_and_asked_once(self, behaviour):
        outcome, requests = self.through(behaviour)

        assert (outcome.state, outcome.error_code) == (MessageState.UNCONFIRMED, ErrorCode.UNKNOWN_OUTCOME)
        assert requests == 1

    def test_answer_over_the_wire_is_accepted(self):
        outcome, _ = self.through(on_the_wire(self.accepted))

        assert (outcome.state, outcome.provider_id) == (
            MessageState.ACCEPTED,
            self.sender.parse(self.accepted).provider_id,
        )

    def test_secrets_and_people_show_in_no_log(self, capsys, caplog):
        caplog.set_level(logging.DEBUG)
        with capture_logs() as logs:
            for behaviour in ("break", "hang", on_the_wire(self.unauthorized), on_the_wire(self.permanent)):
                self.through(behaviour)
            self.deliver("http://127.0.0.1:9")
        shown = str(logs) + caplog.text + "".join(capsys.readouterr())
        private = (*self.secrets, self.request.to, self.request.text)
        assert not [each for each in private if each in shown]

    def test_secrets_show_in_no_repr(self):
        built = self.sender.build(self.request, self.account)
        shown = repr(built) + repr(self.account) + repr(self.outcome(self.unauthorized))
        assert not [secret for secret in self.secrets if secret in shown]
