"""What is known of one customer when it is decided whether, where and when to reach them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from common.enums import Channel
from messaging.logic.caps import Sent
from messaging.logic.consent import Said
from messaging.logic.gate import GateFacts
from messaging.logic.law import Law
from messaging.logic.places import jurisdictions
from messaging.logic.zones import like_number, plausible_zones

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


NO_ADDRESS = Point(0, "postal", "")


class Whereabouts(NamedTuple):
    """Where somebody may be."""

    zone_names: tuple[str, ...]
    places: tuple[str, ...]


@lru_cache(maxsize=50_000)
def _whereabouts(
    phone: str, region: str, postal_code: str, country: str, dealership_zone: str
) -> Whereabouts:
    """Cached: a dealership's customers live in a few hundred places."""
    address = {"region": region, "postal_code": postal_code, "country": country}
    zones = plausible_zones(phone=phone, dealership_zone=dealership_zone, **address)
    return Whereabouts(zones, jurisdictions(phone=phone, **address))


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """`points` best first; `said` newest first; `suppressed` holds (channel, address)."""

    customer_id: int
    dealership_zone: str
    law: Law
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
        return self._where(self.point_for(channel)).zone_names

    def places(self, channel: str) -> tuple[str, ...]:
        """All jurisdictions they may be in, by the same signs."""
        return self._where(self.point_for(channel)).places

    def _where(self, used: Point | None) -> Whereabouts:
        number = used if used and used.kind == "phone" else self._first("phone")
        postal = self._first("postal") or NO_ADDRESS
        return _whereabouts(
            like_number(number.value) if number else "",
            postal.region,
            postal.postal_code,
            postal.country or self.country,
            self.dealership_zone,
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
        where = self._where(point)
        return GateFacts(
            channel=channel,
            purpose=purpose,
            zone_names=where.zone_names,
            law=self.law,
            places=where.places,
            said=self.said,
            sent=self.sent,
            expires_at=expires_at,
            dealership_is_active=self.dealership_is_active,
            is_internal=self.is_internal,
            has_address=point is not None,
            is_suppressed=point is not None and (channel, point.value) in self.suppressed,
            has_provider=channel in self.provided,
            **more,
        )
