"""The cadence every dealership starts with: "Service due".

Its texts are written once here and copied into each dealership's first version, where admins may change
them. Each step has a text for every channel it may use, in English and Spanish.
"""

from dataclasses import dataclass
from datetime import time

from campaigns.enums import ChannelRule, Trigger
from campaigns.logic import channels
from campaigns.logic.cadence import StepRule
from campaigns.logic.wording import Template
from common.enums import Channel, Language, Purpose


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step with what it says, by channel and language."""

    rule: StepRule
    templates: dict[tuple[str, str], Template]


@dataclass(frozen=True, slots=True)
class CadenceDraft:
    """A cadence as it is first published at a dealership."""

    key: str
    name: str
    trigger: str
    purpose: str
    steps: tuple[StepDraft, ...]


def service_due() -> CadenceDraft:
    """Return the built-in reminder that a service is due: five contacts from 14 days before to 30 days after."""
    return CadenceDraft(
        key="service-due",
        name="Service due",
        trigger=Trigger.SERVICE_DUE,
        purpose=Purpose.MARKETING,  # it invites a purchase; see the compliance notes in docs/campaigns.md
        steps=tuple(StepDraft(rule, templates_for(rule)) for rule in SERVICE_DUE_STEPS),
    )


def templates_for(rule: StepRule) -> dict[tuple[str, str], Template]:
    """Return the built-in texts for every channel a step may use, by (channel, language)."""
    return {
        (channel, language): _template(channel, language, step_number=rule.number)
        for channel in channels.candidates(rule.channel_rule, channel=rule.channel)
        for language in Language
    }


TEN = time(10)
# Texts and calls must be between ten and five wherever the person may be (messaging's sending windows):
# noon is so in the dealership's zone and in the two beside it.
NOON = time(12)

SERVICE_DUE_STEPS = (
    StepRule(1, -14, ChannelRule.NEXT_WORKING, Channel.EMAIL, TEN),
    StepRule(2, -7, ChannelRule.NEXT_WORKING, Channel.SMS, NOON),
    StepRule(3, 0, ChannelRule.NEXT_WORKING, Channel.VOICE, NOON),
    StepRule(
        4, 10, ChannelRule.FIXED, Channel.LETTER, TEN
    ),  # a letter costs a stamp: it stands in for nothing
    StepRule(5, 30, ChannelRule.NEXT_WORKING, Channel.SMS, NOON),
)


def _template(channel: str, language: str, *, step_number: int) -> Template:
    frame = FRAMES[channel, language]
    opening = OPENINGS[language][min(step_number, len(OPENINGS[language])) - 1]
    return Template(
        channel=channel,
        subject=SUBJECTS.get((channel, language), ""),
        body=frame.replace("[opening]", opening),
    )


OPENINGS: dict[str, tuple[str, ...]] = {
    Language.ENGLISH: (
        "It will soon be time to have your car looked after. From your visits and how much you drive, this is what comes up:",
        "A short reminder of what comes up for your car:",
        "It is time to have your car looked after. This is due:",
        "We have not seen you yet, so here is once more what is due for your car:",
        "This is our last reminder for now. This is still open for your car:",
    ),
    Language.SPANISH: (
        "Pronto será momento de atender su auto. Según sus visitas y lo que maneja, esto es lo que viene:",
        "Un breve recordatorio de lo que viene para su auto:",
        "Es momento de atender su auto. Esto es lo que toca:",
        "Aún no lo hemos visto por aquí; le recordamos lo que le toca a su auto:",
        "Este es nuestro último recordatorio por ahora. Esto sigue pendiente para su auto:",
    ),
}

SUBJECTS: dict[tuple[str, str], str] = {
    (Channel.EMAIL, Language.ENGLISH): "{{ vehicle }}: {{ services_short }}, {{ due_words }}",
    (Channel.EMAIL, Language.SPANISH): "{{ vehicle }}: {{ services_short }}, {{ due_words }}",
    (Channel.LETTER, Language.ENGLISH): "Service for your {{ vehicle }}",
    (Channel.LETTER, Language.SPANISH): "Servicio para su {{ vehicle }}",
}

FRAMES: dict[tuple[str, str], str] = {
    (Channel.EMAIL, Language.ENGLISH): """\
