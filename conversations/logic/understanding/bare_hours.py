"""A whole text that is an hour only because of the question before it: "9", "3 works", "umm 6 please"."""

from itertools import pairwise

from conversations.logic.understanding.grammar.clock import clock_of
from conversations.logic.understanding.grammar.said_times import Relation, SaidTime
from conversations.logic.understanding.kinds import GROUPS, KINDS
from conversations.logic.understanding.prompts import Asked
from conversations.logic.understanding.times import TimeItem
from conversations.logic.understanding.tokens import Tokens

MOST_WORDS = 9
_HOUR_AND_MINUTES, LEAST_MINUTES = 2, 10
HUNDRED, NOON_HOUR, HOURS, MINUTES = 100, 12, 24, 60
_NUMBERS = frozenset(KINDS[kind] for kind in GROUPS["time"])
_CUTS = frozenset(KINDS[kind] for kind in ("comma", "stop"))
_SUITS = frozenset("works work would good fine great better best perfect ideal".split())
_FILLERS = frozenset(
    """. , ! ? - ' s yes yeah yep ok okay sure no um umm uh hmm well maybe say like still the one ones slot option time please pls
    thanks thank you thx works work would is will do be fine good great perfect best better ideal for me us at around about approx i'll
    i'd i like prefer preferably want take it its it's already booked make that that's lets let's how what my then and so a think can come
    hora las la a si bien por favor gracias esta mejor sharp ish oclock sounds if possible available we'd we have has to""".split()
)


def find_bare_hour(tokens: Tokens, *, asked: Asked) -> TimeItem | None:
    """Return the hour that a text of one number and fillers is, or None.

    Asked for a number of something else it is none; unasked only an hour of the clock's face is one.
    """
    if Asked.COUNT in asked:
        return None
    return _hour_of(tokens, 0, len(tokens.texts), asked) or next(
        (found for clause in _clauses(tokens) if (found := _hour_of(tokens, *clause, asked))), None
    )


def _clauses(tokens: Tokens) -> list[tuple[int, int]]:
    """Return the clauses after the first that say of something that it suits: "..., 12 would be good"."""
    ends = [at for at, letter in enumerate(tokens.shape) if letter in _CUTS]
    bounds = [*ends, len(tokens.texts)]
    clauses = [(end + 1, following) for end, following in pairwise(bounds)]
    return [clause for clause in clauses if _SUITS & set(tokens.texts[slice(*clause)])]


def _hour_of(tokens: Tokens, start: int, end: int, asked: Asked) -> TimeItem | None:
    if end - start > MOST_WORDS:
        return None
    places = [
        at for at in range(start, end) if tokens.shape[at] in _NUMBERS and tokens.texts[at] not in _FILLERS
    ]
    if not places and Asked.TIME in asked:
        places = [at for at in range(start, end) if tokens.texts[at] in {"one", "una"}]
    if len(places) == _HOUR_AND_MINUTES and (two := _two_numbers(tokens, places, start, end)):
        return two
    if len(places) != 1 or not _is_filled(tokens, places[0], start, end):
        return None
    value = tokens.values[places[0]]
    hour, minute = (
        value if isinstance(value, tuple) else divmod(value, HUNDRED) if value >= HUNDRED else (value, 0)
    )
    is_plain = not isinstance(value, tuple) and value < HUNDRED
    clock = clock_of(hour, minute)
    if clock is None or (is_plain and Asked.TIME not in asked and not 1 <= hour <= NOON_HOUR):
        return None
    return TimeItem(SaidTime(Relation.EXACT, clock), places[0], places[0] + 1, "bare hour")


def _two_numbers(tokens: Tokens, places: list[int], start: int, end: int) -> TimeItem | None:
    """Read "ten thirty", "8 45": an hour and its minutes, nothing between."""
    hour, minute = (tokens.values[at] for at in places)
    if places[1] != places[0] + 1 or not isinstance(hour, int) or not isinstance(minute, int):
        return None
    clock = clock_of(hour, minute) if minute >= LEAST_MINUTES else None
    if clock is None or not _is_filled(tokens, places[1], start, end, also=places[0]):
        return None
    return TimeItem(SaidTime(Relation.EXACT, clock), places[0], places[1] + 1, "bare hour")


def _is_filled(tokens: Tokens, place: int, start: int, end: int, *, also: int = -1) -> bool:
    return all(at in {place, also} or tokens.texts[at] in _FILLERS for at in range(start, end))
