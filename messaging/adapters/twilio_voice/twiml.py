"""What a call says, as TwiML documents. Pure.

Everything said is cleaned of what no XML may hold (Twilio would hang up with an error) and bounded in length.
"""

from __future__ import annotations

from twilio.twiml.voice_response import Gather, VoiceResponse

CONTENT_TYPE = "text/xml"
LONGEST = 3_000  # characters; Twilio takes 4,096
WAIT_SECONDS = 6  # for a key or the first word
VOICES = {"en": ("Polly.Joanna", "en-US"), "es": ("Polly.Lupe", "es-US")}
HINTS = {
    "en": "book, another time, tomorrow, Monday, Tuesday, Wednesday, Thursday, Friday, morning, afternoon, stop, yes, no",
    "es": "reservar, otra hora, mañana, lunes, martes, miércoles, jueves, viernes, por la tarde, basta, alto, sí, no",
}


def ask(words: str, *, language: str, action: str) -> bytes:
    """Say something and listen for one key or some words; silence goes to `action` too, without either."""
    voice, locale = _voice(language)
    response = VoiceResponse()
    gather = Gather(
        input="dtmf speech",
        action=action,
        method="POST",
        num_digits=1,
        timeout=WAIT_SECONDS,
        speech_timeout="auto",
        barge_in=True,
        action_on_empty_result=True,
        language=locale,
        hints=HINTS.get(language, HINTS["en"]),
    )
    gather.say(sayable(words), voice=voice, language=locale)
    response.append(gather)
    response.hangup()
    return _document(response)


def say(words: str, *, language: str) -> bytes:
    """Say something and hang up; also what a voicemail records."""
    voice, locale = _voice(language)
    response = VoiceResponse()
    response.say(sayable(words), voice=voice, language=locale)
    response.hangup()
    return _document(response)


def connect(words: str, *, language: str, phone: str) -> bytes:
    """Say something and put the caller through."""
    voice, locale = _voice(language)
    response = VoiceResponse()
    response.say(sayable(words), voice=voice, language=locale)
    response.dial(phone)
    response.hangup()
    return _document(response)


def hang_up() -> bytes:
    response = VoiceResponse()
    response.hangup()
    return _document(response)


def sayable(words: str) -> str:
    """Without control characters, halves of characters and what XML 1.0 has no place for; one line."""
    kept = "".join(each if each.isprintable() else " " for each in words[: LONGEST * 2])
    return " ".join(kept.split())[:LONGEST]


def _voice(language: str) -> tuple[str, str]:
    return VOICES.get(language[:2], VOICES["en"])


def _document(response: VoiceResponse) -> bytes:
    return str(response).encode()
