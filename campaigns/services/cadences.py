"""Cadences: the built-in one, new versions, and moving enrolments to them."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from campaigns.logic import built_in, wording
from campaigns.logic.built_in import StepDraft
from campaigns.logic.cadence import find_faults
from campaigns.models import Cadence, CadenceVersion, Step, StepTemplate
from common.enums import Channel
from common.tenancy import current_dealership
from dealerships.models import User
from dealerships.services import log
from messaging.enums import Part
from messaging.queries.law import law_here


@transaction.atomic
def create_built_in(*, now: datetime) -> Cadence:
    """Give the dealership in scope the built-in "Service due" cadence. Idempotent: what is there stays."""
    draft = built_in.service_due()
    cadence, is_new = Cadence.objects.get_or_create(
        dealership=current_dealership(),
        key=draft.key,
        defaults={"name": draft.name, "trigger": draft.trigger, "purpose": draft.purpose},
    )
    if is_new:
        publish_version(cadence, steps=draft.steps, by=None, now=now)
    return cadence


@transaction.atomic
def publish_version(
    cadence: Cadence, *, steps: Sequence[StepDraft], by: User | None, now: datetime
) -> CadenceVersion:
    """Publish a new version, for enrolments from now on.

    Those under way stay with the version they began with; `moves.move_to_version` moves them.
    Whoever publishes second of two at once gets the next number.

    raises: ValidationError with everything that is wrong, in words
    """
    faults = faults_of(steps, purpose=cadence.purpose, now=now)
    if faults:
        raise ValidationError(faults)
    Cadence.objects.select_for_update().get(pk=cadence.pk)
    highest = CadenceVersion.objects.filter(cadence=cadence).aggregate(highest=Max("number"))["highest"] or 0
    version = CadenceVersion.objects.create(
        dealership=current_dealership(),
        cadence=cadence,
        number=highest + 1,
        published_at=now,
        published_by=by,
    )
    _write_steps(version, steps)
    log.record(cadence, "campaigns.cadence.version_published", at=now, actor=by, number=version.number)
    return version


def faults_of(steps: Sequence[StepDraft], *, purpose: str, now: datetime) -> list[str]:
    """Return everything that keeps steps and their texts from being published, in words."""
    faults = find_faults(tuple(step.rule for step in steps))
    channels = {channel for step in steps for channel, _ in step.templates}
    needed = {channel: parts_needed(channel, purpose=purpose, now=now) for channel in channels}
    for step in steps:
        if not any(channel == step.rule.channel for channel, _ in step.templates):
            faults.append(f"Step {step.rule.number} has no text for its channel.")
        faults += [
            f"Step {step.rule.number}, {Channel(channel).label.lower()} ({language}): {fault}"
            for (channel, language), template in step.templates.items()
            for fault in wording.find_faults(template, parts=needed[channel])
        ]
    return faults


def parts_needed(channel: str, *, purpose: str, now: datetime) -> frozenset[Part]:
    """Return what a template must say by the law of today, anywhere in the dealership's country."""
    dealership = current_dealership()
    on = now.astimezone(dealership.zone).date()
    return law_here().parts_anywhere(channel=channel, purpose=purpose, country=dealership.country, on=on)


@transaction.atomic
def set_running(cadence: Cadence, *, is_running: bool, by: User, now: datetime) -> None:
    """Pause a cadence or let it run again. Touches that come due meanwhile wait, until they are too late."""
    changed = Cadence.objects.filter(pk=cadence.pk).exclude(is_active=is_running).update(is_active=is_running)
    if changed:
        action = "campaigns.cadence.resumed" if is_running else "campaigns.cadence.paused"
        log.record(cadence, action, at=now, actor=by)


def _write_steps(version: CadenceVersion, steps: Sequence[StepDraft]) -> None:
    tenant = current_dealership()
    rows = Step.objects.bulk_create(
        Step(
            dealership=tenant,
            version=version,
            number=step.rule.number,
            offset_days=step.rule.offset_days,
            channel_rule=step.rule.channel_rule,
            channel=step.rule.channel,
            send_time=step.rule.send_time,
        )
        for step in steps
    )
    StepTemplate.objects.bulk_create(
        StepTemplate(
            dealership=tenant,
            step=row,
            channel=channel,
            language=language,
            subject=template.subject,
            body=template.body,
        )
        for row, step in zip(rows, steps, strict=True)
        for (channel, language), template in step.templates.items()
    )
