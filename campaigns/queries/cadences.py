"""Cadences and their versions, as planning, dispatch and the admin's page read them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from campaigns.enums import Trigger
from campaigns.logic.cadence import StepRule
from campaigns.logic.eligibility import Policy
from campaigns.logic.planning import Programme
from campaigns.logic.sending_times import SendingTimes
from campaigns.logic.wording import Template
from campaigns.models import Cadence, CadenceVersion, Step, StepTemplate
from common import wall_time
from common.tenancy import current_dealership
from messaging.queries.law import law_here


@dataclass(frozen=True, slots=True)
class Version:
    """A published version with everything that touches of it need; it never changes."""

    id: int
    cadence_id: int
    number: int
    steps: tuple[StepRule, ...]
    templates: dict[tuple[int, str, str], Template]  # by step number, channel, language

    def step(self, number: int) -> StepRule | None:
        return next((step for step in self.steps if step.number == number), None)


def service_due_cadence() -> Cadence | None:
    """Return the dealership's cadence for services due: the first, should there be several."""
    return Cadence.objects.filter(trigger=Trigger.SERVICE_DUE).order_by("pk").first()


def current_version(cadence: Cadence) -> Version:
    """Return the version new enrolments are pinned to: the one published last."""
    newest = CadenceVersion.objects.filter(cadence=cadence).order_by("-number").values_list("pk", flat=True)
    return versions(newest[:1])[newest[0]]


def versions(version_ids: Collection[int]) -> dict[int, Version]:
    """Return versions with their steps and templates, by id."""
    ids = list(version_ids)
    steps: dict[int, list[StepRule]] = defaultdict(list)
    for step in Step.objects.filter(version_id__any_of=ids).order_by("number"):
        rule = StepRule(step.number, step.offset_days, step.channel_rule, step.channel, step.send_time)
        steps[step.version_id].append(rule)
    templates: dict[int, dict[tuple[int, str, str], Template]] = defaultdict(dict)
    for version_id, number, channel, language, subject, body in StepTemplate.objects.filter(
        step__version_id__any_of=ids
    ).values_list("step__version_id", "step__number", "channel", "language", "subject", "body"):
        templates[version_id][number, channel, language] = Template(channel, subject, body)
    return {
        pk: Version(pk, cadence_id, number, tuple(steps[pk]), templates[pk])
        for pk, cadence_id, number in CadenceVersion.objects.filter(pk__any_of=ids).values_list(
            "pk", "cadence_id", "number"
        )
    }


def programme(cadence: Cadence, *, version: Version, now: datetime) -> Programme:
    """Return what planning at the dealership in scope needs to know of a cadence at one moment."""
    times = sending_times(cadence)
    return Programme(
        steps=version.steps,
        policy=Policy(is_running=cadence.is_active, includes_fleet=cadence.includes_fleet),
        times=times,
        today=wall_time.to_local(now, zone_name=times.zone_name).date(),
        now=now,
    )


def sending_times(cadence: Cadence) -> SendingTimes:
    """Return what the hours of a cadence's contacts depend on at the dealership in scope."""
    dealership = current_dealership()
    return SendingTimes(dealership.time_zone, law_here(), dealership.country, cadence.purpose)
