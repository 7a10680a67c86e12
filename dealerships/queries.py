from common.tenancy import cross_tenant
from dealerships.models import Membership, User


def memberships_of(user: User) -> list[Membership]:
    """Return the memberships of a user at active dealerships, with the dealership, by its name."""
    with cross_tenant(reason="sign-in: which dealerships is this user a member of"):
        return list(
            Membership.objects.filter(user=user, dealership__is_active=True)
            .select_related("dealership")
            .order_by("dealership__name")
        )


def membership_at(user: User, *, slug: str) -> Membership | None:
    """Return the user's membership at the active dealership of that slug, or None."""
    with cross_tenant(reason="sign-in: is this user a member of the dealership in the URL"):
        return (
            Membership.objects.filter(user=user, dealership__slug=slug, dealership__is_active=True)
            .select_related("dealership")
            .first()
        )
