"""What we say to a customer in answer, in their language, for their channel. Pure; short enough for one text."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.logic.slots import FreeSlot
from booking.logic.wording import known_language, say_moment, say_short_day, say_short_moment, say_time
from common.enums import Channel
from conversations.logic.dialogue import Farewell, Question

# GSM 03.38: a text of these letters has 160 to a segment, with any other it has 70.
_GSM_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Who speaks, about what, to whom: the same for every sentence of one answer."""

    language: str
    channel: str
    dealership: str
    address: str = ""
    phone: str = ""
    vehicle: str = ""


_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "booked": "Booked: {when}{for_vehicle}. {dealership}{at_address}. To change it, just reply.",
        "moved": "Moved: your appointment{for_vehicle} is now {when}. {dealership}. To change it, just reply.",
        "cancelled": "Your appointment on {when} is cancelled. Reply with a day and time to book again. {dealership}",
        "which": "{dealership}: we have {choices}.{reply}",
        "taken": "{dealership}: that time is not free, but we have {choices}.{reply}",
        "when": "{dealership}: for your {vehicle} we have {choices}.{reply}",
        "move": "{dealership}: you are booked for {booked}. Move it to {choices}?{reply}",
        "declined": "No problem, thank you for telling us. Reply with a day and time whenever it suits you. {dealership}",
        "later": "No problem. Reply with a day and time when you are ready. {dealership}",
        # CTIA: who, how to reach us, how often, what it costs, the way out.
        "help": "{dealership} service reminders, at most 4 a week. Msg & data rates may apply. Reply with a day and time to book{or_call}. Reply STOP to opt out.",
        "reply_one": " Reply YES, or another day and time.",
        "reply_many": " Reply {numbers}, or another day.",
        "press_one": " Press 1 for yes, or 9 for no more calls.",
        "press_many": " Press 9 for no more calls.",
        "times": "{count} times",
        "press": "Press {number} for {choice}",
        "or": "or",
        "for_vehicle": " for your {vehicle}",
        "or_call": " or call {phone}",
        "vehicle": "car",
        "subject_booked": "Your appointment: {when}",
        "subject_cancelled": "Your appointment is cancelled",
        "subject_ask": "When would you like to come in?",
    },
    "es": {
        "booked": "Reservado: {when}{for_vehicle}. {dealership}{at_address}. Para cambiarla, responda aquí.",
        "moved": "Cambiada: su cita{for_vehicle} es ahora {when}. {dealership}. Para cambiarla, responda aquí.",
        "cancelled": "Su cita del {when} está cancelada. Responda con día y hora para reservar otra. {dealership}",
        "which": "{dealership}: tenemos {choices}.{reply}",
        "taken": "{dealership}: esa hora no está libre, pero tenemos {choices}.{reply}",
        "when": "{dealership}: para su {vehicle} tenemos {choices}.{reply}",
        "move": "{dealership}: su cita es {booked}. ¿La cambiamos a {choices}?{reply}",
        "declined": "De acuerdo, gracias por avisar. Responda con día y hora cuando le convenga. {dealership}",
        "later": "De acuerdo. Responda con día y hora cuando le convenga. {dealership}",
        "help": "Recordatorios de {dealership}, máximo 4 por semana. Pueden aplicarse tarifas de mensajes y datos. Responda con día y hora para reservar{or_call}. Responda STOP para no recibir más.",
        "reply_one": " Responda SI, u otro día y hora.",
        "reply_many": " Responda {numbers}, u otro día.",
        "press_one": " Oprima 1 para sí, o 9 para no recibir más llamadas.",
        "press_many": " Oprima 9 para no recibir más llamadas.",
        "times": "{count} horarios",
        "press": "Oprima {number} para {choice}",
        "or": "o",
        "for_vehicle": " para su {vehicle}",
        "or_call": " o llame al {phone}",
        "vehicle": "auto",
        "subject_booked": "Su cita: {when}",
        "subject_cancelled": "Su cita está cancelada",
        "subject_ask": "¿Cuándo le conviene venir?",
    },
}

# Said in a call instead: there is nothing to reply to, and it ends with goodbye.
_SPOKEN: dict[str, dict[str, str]] = {
    "en": {
        "booked": "You are booked for {when}{for_vehicle} at {dealership}{at_address}. We will send you a confirmation.",
        "moved": "Your appointment{for_vehicle} at {dealership} is now {when}. We will send you a confirmation.",
        "cancelled": "Your appointment on {when} at {dealership} is cancelled.",
        "declined": "No problem, thank you for telling us. {dealership}",
        "later": "No problem. Call us whenever it suits you. {dealership}",
    },
    "es": {
        "booked": "Su cita{for_vehicle} en {dealership}{at_address} queda reservada: {when}. Le enviaremos una confirmación.",
        "moved": "Su cita{for_vehicle} en {dealership} es ahora {when}. Le enviaremos una confirmación.",
        "cancelled": "Su cita del {when} en {dealership} está cancelada.",
        "declined": "De acuerdo, gracias por avisar. {dealership}",
        "later": "De acuerdo. Llámenos cuando le convenga. {dealership}",
    },
}


