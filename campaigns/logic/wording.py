"""What a reminder says: facts become variables, an admin's Liquid template becomes a text.

Templates see the variables of `VARIABLES` and nothing else. A variable that is not there, a filter or tag
that does not exist and a missing way out are found when a template is saved (`find_faults`), not when
a customer is waiting for the message.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from html import escape
from typing import Any, ClassVar

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError, TemplateNotFoundError

from campaigns.logic import words
from common.enums import Channel, Language
from messaging.enums import Part
from messaging.logic.parts import SenderFacts, fault_words, missing_parts

VARIABLES = {
    "first_name": "First name; empty for a company",
    "dealership_name": "Name of the dealership",
    "dealership_phone": "Its phone number",
    "dealership_address": "Its postal address in one line",
    "vehicle": "The car or cars: 2019 Ford Fiesta and 2021 Honda Civic",
    "vehicle_short": "The car, or how many: 2 cars",
    "services": "What is due: oil change and tire rotation",
    "services_short": "The first of it, and whether there is more",
    "due_on": "When the first of it is due: March 14",
    "due_words": "The same, seen from the day of sending: due around March 14, due now, due since March 14",
    "due_words_short": "The same in as few characters as a text needs: due Mar 14",
    "is_overdue": "Whether the date has passed",
    "cars": "Each car: name, services, due_on, due_words, why",
    "booking_link": "The customer's page to choose a time",
    "opt_out_link": "The customer's page to end reminders",
}

SAMPLE_SENDER = SenderFacts(
    name="Lakeside Ford",
    phone="(512) 555-0100",
    street="100 Main St",
    city="Austin",
    postal_code="78701",
)


class _Liquid(Environment):
    """Liquid without files, and with bounds: a template cannot run away with a worker."""

    loop_iteration_limit: ClassVar[int] = 500
    output_stream_limit: ClassVar[int] = 20_000  # bytes; the longest letter is a tenth of it
    context_depth_limit: ClassVar[int] = 8


_liquid = _Liquid(undefined=StrictUndefined)


@dataclass(frozen=True, slots=True)
class Car:
    """One vehicle of a reminder; `services` as they stand on the menu, in its order."""

    name: str
    services: tuple[str, ...]
    due_on: date
    why: str


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    """Everything a reminder may say. `cars` are sorted by due date; `today` is the local day of sending."""

    language: str
    today: date
    first_name: str
    dealership_name: str
    dealership_phone: str
    dealership_address: str
    cars: tuple[Car, ...]
    booking_link: str
    opt_out_link: str


@dataclass(frozen=True, slots=True)
class Template:
    """One channel's Liquid in one language."""

    channel: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Text:
    """A reminder as it is sent. `html` is for e-mail only."""

    subject: str
    body: str
    html: str = ""


def render(template: Template, *, facts: ReminderFacts) -> Text:
    """Return the text of one reminder.

    raises: LiquidError for a template that `find_faults` would not have let through
    """
    variables = variables_of(facts)
    subject = " ".join(_compiled(template.subject).render(**variables).split())
    body = _tidy(_compiled(template.body).render(**variables))
    html = (
        to_html(body, links=(facts.booking_link, facts.opt_out_link))
        if template.channel == Channel.EMAIL
        else ""
    )
    return Text(subject=subject, body=body, html=html)


def variables_of(facts: ReminderFacts) -> dict[str, Any]:
    """Return the values of `VARIABLES` for one reminder."""
    language = words.known_language(facts.language)
    first = facts.cars[0]
    services = tuple(
        dict.fromkeys(words.inside_sentence(name) for car in facts.cars for name in car.services)
    )
    return {
        "first_name": facts.first_name,
        "dealership_name": facts.dealership_name,
        "dealership_phone": facts.dealership_phone,
        "dealership_address": facts.dealership_address,
        "vehicle": words.say_list([car.name for car in facts.cars], language=language),
        "vehicle_short": first.name
        if len(facts.cars) == 1
        else _count_cars(len(facts.cars), language=language),
        "services": words.say_list(services, language=language),
        "services_short": _first_and_more(services, language=language),
        "due_on": words.say_day(first.due_on, language=language),
        "due_words": words.say_due(first.due_on, today=facts.today, language=language),
        "due_words_short": words.say_due_short(first.due_on, today=facts.today, language=language),
        "is_overdue": first.due_on < facts.today,
        "cars": [_car_variables(car, today=facts.today, language=language) for car in facts.cars],
        "booking_link": facts.booking_link,
        "opt_out_link": facts.opt_out_link,
    }


def letter_way_out(facts: ReminderFacts) -> str:
    """Return the line at the foot of every letter; letters get theirs printed, whatever their text says."""
    link, phone = facts.opt_out_link, facts.dealership_phone
    if words.known_language(facts.language) == Language.SPANISH:
        return f"Para no recibir más recordatorios: {link}" + (f" o llame al {phone}" if phone else "")
    return f"No more reminders, please: {link}" + (f" or call {phone}" if phone else "")


