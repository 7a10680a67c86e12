"""What is known of one customer when it is decided whether, where and when to reach them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.enums import Channel
from messaging.logic.caps import Sent
from messaging.logic.consent import Said
from messaging.logic.gate import GateFacts
from messaging.logic.zones import plausible_zones

KIND_OF_CHANNEL: dict[str, str] = {
    Channel.SMS: "phone",
    Channel.VOICE: "phone",
    Channel.EMAIL: "email",
    Channel.LETTER: "postal",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One contact point; the postal fields are those of an address."""

    id: int
    kind: str
    value: str
    validity: str = "unknown"
    textability: str = "unknown"
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""

    def serves(self, channel: str) -> bool:
        if KIND_OF_CHANNEL.get(channel) != self.kind or self.validity == "invalid":
            return False
        return channel != Channel.SMS or self.textability != "landline"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """`points` best first; `said` newest first; `suppressed` holds (channel, address)."""

    customer_id: int
    dealership_zone: str
    country: str = "US"
    language: str = "en"
    is_internal: bool = False
    dealership_is_active: bool = True
    points: Sequence[Point] = ()
    said: Sequence[Said] = ()
    sent: Sequence[Sent] = ()
    suppressed: frozenset[tuple[str, str]] = frozenset()
    provided: frozenset[str] = frozenset()  # channels with an active provider account

    def point_for(self, channel: str) -> Point | None:
        """The best contact point for a channel; a suppressed one only if there is no other."""
        best = None
        for point in self.points:
            if point.serves(channel):
                if (channel, point.value) not in self.suppressed:
                    return point
                best = best or point
        return best

    def zone_names(self, channel: str) -> tuple[str, ...]:
        """All zones they may be in: by the number that would be used (or any they have) and by their address."""
        return self._zone_names(self.point_for(channel))

    def _zone_names(self, used: Point | None) -> tuple[str, ...]:
        phone = used if used and used.kind == "phone" else self._first("phone")
        postal = self._first("postal")
        return plausible_zones(
            phone=phone.value if phone else "",
            region=postal.region if postal else "",
            country=(postal.country if postal else "") or self.country,
            dealership_zone=self.dealership_zone,
        )

    def _first(self, kind: str) -> Point | None:
        for point in self.points:
            if point.kind == kind:
                return point
        return None

    def gate_facts(
        self, *, channel: str, purpose: str, expires_at: datetime | None = None, **more: Any
    ) -> GateFacts:
        """Their part of the gate's facts; `more` are the fields only the caller knows (booked, visited, ...)."""
        point = self.point_for(channel)
        return GateFacts(
            channel=channel,
            purpose=purpose,
            zone_names=self._zone_names(point),
            said=self.said,
            sent=self.sent,
            expires_at=expires_at,
            country=self.country,
            dealership_is_active=self.dealership_is_active,
            is_internal=self.is_internal,
            has_address=point is not None,
            is_suppressed=point is not None and (channel, point.value) in self.suppressed,
            has_provider=channel in self.provided,
            **more,
        )
