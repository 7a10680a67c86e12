"""What every provider's webhook must do; a provider's test class gives a call as its vendor would make it."""

from dataclasses import replace

import pytest

from messaging.adapters.webhook import (
    BadPayload,
    BadSignature,
    Call,
    DeliveryEvent,
    Ignored,
    InboundEvent,
)

# Bodies no vendor sends and strangers do: empty, wrongly encoded, too deep, of the wrong shape.
HOSTILE = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[{}]",
    b"[null, 7, []]",
    b'{"id": 7, "event_type": 7, "body": 7}',
    b"\xff\xfe\x00",
    b"a=1&b",
    b"&&&===",
    b"%zz%00=%ff",
    b"[" * 50_000,
    b'{"a":' * 50_000,
    b'[{"event": {"a": []}, "sg_event_id": []}]',
    b'["\\ud800"]',
)


class WebhookContract:
    webhook = None
    account = None
    call: Call  # rightly signed
    signature_header = ""
    content_types: tuple[str, ...] = ("application/x-www-form-urlencoded",)

    def refuses(self, call, account=None):
        with pytest.raises(BadSignature):
            self.webhook.verify(call, account or self.account)

    def test_right_signature_is_accepted(self):
        self.webhook.verify(self.call, self.account)

    @pytest.mark.parametrize("given", [None, "", "=", "é", "\x01", "AAAA", "t=1,v1=00", "x" * 10_000])
    def test_missing_or_malformed_signature_is_refused(self, given):
        headers = {key: value for key, value in self.call.headers.items() if key != self.signature_header}
        if given is not None:
            headers[self.signature_header] = given
        self.refuses(replace(self.call, headers=headers))

    def test_altered_body_is_refused(self):
        self.refuses(replace(self.call, body=self.call.body + b"&x=1"))
        self.refuses(replace(self.call, body=self.call.body[:-1]))

    def test_no_header_at_all_is_refused(self):
        self.refuses(replace(self.call, headers={}))

    def test_event_has_the_same_key_each_time_it_comes(self):
        first, again = (
            self.webhook.split(self.call, self.account),
            self.webhook.split(self.call, self.account),
        )

        assert [each.key for each in first] == [each.key for each in again]
        assert all(0 < len(each.key) <= 128 for each in first)

    @pytest.mark.parametrize("body", HOSTILE)
    def test_hostile_body_raises_nothing_but_what_is_agreed(self, body):
        for content_type in self.content_types:
            headers = dict(self.call.headers) | {"content-type": content_type}
            call = replace(self.call, body=body, headers=headers)
            self.refuses(call)
            try:
                events = self.webhook.split(call, self.account)
            except BadPayload:
                continue
            for event in events:
                found = self.webhook.normalise(event.payload)
                assert isinstance(found, DeliveryEvent | InboundEvent | Ignored)

    @pytest.mark.parametrize("payload", [{}, {"event": 7}, {"type": None}, {"MessageStatus": ["sent"]}])
    def test_unknown_event_is_ignored_or_harmless(self, payload):
        found = self.webhook.normalise(payload)

        assert not isinstance(found, DeliveryEvent) or found.reference == ""
