"""Whether someone asks not to be contacted any more: keywords of the whole message, and plain requests in free text.

Checked before anything else looks at a reply. Three kinds of evidence, on a folded text (lower case, without
accents, emoji and punctuation):

- the whole message is a stop word, mistyped or with courtesies around it ("STOP!!", "pls stop", "unsubscibe")
- one of its sentences is a stop word that means nothing else ("Sold it. Stop.", "tuesday at 3 works. STOP")
- it contains a request that means nothing else ("take me off your list", "quit texting me", "no me llamen mas")

What merely contains such a word is no request: "stop by at 5?", "can't stop thinking", "don't stop the service".

source: 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel, unsubscribe and any other clear words);
the carriers' own lists add STOPALL; ALTO, PARAR, BASTA, NO MAS and ARRET are their usual Spanish and French forms
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from common.enums import Channel
from messaging.logic.stop_words import (
    COURTESIES,
    KEY_PHRASES,
    KEYWORDS,
    MORE_COURTESIES,
    OTHER_WORDS,
    PART_OF_A_STOP,
    STOP_SIGNS,
    UNMISTAKABLE,
)


class Scope(StrEnum):
    """What the words cover: the channel they came by, or all contact."""

    CHANNEL = "channel"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class OptOut:
    """`matched` is the evidence: the keyword or the words that decided."""

    scope: Scope
    matched: str
    # What they named while asking for another way instead ("stop calling, text me instead"); empty: as the scope says.
    channels: tuple[Channel, ...] = ()


MOST_WORDS_OF_A_KEYWORD = 6
# No request to stop begins further into a message.
MOST_LETTERS = 5_000
_APOSTROPHES, _NO_LETTERS = re.compile(r"['`´]"), re.compile(r"[^a-z0-9]+")
_SPELLED_OUT = re.compile(r"\b(?:[a-z] ){2,}[a-z]\b")
SENTENCE_ENDS = re.compile(r"[.!?;\n\r]+")
# "I sold the car STOP": in capitals of its own at the end. Lower case there may be a bus stop.
ENDS_WITH_STOP = re.compile(r"\b(?:STOP|UNSUBSCRIBE)\W*$")
# It ends within so many letters, signs and line ends included: a search of the whole took minutes on a hostile text.
LAST_LETTERS = 60
SHORTEST_TYPO = 4

_ME = (
    r"(?:me|us|my (?:cell|phone|number|husband|wife|mom|dad|family)|this (?:number|phone|address|email)|here)"
)
_CONTACT = r"(?:text|texts|texting|txt|txting|call|calls|calling|message|messages|messaging|msg|msgs|contact|contacting|e ?mail|e ?mails|e ?mailing|bother|bothering|spam|spamming|harass|harassing|bug|bugging|remind|reminding|write|writing|ring|ringing)"
_SENT = r"(?:texts?|txts?|calls?|messages?|msgs?|e ?mails?|reminders?|notifications?|ads?|offers?|promotions?|letters?|mail|mailings?|spam|stuff|crap|solicitations?)"
_NOT = r"(?:do not|dont|never|no longer|please not)"

# Each means "no more contact" wherever it stands in a text.
REQUESTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:stop|quit|cease|halt|discontinue|end) (?:the |these |those |this |all |all the |with the |sending |sending me |any |your |ur |with |w |it with the )*(?:\w+ )?{_SENT}\b(?! (?:at|before|after|until|till|while|during))",
        rf"\b(?:stop|quit|cease|halt|discontinue) (?:\w+ly )?(?:{_CONTACT}|sending)(?: {_ME}| it| this| these| them| any ?more| stuff| things| the| so much| all of| please| now| now please| ok| immediately|$)",
        rf"\b{_NOT} (?:ever )?(?:send {_ME}|{_CONTACT} {_ME})(?: (?:any ?more|again|ever|anything|any|another|more|please|texts?|messages?|stuff)\b|$| i | we | or )",
        rf"\b{_NOT} (?:ever )?{_CONTACT} (?:any ?more|again|ever)\b",
        r"\bstop (?:receiving|getting) (?:any |these|this|those|your|all|texts?|messages?|calls?|e ?mails?|reminders?)",
        rf"\b{_NOT} (?:ever )?(?:want|wish|care|need|like) (?:to (?:receive|get|be) |any |any more |more |your |these |this |anymore )+(?:\w+ )?(?:{_SENT}|contacted|texted|called|messaged|emailed|bothered|reminded)\b",
        rf"\b(?:i )?{_NOT} (?:want|wish|like) (?:you|you guys|u|yall|anyone|you people) to {_CONTACT}\b",
        rf"\bno (?:more|further|mas) (?:of )?(?:these |this |your |the |\w+ )?{_SENT}\b",
        r"\b(?:take|remove|delete|drop|scratch|get|cross|erase|strike) (?:me|us|my (?:name|number|phone|cell|email|e mail|address|info|information|contact|details)(?: number| address)?|this (?:number|phone|email|address))(?: (?:off|from|out|of|completely|please|now|at once|entirely))*(?: (?:of|from))?(?: (?:this|your|ur|the|all|any|that|of|every))*(?: \w+)? ?(?:list|lists|database|system|records|contacts|distribution|mailing|file|files|texts|messages|texting)\b",
        r"\b(?:remove|delete|erase) (?:me|my (?:number|phone|cell|email|info|information|contact))(?: (?:please|now|asap|immediately|thanks|from this|from here|from your))?$",
        r"\bplease (?:remove|delete|erase) (?:me|my (?:number|phone|cell|email|info|information))\b",
        r"\b(?:take|get) (?:me|us|my number) off\b(?! (?:hold|speaker|work|at \d))",
        rf"\bcease (?:and desist )?(?:{_CONTACT}|all)",
        r"\blose (?:my|this) (?:number|phone|email)\b",
        r"\b(?:opt|opting|opted|opt me|opting me|want) (?:me )?out(?! of (?:town|the office|state|the shop|my car))\b(?= (?:of|from)|$| please| now| of)",
        r"\bopt(?:ing)? (?:me |us )?out\b",
        r"\bun ?subscri\w+",
        r"\b(?:i )?(?:revoke|withdraw) (?:my |all |any )*(?:consent|permission)\b",
        r"\bleave (?:me|us) (?:alone|be)\b",
        r"\b(?:you (?:have|got|had)|this is|its|it is|thats|that is|u have|u got|have|got|ur texting) (?:the |a )?wrong (?:number|person|phone|guy|customer)\b",
        r"\bwrong (?:number|person)\b$",
        r"\bno one (?:here )?by that name\b",
        rf"\b(?:put|add) (?:me|us|my number|this number) (?:on|to|in) (?:your |the |ur )?(?:do not|no|dnc) ?(?:{_CONTACT}|list)",
        r"\bno longer (?:wish|want) to (?:be|receive|get|hear)\b",
        r"\b(?:do not|dont) (?:want|wish) to (?:hear|be hearing) from (?:you|u|yall)\b",
        # Spanish
        r"\b(?:deje|dejen|deja|paren|pare|para|dejar) de (?:mandar|enviar|llamar|molestar|escribir|textear|contactar|enviarme|mandarme|llamarme|molestarme|escribirme|textearme|contactarme)\w*",
        r"\bno (?:me|nos) (?:vuelva[ns]? a )?(?:mande[ns]?|envie[ns]?|llame[ns]?|escriba[ns]?|moleste[ns]?|contacte[ns]?|textee[ns]?|mandar|enviar|llamar|escribir|molestar|contactar)\b(?! (?:hoy|manana|antes|despues|hasta|a las|en la|por la|al trabajo|durante|cuando|mientras))",
        r"\bno quiero (?:recibir |mas |que me |sus |estos |esos |estas )+(?:\w+ )?(?:mensajes?|llamadas?|textos?|correos?|recordatorios?|llamen|manden|escriban|contacten|envien|molesten)\b",
        r"\bno (?:mas|deseo) (?:recibir )?(?:mas )?(?:mensajes|llamadas|textos|correos|recordatorios)\b",
        r"\b(?:quit|borr|elimin|saqu|sac|remuev|remov)\w* ?(?:me|mi numero|mi nombre|mi telefono|mi correo|este numero) (?:de|del) (?:su|la|esta|tu|sus|esa)?\b",
        r"\b(?:quiten|borren|eliminen|saquen|quite|borre|elimine|saque)(?:me| mi numero| mi nombre| mi telefono)\b",
        r"\b(?:dar|den|deme|denme|darme|dame)(?:me)? de baja\b",
        r"\b(?:tiene el |es un |es el |este es un )?numero equivocado\b",
        # French
        r"\barrete[zr]? (?:de |d )?(?:m |nous )?(?:envoyer|appeler|contacter|ecrire|les messages|les textos)\b",
        r"\bne (?:m |nous |me )(?:appelez|contactez|ecrivez|envoyez) plus\b",
        r"\bdesabonne\w*",
    )
)
# To the end of the word it ends in: "desist contact" leaves no "ing" behind.
_WHOLE_REQUESTS = tuple(re.compile(rf"{pattern.pattern}\w*") for pattern in REQUESTS)
# Somebody who does not ask for a stop, but speaks of one.
NO_REQUEST = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:do not|dont|cant|can not|cannot|wont|will not|didnt|did not|never|couldnt|doesnt|wouldnt) (?:\w+ )?(?:stop|quit|cancel|unsubscribe|remove|take me off|opt out|end)\b",
        r"\b(?:did|do|have|has|if|why|when|how|should) (?:i|you|they|we|u|it)(?: \w+)? (?:opt|opted|unsubscribe|unsubscribed|stop|stopped|quit)\b",
        r"\bnot (?:a|the) wrong number\b",
    )
)
# "Stop texting, call me instead": the one way is to end, and a person is wanted on another.
ANOTHER_WAY = re.compile(
    r"\b(?:stop|quit|cease) (?:the |these |all |\w+ly )?(?P<way>text|txt|messag|msg|call|ring|phon|e ?mail)\w*(?: \w+){0,4}?"
    r" (?:(?:and|just|please|rather|only|you can) )*(?:text|txt|message|call|ring|phone|e ?mail)(?: (?:me|us))?"
    r"(?: \w+){0,2}? instead\b"
    r"|\b(?:stop|quit|cease) (?:\w+ly )?(?P<other>text|txt|messag|msg|call|ring|phon|e ?mail)\w*(?: (?:me|us))? and (?:(?:just|please|only) )*"
    r"(?:text|txt|message|call|ring|phone|e ?mail)\b"
)
# Texts and calls end together where texts are named: our calls are automated, and it is a person they want.
NAMED = {
    "text": (Channel.SMS, Channel.VOICE),
    "txt": (Channel.SMS, Channel.VOICE),
    "messag": (Channel.SMS, Channel.VOICE),
    "msg": (Channel.SMS, Channel.VOICE),
    "call": (Channel.VOICE,),
    "ring": (Channel.VOICE,),
    "phon": (Channel.VOICE,),
    "email": (Channel.EMAIL,),
    "e mail": (Channel.EMAIL,),
}
# A request about when or how rather than whether: it is for a person to read.
ABOUT_HOW = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_NOT} {_CONTACT} (?:\w+ ){{0,3}}(?:before|after|until|till|while|during|at work|at night|on (?:sun|mon|tues|wednes|thurs|fri|satur)days?|on weekends?|today|tomorrow|tonight|this (?:week|morning|afternoon|evening)|yet|just)\b",
        rf"\b(?:stop|quit) {_CONTACT} (?:\w+ ){{0,3}}(?:before|until|till|at work|at night|today|tonight|so early|so late|and (?:just )?(?:text|call|email))\b",
        rf"\b{_CONTACT} (?:me )?instead\b",
        r"\b(?:rather|instead) (?:of )?(?:text|call|email)",
    )
)
# A message that opens with the word and then says why: with a mark after it, or in capitals of its own.
OPENS_WITH_STOP = re.compile(
    r"^\W*(?:(?:[Ss]top|STOP|[Uu]nsubscribe|UNSUBSCRIBE)\s*[,.!;:\n–-]|(?:STOP|UNSUBSCRIBE)\s(?!(?:BY|IN|AT|ON|OFF|OVER|UP|AND|LIGHT|LIGHTS|SIGN|LEAK|LEAKING|START)\b))"
)
# None of the requests can be in a text without the beginning of one of these words: most texts end here.
_BEGINNINGS = re.compile(
    r"\b(?:stop|quit|ceas|halt|discontin|end |opt|un ?subs|remov|delet|eras|scratch|cross|strike|lose|alone|leave|revok|withdraw|wrong|list|desist|off\b|name|longer"
    r"|hear|text|txt|call|messag|msg|e ?mail|mail|bother|spam|harass|bug|remind|writ|ring|notif|ad\b|ads\b|offer|promo|letter|stuff|crap|solicit|dnc"
    r"|equivocad|baja|borr|elimin|saqu|sac|mand|envi|llam|molest|escrib|contact|texte|mensaj|recordator|correo|arret|desabonn|appel|ecriv|envoy)"
)
WANTS_CONTACT = re.compile(
    r"\b(?:call|ring|phone|text|e ?mail) (?:me|us)\b|\b(?:llame(?:n|me)?|escriba(?:n|me)?)\b"
)
EVERYTHING = re.compile(
    r"\b(?:any ?way|in any way|at all|everything|all (?:contact|communications?|channels)|ever again|contact(?:ing)? (?:me|us)"
    r"|off (?:your|the|all|ur)|from (?:your|all|the) |wrong (?:number|person)|leave (?:me|us) (?:alone|be)|consent|lose my"
    r"|numero equivocado|de baja|hear from you)\b"
)


def read_opt_out(text: str) -> OptOut | None:
    """The opt-out in a message, or None.

    Of a reply by e-mail give only what the person wrote, without the quoted part.
    """
    words = fold(text)
    if not words:
        return OptOut(Scope.CHANNEL, text.strip()) if _is_stop_sign(text) else None
    if (keyword := _keyword(words) or _beside_others(text)) is not None:
        return OptOut(Scope.CHANNEL, keyword)
    return _request(words) if _BEGINNINGS.search(words) else None


def _request(words: str) -> OptOut | None:
    """What somebody asks for in a sentence, wherever it stands in a text."""
    if any(pattern.search(words) for pattern in NO_REQUEST):
        return None
    if found := ANOTHER_WAY.search(words):
        return OptOut(Scope.CHANNEL, found.group(0), NAMED[found["way"] or found["other"]])
    if any(pattern.search(words) for pattern in ABOUT_HOW):
        return None
    for pattern in REQUESTS:
        if found := pattern.search(words):
            scope = Scope.EVERYTHING if EVERYTHING.search(words) else Scope.CHANNEL
            return OptOut(scope, found.group(0).strip())
    return None


def has_more_to_say(text: str) -> bool:
    """Whether a message that asks us to stop says something else as well, which a person has to read.

    "STOP. Also is my car ready?" does; "please stop texting me at this number, thanks" does not. One word beyond the
    request and what goes with it is enough: an advisor's glance costs less than an answer nobody reads.
    """
    words = fold(text)
    if ANOTHER_WAY.search(words):
        return True
    for pattern in _WHOLE_REQUESTS:
        words = pattern.sub(" ", words)
    if WANTS_CONTACT.search(words):
        return True
    return any(word not in PART_OF_A_STOP and _meant(word) is None for word in words.split())


def _beside_others(text: str) -> str | None:
    """The stop word a message opens with, or has in it as a sentence of its own."""
    opening = OPENS_WITH_STOP.match(text)
    return fold(opening.group(0)) if opening else unmistakable(text)


def unmistakable(text: str) -> str | None:
    """The stop word that a sentence of its own is, whatever stands around it; None without one.

    Unlike `read_opt_out` it passes over words that may be about something else ("cancel"): for the subject of an
    e-mail, and for what is said beside an answer.
    """
    everything = fold(text)
    found = ENDS_WITH_STOP.search(text[-LAST_LETTERS:])
    if found is None and UNMISTAKABLE.isdisjoint(everything.split()) and "opt out" not in everything:
        return None
    for sentence in SENTENCE_ENDS.split(text[:MOST_LETTERS]):
        words = fold(sentence)
        core = set(words.split()) - COURTESIES - MORE_COURTESIES
        if words == "opt out" or (core and core <= UNMISTAKABLE):
            return words
    has_other_words = found is not None and re.search(r"[a-z]", text[: len(text) - len(found.group(0))])
    return fold(found.group(0)) if found and has_other_words else None


def _is_stop_sign(text: str) -> bool:
    """Whether a message is nothing but a stop sign, in whatever variant a phone draws it."""
    signs = {each for each in text if unicodedata.category(each) not in {"Mn", "Cf", "Zs", "Cc"}}
    return bool(signs) and signs <= STOP_SIGNS


@lru_cache(maxsize=1_000)
def fold(text: str) -> str:
    """Lower case, plain letters and digits, single spaces: "S.T.O.P!! 🛑" becomes "stop"."""
    plain = text[:MOST_LETTERS].casefold()
    if not plain.isascii():
        marked = unicodedata.normalize("NFKD", plain.replace("’", "'"))
        plain = "".join(each for each in marked if not unicodedata.combining(each))
    words = _NO_LETTERS.sub(" ", _APOSTROPHES.sub("", plain)).strip()
    return _SPELLED_OUT.sub(lambda found: found.group(0).replace(" ", ""), words)


def _keyword(words: str) -> str | None:
    """The stop word a whole message amounts to, courtesies left out and one slip of the finger allowed."""
    if words in KEY_PHRASES or words in KEYWORDS:
        return words
    parts = words.split()
    if len(parts) > MOST_WORDS_OF_A_KEYWORD:
        return None
    core = [part for part in parts if part not in COURTESIES]
    joined = " ".join(core)
    if joined in KEY_PHRASES or joined in KEYWORDS:
        return joined
    found = {_meant(part) for part in core}
    if core and None not in found and len(found) == 1:
        return found.pop()
    return None


@lru_cache(maxsize=10_000)
def _meant(word: str) -> str | None:
    """The stop word that a word is, or is one slip away from."""
    if word in KEYWORDS:
        return word
    if len(word) < SHORTEST_TYPO or word in OTHER_WORDS or word.isdigit():
        return None
    squeezed = re.sub(r"(.)\1{1,}", r"\1", word)  # stoppp, stooop
    for keyword in sorted(KEYWORDS):
        if len(keyword) >= SHORTEST_TYPO and (squeezed == keyword or is_one_slip(word, keyword)):
            return keyword
    return None


def is_one_slip(word: str, other: str) -> bool:
    """Whether one letter missing, added, wrong or swapped with its neighbour makes one of the other.

    In short words the first letter must be right: "shop" and "atop" are words of their own.
    """
    if abs(len(word) - len(other)) > 1 or word[0] != other[0]:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    a, b = word[start:], other[start:]
    is_swapped = len(a) > 1 and a[0:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or is_swapped