def write_booked(moment: datetime, *, setting: Setting) -> str:
    return _write("booked", setting, when=_say(moment, setting))


def write_moved(moment: datetime, *, setting: Setting) -> str:
    return _write("moved", setting, when=_say(moment, setting))


def write_cancelled(moment: datetime, *, setting: Setting) -> str:
    return _write("cancelled", setting, when=_say(moment, setting))


def write_farewell(farewell: Farewell, *, setting: Setting) -> str:
    return _write(farewell.value, setting)


def write_help(*, setting: Setting) -> str:
    return _write("help", setting)


def write_question(
    question: Question, offered: Sequence[FreeSlot], *, setting: Setting, booked: datetime | None = None
) -> str:
    """Return one question with numbered times: at most three, so that it fits one text.

    In a call the numbers are keys to press.
    """
    words = _WORDS[known_language(setting.language)]
    spoken = [_say_choice(slot, offered, setting.language) for slot in offered]
    if len(offered) == 1:
        choices = spoken[0]
        reply = words["press_one" if setting.channel == Channel.VOICE else "reply_one"]
    elif setting.channel == Channel.VOICE:
        spoken = [say_moment(slot.local_start, language=setting.language) for slot in offered]
        presses = [words["press"].format(number=n, choice=choice) for n, choice in enumerate(spoken, 1)]
        choices = ". ".join([words["times"].format(count=len(offered)), *presses])
        reply = words["press_many"]
    else:
        choices = _day_once(offered, setting.language) + " ".join(
            f"{number}) {choice}" for number, choice in enumerate(spoken, 1)
        )
        reply = words["reply_many"].format(
            numbers=_join([str(n) for n in range(1, len(offered) + 1)], words["or"])
        )
    has_had = say_short_moment(booked, language=setting.language) if booked else ""
    return _write(question.value, setting, choices=choices, reply=reply, booked=has_had)


def write_subject(kind: str, *, setting: Setting, moment: datetime | None = None) -> str:
    """Return the subject of an e-mail: `booked`, `cancelled` or `ask`."""
    words = _WORDS[known_language(setting.language)]
    when = say_moment(moment, language=setting.language) if moment else ""
    return words[f"subject_{kind}"].format(when=when)


def _say_choice(slot: FreeSlot, offered: Sequence[FreeSlot], language: str) -> str:
    if len(offered) > 1 and _is_one_day(offered):
        return say_time(slot.local_start.time(), language=language)
    return say_short_moment(slot.local_start, language=language)


def _day_once(offered: Sequence[FreeSlot], language: str) -> str:
    """Name the day before the numbers when it is the same for all."""
    return (
        f"{say_short_day(offered[0].local_start.date(), language=language)}: " if _is_one_day(offered) else ""
    )


def _is_one_day(offered: Sequence[FreeSlot]) -> bool:
    return len({slot.local_start.date() for slot in offered}) == 1


def _join(parts: Sequence[str], last: str) -> str:
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else parts[0]


def _say(moment: datetime, setting: Setting) -> str:
    """In full where it is read aloud."""
    say = say_moment if setting.channel == Channel.VOICE else say_short_moment
    return say(moment, language=setting.language)


def _write(key: str, setting: Setting, **values: str) -> str:
    language = known_language(setting.language)
    words = _WORDS[language] | (_SPOKEN[language] if setting.channel == Channel.VOICE else {})
    vehicle = setting.vehicle or words["vehicle"]
    text = words[key].format(
        dealership=setting.dealership,
        vehicle=vehicle,
        for_vehicle=words["for_vehicle"].format(vehicle=setting.vehicle) if setting.vehicle else "",
        at_address=f", {setting.address}" if setting.address else "",
        or_call=words["or_call"].format(phone=setting.phone) if setting.phone else "",
        **values,
    )
    return fit_text(text) if setting.channel == Channel.SMS else text


def fit_text(text: str) -> str:
    """Return a text with the letters a phone network has room for: `aquí` costs three segments, `aqui` one.

    Only letters outside the network's alphabet lose their accent; é, ñ, ü and the marks ¿ ¡ stay.
    """
    return "".join(letter if letter in _GSM_LETTERS else _plain(letter) for letter in text)


def _plain(letter: str) -> str:
    stripped = "".join(
        part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)
    )
    return stripped if stripped and all(part in _GSM_LETTERS for part in stripped) else letter