Hello{% if first_name != "" %} {{ first_name }}{% endif %},

[opening]

{% for car in cars %}{{ car.name }}: {{ car.services }}, {{ car.due_words }}
{% if car.why != "" %}Why we think so: {{ car.why }}.
{% endif %}
{% endfor %}
To book, just answer this e-mail with a day and a time that suit you ("Tuesday at 3" is enough), or choose a time here:
{{ booking_link }}

If the work has been done already, tell us and we will stop reminding you.

{{ dealership_name }}
{{ dealership_address }}
{{ dealership_phone }}

No more reminders, please: {{ opt_out_link }}
""",
    (Channel.EMAIL, Language.SPANISH): """\
Hola{% if first_name != "" %} {{ first_name }}{% endif %}:

[opening]

{% for car in cars %}{{ car.name }}: {{ car.services }}, {{ car.due_words }}
{% if car.why != "" %}Por qué lo creemos: {{ car.why }}.
{% endif %}
{% endfor %}
Para reservar, simplemente responda a este correo con el día y la hora que le convengan (basta con "martes a las 3") o elija una hora aquí:
{{ booking_link }}

Si ya se hizo el trabajo, díganoslo y dejaremos de recordárselo.

{{ dealership_name }}
{{ dealership_address }}
{{ dealership_phone }}

No deseo más recordatorios: {{ opt_out_link }}
""",
    (Channel.SMS, Language.ENGLISH): """\
{{ dealership_name }}: {{ vehicle_short }}, {{ services_short }} {{ due_words_short }}. \
Reply with a day and time or book: {{ booking_link }} STOP to opt out
""",
    (Channel.SMS, Language.SPANISH): """\
{{ dealership_name }}: {{ vehicle_short }}, {{ services_short }} {{ due_words_short }}. \
Responda con día y hora o reserve: {{ booking_link }} STOP para salir
""",
    (Channel.VOICE, Language.ENGLISH): """\
Hello. This is an automated call from {{ dealership_name }}{% if first_name != "" %} for {{ first_name }}{% endif %}. \
It is about your {{ vehicle }}: {{ services }}, {{ due_words }}. \
To book a time, press 1. For another time, press 2. To speak to us, press 3, or call {{ dealership_phone }}. \
To get no more of these calls, press 9.
""",
    (Channel.VOICE, Language.SPANISH): """\
Hola. Esta es una llamada automática de {{ dealership_name }}{% if first_name != "" %} para {{ first_name }}{% endif %}. \
Se trata de su {{ vehicle }}: {{ services }}, {{ due_words }}. \
Para reservar una hora, oprima 1. Para otra hora, oprima 2. Para hablar con nosotros, oprima 3, o llame al {{ dealership_phone }}. \
Para no recibir más estas llamadas, oprima 9.
""",
    (Channel.LETTER, Language.ENGLISH): """\
Dear {% if first_name != "" %}{{ first_name }}{% else %}customer{% endif %},

[opening]

{% for car in cars %}{{ car.name }}: {{ car.services }}, {{ car.due_words }}
{% if car.why != "" %}Why we think so: {{ car.why }}.
{% endif %}
{% endfor %}
Booking takes a minute: scan the code below, or open the address beside it, and choose a time. \
Or call us at {{ dealership_phone }}.

If the work has been done already, or the car is no longer yours, please tell us, and we will stop reminding you.

With kind regards,
{{ dealership_name }}
""",
    (Channel.LETTER, Language.SPANISH): """\
Estimado cliente{% if first_name != "" %}, {{ first_name }}{% endif %}:

[opening]

{% for car in cars %}{{ car.name }}: {{ car.services }}, {{ car.due_words }}
{% if car.why != "" %}Por qué lo creemos: {{ car.why }}.
{% endif %}
{% endfor %}
Reservar toma un minuto: escanee el código de abajo, o abra la dirección que está al lado, y elija una hora. \
O llámenos al {{ dealership_phone }}.

Si ya se hizo el trabajo o el auto ya no es suyo, díganoslo y dejaremos de recordárselo.

Atentamente,
{{ dealership_name }}
""",
}
