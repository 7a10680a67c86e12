"""Whether someone may have had enough without saying so plainly: for a person to read, nothing is done by itself."""

from __future__ import annotations

import re

from messaging.logic.opt_out import fold

_DOUBTS = (
    r"\b(?:too many|so many|enough|sick of|tired of|fed up with|done with|over) (?:of )?(?:the |these |those |your |all the |all these |all your )*(?:\w+ )?(?:texts?|messages?|calls?|e ?mails?|reminders?|spam)\b",
    r"\b(?:why|how come) (?:do|are|am|did) (?:you|u|i|yall) (?:guys )?(?:keep |still |always |even )?(?:text|texting|call|calling|messag\w+|contact\w+|email\w*|get|getting|receiv\w+|bother\w*)(?:ing)? (?:me|these|this|your|texts|messages)\b",
    r"\bhow (?:do|can|to|would) (?:i |we |you )?(?:stop (?:these|this|the (?:text|mess|call|email|remind)\w*|getting|receiving|your)|opt|unsubscribe|get off|get out of|turn (?:this|these|it) off)\b",
    r"\b(?:turn (?:this|these|it|them) off|block(?:ing|ed)? (?:you|this number|your number)|report(?:ing|ed)? (?:you|this|as spam))\b",
    r"\b(?:this is|its|it is|looks like|more|is this) (?:a |just |all )?spam\b",
    r"\b(?:never|did not|didnt|dont remember) (?:sign(?:ed|ing)?|subscrib(?:e|ed|ing)|ask(?:ed|ing)?|agree(?:d)?)(?: up)?(?: for| to)? (?:this|these|that|texts?|messages?|any)\b",
    r"\b(?:stop|quit) (?:already|now|that|doing (?:this|that)|with (?:this|that|it))\b",
    r"\b(?:just|please|would you|can you|will you|enough) (?:stop|quit)$|^(?:enough|no more|leave it|go away|get lost|bug off|buzz off|shut up)(?: already| please| now)?$",
    r"\b(?:piss off|fuck off|knock it off|cut it out)\b",
    r"\bnot interested (?:in (?:your|any|these|this)|at all|any ?more|ever)\b|\bnever (?:coming|going|doing business)\b.*\b(?:text|call|message|again)",
    r"\b(?:ya basta|dejen? de|demasiados (?:mensajes|textos)|como (?:me )?(?:cancelo|salgo|quito|doy de baja)|por que me (?:mandan|llaman|escriben|envian))\b",
)
DOUBTFUL = re.compile("|".join(_DOUBTS))
# Each of the doubts has one of these: most texts end here.
_TELLING = frozenset(
    """text texts texting message messages messaging call calls calling email emails mail mails reminder reminders spam contact contacting
    get getting receive receiving bother bothering opt unsubscribe off out block blocking blocked report reporting sign signed signing
    subscribe subscribed ask asked agree agreed stop quit enough more leave away lost up interested coming going doing basta deje dejen deja
    demasiados cancelo salgo quito baja mandan llaman escriben envian""".split()  # noqa: SIM905 -- reads better as text
)


def suspect_opt_out(text: str) -> str | None:
    """Return the words by which somebody may want no more messages without saying so plainly, or None.

    Only asked where `read_opt_out` found nothing. Nothing is stopped by it; the reply is for a person.
    """
    words = fold(text)
    if _TELLING.isdisjoint(words.split()):
        return None
    found = DOUBTFUL.search(words)
    return found.group(0).strip() if found else None
