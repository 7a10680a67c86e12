import io

import pypdf
import pytest

from campaigns.enums import EndReason
from campaigns.services import endings
from common.tenancy import tenant_scope
from messaging.enums import MessageState, Reason
from messaging.models import Message, PrintBatch, PrintedLetter, ProviderAccount
from messaging.services import customer_opt_out, outbox
from tests.conftest import NOW
from tests.factories.campaigns import EnrolmentFactory, TouchFactory
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import ConsentEventFactory, MessageFactory


def letter_for(name):
    address = {
        "street": "12 Oak St",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
        "country": "US",
    }
    return {
        "recipient": address | {"name": name},
        "sender": address | {"name": "Live Oak Motors"},
        "phone": "",
        "language": "en",
        "written_on": "November 20, 2026",
        "book_url": "https://example.com/b/x",
        "opt_out_line": "Call us to stop letters.",
    }


@pytest.fixture
def letters(world):
    """Three letters in the queue; the second customer has said stop since."""
    with tenant_scope(world.dealership):
        account = ProviderAccount.objects.get(channel="letter")
        for index, name in enumerate(["Ana One", "Ben Two", "Cy Three"]):
            customer = CustomerFactory(dealership=world.dealership, display_name=name)
            MessageFactory(
                dealership=world.dealership,
                account=account,
                channel="letter",
                key=f"letter:{index}",
                customer=customer,
                letter=letter_for(name),
                state=MessageState.ACCEPTED,
                subject="Due",
            )
            PrintedLetter.objects.create(
                dealership=world.dealership, key=f"letter:{index}", path="x.pdf", created_at=NOW
            )
        stopped = Message.objects.get(key="letter:1").customer
        ConsentEventFactory(
            dealership=world.dealership, customer=stopped, channel="letter", action="withdrawn"
        )


def path(world, rest=""):
    return f"/d/{world.dealership.slug}/letters/{rest}"


def test_page_without_letters_says_what_would_be_here(client, world):
    client.force_login(world.bob)

    page = client.get(path(world)).content.decode()

    assert "No letter is waiting" in page
    assert "No batch yet" in page


