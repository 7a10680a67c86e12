"""The one entry: what a text means in its context."""

from dataclasses import dataclass
from datetime import datetime

from conversations.enums import Intent
from conversations.logic.understanding.bare_hours import find_bare_hour
from conversations.logic.understanding.choices import UNCLEAR, find_choice
from conversations.logic.understanding.combine import NOTHING, Said, read_when
from conversations.logic.understanding.confidence import SURE, confidence_of, doubts_of
from conversations.logic.understanding.folding import fold
from conversations.logic.understanding.intents import Meant, find_intents
from conversations.logic.understanding.kinds import KINDS
from conversations.logic.understanding.meaning import Context, Understanding, Wish
from conversations.logic.understanding.mileage import find_mileage
from conversations.logic.understanding.phrases import frame
from conversations.logic.understanding.prompts import Asked, read_prompt
from conversations.logic.understanding.tokens import Tokens, tokenise
from messaging.logic.opt_out_doubts import suspect_opt_out

_NUMBER_KINDS = {KINDS[kind] for kind in ("number", "long_number", "year")}
_ANSWERED = {Intent.CANCEL, Intent.DECLINE, Intent.ACCEPT, Intent.LATER}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read so far: the phrases, the days and times, the offered time picked."""

    meant: Meant
    said: Said
    choice: int | None
    wishes: tuple[Wish, ...]
    rules: tuple[str, ...]


def understand(text: str, *, context: Context) -> Understanding:
    """Return what a text means: intents, wished days and times, the offered time it picks, facts, and how sure that is.

    Never raises, whatever the text. An ambiguity comes out as several days or times, for the dialogue to ask
    about; nothing is guessed. Opt-outs are not looked for here: messaging has taken them out before.

    shapes: confidence 0..1; wishes sorted as said
    """
    plain = fold(text)
    if not any(letter.isalnum() for letter in plain):
        return Understanding((Intent.OTHER,))
    tokens = tokenise(plain)
    choice = find_choice(_with_digits(tokens), offered=context.offered) if context.offered else None
    if choice == UNCLEAR:
        return Understanding((Intent.ACCEPT,), confidence=SURE, rules=("offered number or hour",))
    meant = find_intents(frame(tokens.texts))
    said = _read_when(tokens, context, has_choice=choice is not None)
    return _tell(_reading(meant, said, choice, context), tokens, plain, context)


def _read_when(tokens: Tokens, context: Context, *, has_choice: bool) -> Said:
    asked = read_prompt(context.prompt)
    bare = None if has_choice else find_bare_hour(tokens, asked=asked)
    if bare is None and not tokens.is_telling and Asked.TIME not in asked:
        return NOTHING
    return read_when(tokens, context=context, bare=bare)


def _reading(meant: Meant, said: Said, choice: int | None, context: Context) -> _Reading:
    if choice is not None:
        return _Reading(meant, said, choice, (), ("offered number",))
    by_time = _choice_by_time(said.wishes, context.offered)
    rules = said.rules if by_time is None else (*said.rules, "offered time")
    return _Reading(meant, said, by_time, said.wishes, rules)


def _tell(reading: _Reading, tokens: Tokens, plain: str, context: Context) -> Understanding:
    said, meant = reading.said, reading.meant
    intents = _intents(reading)
    if may_be_opt_out := suspect_opt_out(plain) is not None:
        intents = [
            Intent.HUMAN,
            *(intent for intent in intents if intent not in {Intent.HUMAN, Intent.OTHER}),
        ]
    doubts = doubts_of(
        tokens, said, intents, facts=meant.facts, has_choice=reading.choice is not None, context=context
    )
    if may_be_opt_out:
        doubts = ("may be an opt-out", *doubts)
    return Understanding(
        intents=tuple(intents),
        wishes=reading.wishes,
        excluded_days=said.excluded,
        choice=reading.choice,
        confidence=0.0 if intents == [Intent.OTHER] else confidence_of(doubts),
        rules=tuple(dict.fromkeys(reading.rules)),
        said_on=said.on,
        said_at=said.at,
        facts=meant.facts,
        mileage=find_mileage(plain),
        doubts=doubts,
        heard=meant.meanings,
    )


def _with_digits(tokens: Tokens) -> str:
    """Return the words with numbers as digits, for "number two"."""
    return " ".join(
        str(tokens.values[at]) if tokens.shape[at] in _NUMBER_KINDS else text
        for at, text in enumerate(tokens.texts)
    )


def _intents(reading: _Reading) -> list[Intent]:
    meant, intents = reading.meant, list(reading.meant.intents)
    if reading.choice is not None:
        return list(dict.fromkeys([Intent.ACCEPT, *intents]))
    if reading.wishes:
        return [*_without_plain_question(intents, meant), Intent.PROPOSE]
    asks = meant.is_asking and not _ANSWERED & set(intents)
    if asks:
        intents = _without_plain_question(intents, meant)
    if intents and intents != [Intent.THANKS]:
        return intents
    if reading.said.excluded or asks:
        return [*intents, Intent.PROPOSE]
    return intents or [Intent.THANKS if "closing" in meant.meanings else Intent.OTHER]


def _without_plain_question(intents: list[Intent], meant: Meant) -> list[Intent]:
    """Take "can you do tuesday?" for a wish; "how much is it, and can I come tuesday?" is a question as well."""
    is_real = any(fact.value.startswith("asks_") for fact in meant.facts)
    return intents if is_real else [intent for intent in intents if intent is not Intent.QUESTION]


def _choice_by_time(wishes: tuple[Wish, ...], offered: tuple[datetime, ...]) -> int | None:
    """Return the one offered time that the wishes fit, when they fit no other: "the 3:30 one", "tuesday works"."""
    if not wishes or any(wish.is_loose for wish in wishes):
        return None
    fitting = [index for index, at in enumerate(offered) if any(wish.fits(at) for wish in wishes)]
    return fitting[0] if len(fitting) == 1 else None
