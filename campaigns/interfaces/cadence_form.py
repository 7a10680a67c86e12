"""A whole cadence as one form: its steps, each with its texts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django import forms

from campaigns.enums import ChannelRule
from campaigns.logic import built_in, channels
from campaigns.logic.built_in import StepDraft
from campaigns.logic.cadence import StepRule
from campaigns.logic.wording import Template
from campaigns.queries.cadences import Version
from common.enums import Channel, Language

OFFERED_CHANNELS = [(one.value, one.label) for one in Channel if one != Channel.WEB_PUSH]
NEW = "new"
EARLIEST_DAYS, LATEST_DAYS = -180, 365


class StepForm(forms.Form):
    """When a step comes and over which channel."""

    offset_days = forms.IntegerField(
        label="Days from the due date",
        min_value=EARLIEST_DAYS,
        max_value=LATEST_DAYS,
        help_text="Negative: before it; 0: on the day",
    )
    send_time = forms.TimeField(
        label="Local time", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    channel = forms.ChoiceField(label="Channel", choices=OFFERED_CHANNELS)
    channel_rule = forms.ChoiceField(label="If it cannot be used", choices=ChannelRule.choices)


class KnownStepForm(StepForm):
    """A step that is there already, which may be left out."""

    leave_out = forms.BooleanField(label="Leave this step out", required=False)


class NewStepForm(StepForm):
    """One more step; without days from the due date there is none."""

    offset_days = forms.IntegerField(
        label="Days from the due date", required=False, min_value=EARLIEST_DAYS, max_value=LATEST_DAYS
    )


class TextForm(forms.Form):
    """What a step says on one channel in one language."""

    subject = forms.CharField(required=False, max_length=300)
    body = forms.CharField(label="Text", widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}))


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text of a step on the page."""

    channel: Channel
    language: Language
    form: TextForm


@dataclass(frozen=True, slots=True)
class StepPart:
    """One step on the page; `rule` as it is published, whatever is being typed."""

    rule: StepRule
    form: StepForm
    texts: list[TextPart]


class CadenceForm:
    """The forms of all steps and texts of a version, unbound or with what an admin sent."""

    def __init__(self, version: Version, data: Mapping[str, str] | None = None) -> None:
        self.version = version
        self.steps = [self._step_part(rule, data) for rule in version.steps]
        self.new_step = NewStepForm(data, prefix=f"step-{NEW}", initial=_initial_of_new(version))

    def is_valid(self) -> bool:
        """Return whether every field holds what it may; what belongs together is judged when publishing."""
        forms_of_page: list[forms.Form] = [self.new_step, *(step.form for step in self.steps)]
        forms_of_page += [text.form for step in self.steps for text in step.texts]
        return all([form.is_valid() for form in forms_of_page])  # noqa: C419 -- each must say what is wrong

    def drafts(self) -> list[StepDraft]:
        """Return the steps as sent, in the order of their days and numbered by it; after `is_valid`."""
        drafts = [
            _draft(part.form, texts=part.texts, number=part.rule.number)
            for part in self.steps
            if not part.form.cleaned_data["leave_out"]
        ]
        if self.new_step.cleaned_data["offset_days"] is not None:
            drafts.append(_draft(self.new_step, texts=[], number=len(self.steps)))
        drafts.sort(key=lambda draft: draft.rule.offset_days)
        return [
            StepDraft(replace(draft.rule, number=number), draft.templates)
            for number, draft in enumerate(drafts, 1)
        ]

    def _step_part(self, rule: StepRule, data: Mapping[str, str] | None) -> StepPart:
        initial = {
            "offset_days": rule.offset_days,
            "send_time": rule.send_time,
            "channel": rule.channel,
            "channel_rule": rule.channel_rule,
        }
        texts = [
            TextPart(
                channel=Channel(channel),
                language=Language(language),
                form=TextForm(
                    data,
                    prefix=text_prefix(number, channel, language),
                    initial={"subject": template.subject, "body": template.body},
                ),
            )
            for (number, channel, language), template in sorted(self.version.templates.items())
            if number == rule.number
        ]
        form = KnownStepForm(data, prefix=f"step-{rule.number}", initial=initial)
        return StepPart(rule, form, texts)


def text_prefix(number: int, channel: str, language: str) -> str:
    """Return what the names of a text's fields begin with."""
    return f"text-{number}-{channel}-{language}"


def _draft(form: StepForm, *, texts: list[TextPart], number: int) -> StepDraft:
    fields = form.cleaned_data
    rule = StepRule(
        number=number,
        offset_days=fields["offset_days"],
        channel_rule=fields["channel_rule"],
        channel=fields["channel"],
        send_time=fields["send_time"],
    )
    written = {
        (text.channel.value, text.language.value): Template(
            text.channel, text.form.cleaned_data["subject"], _lines(text.form.cleaned_data["body"])
        )
        for text in texts
    }
    # A channel that is new to the step begins with the built-in text for it.
    needed = channels.candidates(rule.channel_rule, channel=rule.channel)
    added = {key: text for key, text in built_in.templates_for(rule).items() if key[0] in needed}
    return StepDraft(rule, added | written)


def _lines(text: str) -> str:
    """Return a text from a browser, whose lines end in CR LF, as we keep it."""
    return text.replace("\r\n", "\n")


def _initial_of_new(version: Version) -> dict[str, object]:
    last = version.steps[-1]
    return {
        "send_time": last.send_time,
        "channel": Channel.EMAIL,
        "channel_rule": ChannelRule.NEXT_WORKING,
    }