def test_batch_holds_the_letters_but_not_one_whose_customer_said_stop(client, world, letters):
    client.force_login(world.bob)
    assert "Ben Two" in client.get(path(world)).content.decode()

    client.post(path(world, "batches/"))

    with tenant_scope(world.dealership):
        batch = PrintBatch.objects.get()
        assert list(batch.letters.order_by("pk").values_list("key", flat=True)) == ["letter:0", "letter:2"]
        stopped = Message.objects.get(key="letter:1")
        assert (stopped.state, stopped.reason) == ("cancelled", "opted_out")
    answer = client.get(path(world, f"batches/{batch.pk}/pdf/"))
    assert answer["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    assert [("Ana One" in pages[0], len(pages)), "Cy Three" in pages[1]] == [(True, 2), True]


def test_batch_is_marked_printed_once(client, world, letters):
    client.force_login(world.bob)
    client.post(path(world, "batches/"))
    with tenant_scope(world.dealership):
        batch = PrintBatch.objects.get()

    client.post(path(world, f"batches/{batch.pk}/printed/"))
    client.post(path(world, f"batches/{batch.pk}/printed/"))

    with tenant_scope(world.dealership):
        assert PrintBatch.objects.get().state == "printed"
    assert (
        client.post(path(world, "batches/"), follow=True).content.decode().count("No letter is waiting") >= 1
    )


def test_viewer_may_look_and_not_print(client, world, letters):
    client.force_login(world.vera)

    assert client.get(path(world)).status_code == 200
    assert client.post(path(world, "batches/")).status_code == 403


def test_letter_of_what_was_cancelled_meanwhile_is_not_printed(world, letters):
    with tenant_scope(world.dealership):
        printed = PrintBatch.objects.create(dealership=world.dealership, created_at=NOW, state="printed")
        PrintedLetter.objects.filter(key="letter:2").update(batch=printed)

        cancelled = outbox.cancel(keys=["letter:0", "letter:2"], reason=Reason.BOOKED, now=NOW)

        assert cancelled == 1
        found = Message.objects.order_by("key").values_list("key", "state", "reason")
        assert list(found) == [
            ("letter:0", "cancelled", "booked"),
            ("letter:1", "accepted", ""),
            ("letter:2", "accepted", ""),
        ]
        assert set(PrintedLetter.objects.values_list("key", flat=True)) == {"letter:1", "letter:2"}


class TestOpenBatch:
    """A batch that is made and not marked as printed: what must not go out any more is taken out, and named."""

    @pytest.fixture
    def batch(self, client, world, letters):
        client.force_login(world.bob)
        client.post(path(world, "batches/"))
        with tenant_scope(world.dealership):
            return PrintBatch.objects.get()

    def left(self, world):
        with tenant_scope(world.dealership):
            return dict(PrintedLetter.objects.values_list("key", "taken_out_reason"))

    def test_opt_out_takes_the_letter_out(self, client, world, batch):
        with tenant_scope(world.dealership):
            ana = Message.objects.get(key="letter:0").customer
            cancelled = customer_opt_out.stop(ana, choice="letter", wording="", touch_id=1, now=NOW)

            assert cancelled == 1
            states = dict(Message.objects.values_list("key", "state"))
            assert states == {"letter:0": "cancelled", "letter:1": "cancelled", "letter:2": "accepted"}
        assert self.left(world) == {"letter:0": "opted_out", "letter:2": ""}
        page = client.get(path(world)).content.decode()
        assert "1 taken out; do not post it" in page
        assert "Ana One</a> (The customer asked us to stop)" in page
        content = client.get(path(world, f"batches/{batch.pk}/pdf/")).content
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
        assert ["Cy Three" in page for page in pages] == [True]

    def test_stop_to_texts_only_leaves_the_letter(self, world, batch):
        with tenant_scope(world.dealership):
            ana = Message.objects.get(key="letter:0").customer
            customer_opt_out.stop(ana, choice="phone", wording="", touch_id=1, now=NOW)

        assert self.left(world) == {"letter:0": "", "letter:2": ""}

    @pytest.mark.parametrize("reason", [EndReason.VEHICLE_GONE, EndReason.VISITED, EndReason.OPTED_OUT])
    def test_end_of_its_enrolment_takes_the_letter_out(self, world, batch, reason):
        with tenant_scope(world.dealership):
            message = Message.objects.get(key="letter:0")
            enrolment = EnrolmentFactory(dealership=world.dealership, customer=message.customer)
            touch = TouchFactory(
                dealership=world.dealership,
                enrolment=enrolment,
                channel="letter",
                state="sent",
                message=message,
            )

            endings.end(enrolment_ids=[enrolment.pk], reason=reason, now=NOW)

            touch.refresh_from_db()
            message.refresh_from_db()
        assert (touch.state, touch.reason) == ("cancelled", reason.value)
        assert (message.state, message.reason) == ("cancelled", reason.value)
        assert self.left(world) == {"letter:0": reason.value, "letter:2": ""}

    def test_printed_is_too_late(self, client, world, batch):
        client.post(path(world, f"batches/{batch.pk}/printed/"))
        with tenant_scope(world.dealership):
            outbox.cancel(keys=["letter:0", "letter:2"], reason=Reason.BOOKED, now=NOW)

        assert self.left(world) == {"letter:0": "", "letter:2": ""}

    def test_all_taken_out_is_nothing_to_print(self, client, world, batch):
        with tenant_scope(world.dealership):
            outbox.cancel(keys=["letter:0", "letter:2"], reason=Reason.BOOKED, now=NOW)

        answer = client.get(path(world, f"batches/{batch.pk}/pdf/"), follow=True)

        assert "There is nothing to print" in answer.content.decode()
        assert f"batches/{batch.pk}/pdf/" not in answer.content.decode()
