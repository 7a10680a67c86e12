import factory
from factory.django import DjangoModelFactory

from common.enums import DistanceUnit
from dealerships.enums import Role
from dealerships.models import Dealership, Membership, User


class UserFactory(DjangoModelFactory[User]):
    email = factory.Sequence(lambda n: f"user{n}@example.com")
    password = factory.django.Password("pw")

    class Meta:
        model = User


class DealershipFactory(DjangoModelFactory[Dealership]):
    """A bare dealership; `dealerships.services.dealerships.create` makes one with all defaults."""

    name = factory.Sequence(lambda n: f"Dealership {n}")
    slug = factory.Sequence(lambda n: f"dealership-{n}")
    time_zone = "America/Chicago"
    distance_unit = DistanceUnit.MILES
    phone = "+15125550100"
    email = factory.LazyAttribute(lambda d: f"service@{d.slug}.example.com")
    street = "1 Main St"
    city = "Austin"
    region = "TX"
    postal_code = "78701"

    class Meta:
        model = Dealership


class TenantFactory(DjangoModelFactory):
    """A row of a dealership: pass `dealership`, or one is made; create it inside `tenant_scope`."""

    dealership = factory.SubFactory(DealershipFactory)

    class Meta:
        abstract = True


def same_dealership(factory_class, **kwargs):
    """Return a SubFactory whose row belongs to the same dealership as its parent."""
    return factory.SubFactory(factory_class, dealership=factory.SelfAttribute("..dealership"), **kwargs)


class MembershipFactory(TenantFactory):
    user = factory.SubFactory(UserFactory)
    role = Role.ADVISOR

    class Meta:
        model = Membership
