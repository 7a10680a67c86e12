"""What we say in a call besides the reminder itself and the answers to replies. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from booking.logic.wording import known_language


@dataclass(frozen=True, slots=True)
class CallSetting:
    """Who calls about what. `phone` as it is to be said."""

    language: str
    dealership: str
    phone: str = ""
    vehicle: str = ""


_WORDS = {
    "en": {
        "menu": "To book a time, press 1. For another time, press 2. To speak to us, press 3. To get no more of these calls, press 9.",
        "when": "When would suit you? Please say a day and a time, for example: Tuesday at three.",
        "again": "Sorry, I did not hear you. {repeated}",
        "silent": "We did not hear anything. You can call {dealership}{at_phone}. Goodbye.",
        "stopped": "You will get no more automated calls or texts from {dealership}. Goodbye.",
        "connecting": "One moment please, I am putting you through to {dealership}.",
        "call_back": "Thank you. A service advisor of {dealership} will get back to you. Goodbye.",
        "goodbye": "{said} Goodbye.",
        "nothing_open": "Thank you for your call. You can reach {dealership}{at_phone}. Goodbye.",
        "voicemail": "Hello. This is an automated message from {dealership}. Your {vehicle} may be due for service. "
        "To book a time, or to get no more of these calls, please call us{at_phone}. Thank you, and goodbye.",
        "at_phone": " at {phone}",
        "vehicle": "car",
    },
    "es": {
        "menu": "Para reservar una hora, oprima 1. Para otra hora, oprima 2. Para hablar con nosotros, oprima 3. Para no recibir más estas llamadas, oprima 9.",
        "when": "¿Cuándo le conviene? Diga un día y una hora, por ejemplo: el martes a las tres.",
        "again": "Disculpe, no le escuché. {repeated}",
        "silent": "No escuchamos nada. Puede llamar a {dealership}{at_phone}. Hasta luego.",
        "stopped": "No recibirá más llamadas ni mensajes automáticos de {dealership}. Hasta luego.",
        "connecting": "Un momento por favor, le comunico con {dealership}.",
        "call_back": "Gracias. Un asesor de servicio de {dealership} se comunicará con usted. Hasta luego.",
        "goodbye": "{said} Hasta luego.",
        "nothing_open": "Gracias por su llamada. Puede llamar a {dealership}{at_phone}. Hasta luego.",
        "voicemail": "Hola. Este es un mensaje automático de {dealership}. A su {vehicle} puede tocarle servicio. "
        "Para reservar una hora, o para no recibir más estas llamadas, llámenos{at_phone}. Gracias y hasta luego.",
        "at_phone": " al {phone}",
        "vehicle": "auto",
    },
}


def say_words(key: str, setting: CallSetting, **values: str) -> str:
    """raises: KeyError for words there are none of"""
    words = _WORDS[known_language(setting.language)]
    return words[key].format(
        dealership=setting.dealership,
        at_phone=words["at_phone"].format(phone=spell_phone(setting.phone)) if setting.phone else "",
        vehicle=setting.vehicle or words["vehicle"],
        **values,
    )


def spell_phone(phone: str) -> str:
    """Digits one by one, in the groups a North American number is read in: a voice would else say millions."""
    digits = [each for each in phone if each.isdecimal()]
    if len(digits) == 11 and digits[0] == "1":  # noqa: PLR2004 -- a North American number with its country code
        groups = (digits[1:4], digits[4:7], digits[7:])
        return ", ".join(" ".join(group) for group in groups)
    return " ".join(digits)
