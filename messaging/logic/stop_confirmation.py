"""What a stop is answered with: one text, and nothing in it that sells."""

from __future__ import annotations

CONFIRMATIONS = {
    "en": "{name}: you will get no more automated texts or calls from us. Questions? Call {phone}.",
    "es": "{name}: no recibirá más mensajes ni llamadas automáticas nuestras. ¿Preguntas? Llame al {phone}.",
}
WITHOUT_PHONE = {
    "en": "{name}: you will get no more automated texts or calls from us.",
    "es": "{name}: no recibirá más mensajes ni llamadas automáticas nuestras.",
}


def confirmation(*, name: str, phone: str, language: str) -> str:
    """The one text that confirms a stop.

    source: 47 CFR 64.1200(a)(12): sent within five minutes, without marketing
    """
    words = CONFIRMATIONS if phone else WITHOUT_PHONE
    return words.get(language, words["en"]).format(name=name, phone=phone)
