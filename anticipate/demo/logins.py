"""Who can sign in to the demo. The passwords are public: a check keeps DEMO off hosts that others reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from dealerships.enums import Role

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Login:
    """A demo user: at both demo dealerships, with one role."""

    email: str
    password: str
    first_name: str
    last_name: str
    role: Role


LOGINS = (
    Login("admin@demo.example.com", "demo-admin-pass", "Avery", "Admin", Role.ADMIN),
    Login("advisor@demo.example.com", "demo-advisor-pass", "Ari", "Advisor", Role.ADVISOR),
    Login("viewer@demo.example.com", "demo-viewer-pass", "Val", "Viewer", Role.VIEWER),
)


def offered(_request: HttpRequest) -> dict[str, Any]:
    """Give the sign-in page of a demo its logins; of any other installation none."""
    return {"demo_logins": LOGINS if settings.DEMO else ()}