def find_faults(template: Template, *, parts: frozenset[Part]) -> list[str]:
    """Return what keeps a template from being published, in words; empty when it is sound.

    It is tried on several made-up reminders, so that what is wrong, or missing, in a branch or a loop shows too.
    `parts`: what the law requires on its channel.
    """
    return list(_faults(template, parts))


@lru_cache(maxsize=512)
def _faults(template: Template, parts: frozenset[Part]) -> list[str]:
    try:
        used = {
            name for part in (template.subject, template.body) for name in _compiled(part).global_variables()
        }
    except LiquidError as error:
        return [_in_words(error)]
    faults = [f"There is no variable “{name}”." for name in sorted(used - VARIABLES.keys())]
    if not template.body.strip():
        faults.append("The text is empty.")
    if template.channel == Channel.EMAIL and not template.subject.strip():
        faults.append("An e-mail needs a subject.")
    return faults or _faults_in_trial(template, parts)


def to_html(body: str, *, links: tuple[str, ...]) -> str:
    """Return a plain text as HTML: paragraphs, line breaks, our own links made clickable, nothing else."""
    safe = escape(body)
    for link in dict.fromkeys(links):
        address = escape(link)
        safe = safe.replace(address, f'<a href="{address}">{address}</a>') if link else safe
    paragraphs = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in safe.split("\n\n"))
    return f"<!doctype html><html><body>{paragraphs}</body></html>"


def sample_facts(language: str, *, today: date) -> ReminderFacts:
    """Return a made-up reminder, for previews and for trying templates."""
    is_spanish = language == Language.SPANISH
    oil, tires = (
        ("Cambio de aceite", "Rotación de llantas") if is_spanish else ("Oil change", "Tire rotation")
    )
    due_on = today + timedelta(days=14)
    why = "según los kilómetros que suele manejar" if is_spanish else "you drive about 980 mi a month"
    return ReminderFacts(
        language=language,
        today=today,
        first_name="Maria",
        dealership_name=SAMPLE_SENDER.name,
        dealership_phone=SAMPLE_SENDER.phone,
        dealership_address=f"{SAMPLE_SENDER.street}, {SAMPLE_SENDER.city}, TX {SAMPLE_SENDER.postal_code}",
        cars=(Car("2019 Ford Fiesta", (oil, tires), due_on, why),),
        booking_link="https://example.com/b/AQMDmK0y4lQ3xT0aQ1rP",
        opt_out_link="https://example.com/b/AgMDmK0y4lQ3xT0aQ1rP",
    )


@lru_cache(maxsize=2048)
def _compiled(source: str) -> BoundTemplate:
    return _liquid.from_string(source)


def _faults_in_trial(template: Template, parts: frozenset[Part]) -> list[str]:
    today = date(2028, 2, 29)
    missing: set[Part] = set()
    for language in Language:
        usual = sample_facts(language, today=today)
        (car,) = usual.cars
        late = replace(car, due_on=today - timedelta(days=30))
        for facts in (usual, replace(usual, first_name="", cars=(late,)), replace(usual, cars=(late, car))):
            try:
                text = render(template, facts=facts)
            except LiquidError as error:
                return [_in_words(error)]
            missing |= missing_parts(parts, channel=template.channel, text=text.body, sender=SAMPLE_SENDER)
    return list(
        dict.fromkeys(fault_words(part, channel=template.channel) for part in Part if part in missing)
    )


def _in_words(error: LiquidError) -> str:
    """Return the first line of Liquid's message, without its picture of the template, and where it is."""
    if isinstance(error, TemplateNotFoundError):  # whose message is the name alone
        return "A template cannot include another one."
    message = str(error).splitlines()[0].strip()
    place = (
        f" (line {error.token.source.count(chr(10), 0, error.token.start_index) + 1})" if error.token else ""
    )
    return f"{message[:1].upper()}{message[1:]}{place}."


def _tidy(text: str) -> str:
    """Return the text without the empty lines that Liquid's tags leave behind."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["x", *lines], strict=False) if line or before]
    return "\n".join(kept)


def _car_variables(car: Car, *, today: date, language: Language) -> dict[str, str]:
    names = [words.inside_sentence(name) for name in car.services]
    return {
        "name": car.name,
        "services": words.say_list(names, language=language),
        "due_on": words.say_day(car.due_on, language=language),
        "due_words": words.say_due(car.due_on, today=today, language=language),
        "why": car.why,
    }


def _count_cars(count: int, *, language: Language) -> str:
    return f"{count} autos" if language == Language.SPANISH else f"{count} cars"


def _first_and_more(services: tuple[str, ...], *, language: Language) -> str:
    if len(services) == 1:
        return services[0]
    return f"{services[0]} y más" if language == Language.SPANISH else f"{services[0]} and more"
