from dataclasses import replace
from datetime import date, timedelta

import pytest

from campaigns.logic import built_in, gsm, wording, words
from campaigns.logic.wording import Car, Template
from common.enums import Channel, Language
from messaging.logic.segments import count_segments
from tests.law import LAW

pytestmark = pytest.mark.logic

TODAY = date(2026, 3, 1)
EN, ES = Language.ENGLISH, Language.SPANISH
TEXTS = [
    pytest.param(template, language, id=f"{step.rule.number}-{channel}-{language}")
    for step in built_in.service_due().steps
    for (channel, language), template in step.templates.items()
]
ENOUGH = "{{ dealership_name }} {{ opt_out_link }} {{ dealership_address }}"


def faults_in(template):
    parts = LAW.parts_anywhere(channel=template.channel, purpose="marketing", country="US", on=TODAY)
    return wording.find_faults(template, parts=parts)


def facts(language=EN, **changes):
    return replace(wording.sample_facts(language, today=TODAY), **changes)


def a_car(name="2021 Honda Civic", due_in=20, services=("Oil change",), why=""):
    return Car(name, services, TODAY + timedelta(days=due_in), why)


@pytest.mark.parametrize(("template", "language"), TEXTS)
def test_built_in_texts_are_sound(template, language):
    assert faults_in(template) == []
    assert faults_in(replace(template, body="{{ nonsense }}" + template.body)) != []


@pytest.mark.parametrize(("template", "language"), TEXTS)
@pytest.mark.parametrize(
    "changes", [{}, {"first_name": ""}, {"cars": (a_car(due_in=-30), a_car("2019 Ford Fiesta"))}]
)
def test_built_in_texts_read_well_for_everybody(template, language, changes):
    text = wording.render(template, facts=facts(language, **changes))

    assert "Lakeside Ford" in text.body or template.channel == Channel.LETTER
    for clumsy in ("  ", " ,", " .", "..", "\n\n\n", "None", "{", "}"):
        assert clumsy not in text.body
    assert "\n" not in text.subject
    assert bool(text.html) is (template.channel == Channel.EMAIL)


@pytest.mark.parametrize(("template", "language"), [param for param in TEXTS if "-sms-" in param.id])
def test_built_in_texts_for_phones_are_one_part(template, language):
    one_service = facts(
        language, cars=(Car("2019 Ford Fiesta", ("Oil change",), TODAY + timedelta(days=7), ""),)
    )
    text = gsm.fold(wording.render(template, facts=one_service).body)

    assert count_segments(text).segments == 1
    assert text.startswith("Lakeside Ford: ")
    assert "STOP" in text


@pytest.mark.parametrize(
    ("template", "faults"),
    [
        (Template("sms", "", "{{ frist_name }} STOP"), ["There is no variable “frist_name”."]),
        (
            Template("sms", "", "{% if is_overdue %}{{ cars[0].colour }}{% endif %} STOP"),
            ["Cars.colour is undefined (line 1)."],
        ),
        (
            Template("sms", "", "{% if false %}{{ nobody }}{% endif %} STOP"),
            ["There is no variable “nobody”."],
        ),
        (Template("sms", "", "STOP {% include 'x' %}"), ["A template cannot include another one."]),
        (Template("sms", "", "{{ vehicle | shout }} STOP"), ["Unknown filter 'shout' (line 1)."]),
        (Template("sms", "", "STOP\n{{ vehicle"), ["Expected '}}', found end of file (line 2)."]),
        (
            Template("sms", "", "Hello"),
            [
                "It must name {{ dealership_name }}, so that everybody knows who writes.",
                "A text needs the word STOP, the customer's way out.",
            ],
        ),
        (
            Template(
                "sms", "", "{{ dealership_name }}{% if is_overdue %} STOP{% endif %}"
            ),  # not on every branch
            ["A text needs the word STOP, the customer's way out."],
        ),
        (Template("email", "", ENOUGH), ["An e-mail needs a subject."]),
        (
            Template("email", "Hi", "Hello"),
            [
                "It must name {{ dealership_name }}, so that everybody knows who writes.",
                "An e-mail needs {{ opt_out_link }}, the customer's way out.",
                "An e-mail needs {{ dealership_address }}: the law asks for a postal address.",
            ],
        ),
        (
            Template("voice", "", "Press 9"),
            [
                "A call must name {{ dealership_name }} at its start: the law asks who calls.",
                "A call needs {{ dealership_phone }}, a number to call back.",
            ],
        ),
        (
            Template("voice", "", "{{ dealership_name }}, {{ dealership_phone }}. Due on the 9th. Press 1"),
            ["A call needs to offer the key 9, the customer's way out."],
        ),
        (Template("letter", "", " \n"), ["The text is empty."]),
        (
            Template("email", "Hi", "{% for n in (1..1000000) %}x{% endfor %}" + ENOUGH),
            ["Loop iteration limit reached (line 1)."],
        ),
    ],
)
def test_find_faults_names_what_is_wrong(template, faults):
    found = faults_in(template)

    assert len(found) == len(faults)
    for said, expected in zip(found, faults, strict=True):
        assert said.split(" (line")[0].rstrip(".").lower() == expected.split(" (line")[0].rstrip(".").lower()


