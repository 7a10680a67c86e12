from django.db import models
from django.db.models import Q

from common.enums import Channel, Language
from common.tenancy import TenantModel
from customers.enums import ContactKind, CustomerKind, Textability, Validity


class Customer(TenantModel):
    """A person or company that brings vehicles in."""

    external_id = models.CharField(max_length=64, help_text="Customer number in the DMS")
    kind = models.CharField(max_length=10, choices=CustomerKind, default=CustomerKind.PERSON)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    company_name = models.CharField(max_length=200, blank=True)
    display_name = models.CharField(max_length=250)
    language = models.CharField(
        max_length=5, choices=Language, blank=True, help_text="Empty: the dealership's"
    )
    # With a default in the database: imports insert customers by COPY and do not know of it.
    preferred_channel = models.CharField(
        max_length=10,
        choices=Channel,
        blank=True,
        default="",
        db_default="",
        help_text="What they asked to be reached by; empty: the channel they last answered on",
    )
    household_key = models.CharField(
        max_length=64, blank=True, help_text="Same for people of one family and address"
    )
    is_internal = models.BooleanField(default=False, help_text="The dealership itself: never reminded")
    is_fleet = models.BooleanField(default=False)
    created_by_import = models.ForeignKey(
        "customers.VisitImport", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "external_id"], name="customer_external_id")
        ]
        indexes = [
            # Grouping cars of one household into one enrolment.
            models.Index(
                fields=["dealership", "household_key"],
                name="customer_household",
                condition=~Q(household_key=""),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class ContactPoint(TenantModel):
    """One phone number (E.164), e-mail address or postal address of a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind)
    value = models.CharField(max_length=320, help_text="E.164, lower-case e-mail, or the address in one line")
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    validity = models.CharField(max_length=10, choices=Validity, default=Validity.UNKNOWN)
    textability = models.CharField(max_length=10, choices=Textability, default=Textability.UNKNOWN)
    rank = models.PositiveSmallIntegerField(default=0, help_text="The lowest of a kind is used first")
    created_by_import = models.ForeignKey(
        "customers.VisitImport", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealership", "customer", "kind", "value"], name="contact_point_once"
            ),
        ]
        indexes = [
            # Whose number or address an inbound message comes from.
            models.Index(fields=["dealership", "kind", "value"], name="contact_point_value"),
        ]

    def __str__(self) -> str:
        return self.value


class SearchToken(TenantModel):
    """A word one may type to find a customer: a name, phone, plate, VIN tail or e-mail.

    Found by range (`token >= p AND token < p || U+FFFF`), because only leakproof operators may use an
    index under forced row-level security, and neither LIKE nor full-text search is one.
    """

    token = models.CharField(max_length=100, db_collation="C")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="search_tokens")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "token", "customer"], name="search_token_once"),
        ]
