"""A text read as the answer to a prompt given in words only, as it is told to other programs."""

from conversations.enums import Intent
from conversations.logic.understanding.combine import NOTHING, Said, read_when
from conversations.logic.understanding.folding import fold
from conversations.logic.understanding.meaning import Context, Understanding
from conversations.logic.understanding.prompts import Asked, read_prompt
from conversations.logic.understanding.tokens import tokenise

_ANSWERS = {Intent.ACCEPT, Intent.DECLINE}


def told_intents(understanding: Understanding, *, context: Context, has_opted_out: bool) -> list[Intent]:
    """Return the intents of an answer, the opt-out first.

    What the dialogue sees from the state of the conversation is seen from the prompt here: "not now" to an offer is a no to
    it, and so is another day or time than the one to be confirmed.
    """
    intents: list[Intent] = list(understanding.intents)
    if has_opted_out:
        return [Intent.OPT_OUT, *(intent for intent in intents if intent is not Intent.OTHER)]
    is_open = not _ANSWERS & set(intents) and "other_time" not in understanding.heard
    if (
        context.prompt
        and is_open
        and (_turns_down(understanding, context) or _differs(understanding, context))
    ):
        return [Intent.DECLINE, *(intent for intent in intents if intent is not Intent.OTHER)]
    return intents


def _turns_down(understanding: Understanding, context: Context) -> bool:
    """Return whether a yes-or-no question is answered by "not now", "that won't work" or "that's all"."""
    says_so = not {"later", "unsuitable", "closing"}.isdisjoint(understanding.heard)
    return says_so and Asked.YES_OR_NO in read_prompt(context.prompt)


def _differs(understanding: Understanding, context: Context) -> bool:
    """Return whether another day or time is named than the one that the prompt wanted confirmed."""
    if understanding.said_on is None and understanding.said_at is None:
        return False
    asked = _read(context)
    differs_on = asked.on is not None and understanding.said_on not in {None, asked.on}
    differs_at = asked.at is not None and understanding.said_at not in {None, asked.at}
    return differs_on or differs_at


def _read(context: Context) -> Said:
    tokens = tokenise(fold(context.prompt))
    return read_when(tokens, context=context) if tokens.is_telling else NOTHING