def test_render_hostile_names_stay_text():
    text = wording.render(
        Template("email", "{{ first_name }}", "{{ first_name }} " + ENOUGH),
        facts=facts(first_name="<script>{{ dealership_name }}</script>"),
    )

    assert text.body.startswith("<script>{{ dealership_name }}</script> ")
    assert "<script>" not in text.html
    assert "&lt;script&gt;{{ dealership_name }}" in text.html


def test_variables_of_many_cars_and_services():
    cars = (
        a_car("2019 Ford Fiesta", 5, ("Oil change", "A/C check")),
        a_car(due_in=9, services=("Oil change", "Brakes")),
    )

    values = wording.variables_of(facts(cars=cars))

    assert values["vehicle"] == "2019 Ford Fiesta and 2021 Honda Civic"
    assert values["vehicle_short"] == "2 cars"
    assert values["services"] == "oil change, A/C check and brakes"
    assert values["services_short"] == "oil change and more"
    assert values["due_on"] == "March 6"
    assert [car["services"] for car in values["cars"]] == [
        "oil change and A/C check",
        "oil change and brakes",
    ]
    assert values.keys() == wording.VARIABLES.keys()


@pytest.mark.parametrize(
    ("due_in", "english", "short", "spanish"),
    [
        (14, "due around March 15", "due Mar 15", "le toca hacia el 15 de marzo"),
        (4, "due around March 5", "due Mar 5", "le toca hacia el 5 de marzo"),
        (3, "due now", "due now", "ya le toca"),
        (-3, "due now", "due now", "ya le toca"),
        (-4, "due since February 25", "due since Feb 25", "pendiente desde el 25 de febrero"),
    ],
)
def test_say_due_is_seen_from_today(due_in, english, short, spanish):
    day = TODAY + timedelta(days=due_in)

    assert words.say_due(day, today=TODAY, language=EN) == english
    assert words.say_due_short(day, today=TODAY, language=EN) == short
    assert words.say_due(day, today=TODAY, language=ES) == spanish


@pytest.mark.parametrize(
    ("parts", "language", "said"),
    [
        ([], EN, ""),
        (["a"], EN, "a"),
        (["a", "b"], EN, "a and b"),
        (["a", "b", "c"], EN, "a, b and c"),
        (["aceite", "frenos"], ES, "aceite y frenos"),
        (["aceite", "inspección"], ES, "aceite e inspección"),
        (["agua", "hielo"], ES, "agua y hielo"),
    ],
)
def test_say_list(parts, language, said):
    assert words.say_list(parts, language=language) == said


def test_say_date_and_unknown_languages():
    assert words.say_date(date(2026, 3, 14), language=EN) == "March 14, 2026"
    assert words.say_date(date(2026, 3, 14), language=ES) == "14 de marzo de 2026"
    assert words.known_language("fr") == EN


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Responda con día y hora " + "x" * 100, "Responda con dia y hora " + "x" * 100),
        ("día", "día"),  # one part either way: nothing is gained by spoiling it
        ("niño ¿qué?", "niño ¿qué?"),
        ("“Ford” – it’s " + "x" * 100, '"Ford" - it\'s ' + "x" * 100),
        ("自動車 día " + "x" * 100, "自動車 día " + "x" * 100),
    ],
)
def test_fold_leaves_accents_off_only_where_it_saves_a_part(text, folded):
    assert gsm.fold(text) == folded


def test_letter_way_out_is_in_the_letters_language():
    assert wording.letter_way_out(facts()).startswith("No more reminders, please: https://")
    assert wording.letter_way_out(facts(ES, dealership_phone="")).startswith(
        "Para no recibir más recordatorios: https://"
    )
