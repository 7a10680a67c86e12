"""Understanding of a customer's reply: `understand(text, context=...)`. Pure, no network, no model.

    folding, tokens   a text cut into words once, each of a kind (`kinds`, `words/`: English and Spanish as data)
    grammar/          days and times, one idea a file; rules are written in kinds of words
    days, times       what a text names, in its place; `combine` puts them together
    phrases, intents  what else the words say (`words/intents_*.py`, `words/facts.py`)
    choices, bare_hours, prompts, mileage
    understand        what all of it means, and how sure that is (`confidence`)

source: docs/understanding.md
"""

from conversations.logic.understanding.meaning import (
    Context,
    Fact,
    Hours,
    Mileage,
    TimeWish,
    Understanding,
    Wish,
)
from conversations.logic.understanding.understand import understand

__all__ = ["Context", "Fact", "Hours", "Mileage", "TimeWish", "Understanding", "Wish", "understand"]
