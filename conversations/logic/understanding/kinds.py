"""Kinds of words: what a rule of the grammar is written in.

A text becomes a row of tokens, each of one kind; each kind is one letter, so that a text has a *shape*
("THE ORDINAL OF MONTH" is four letters) and a rule is one small regular expression over shapes.
"""

from types import MappingProxyType

_NAMES = (
    # plain words and marks
    "word comma stop dash slash_mark money hash "
    # days
    "weekday loose_weekday month loose_month ordinal loose_ordinal year slash_date relative_day today_part now holiday "
    "week weekend day_unit month_unit year_unit next this last early mid late later end_of each coming "
    # times
    "number loose_number long_number clock dotted half_day part noon hour_unit minute_unit quarter half oclock "
    # small words that bind
    "a the of in at on and or to till before after past between from about ish ago from_now minus plus for not "
    # what a number may count
    "unit amount opaque "
    # words a day was read from, when times are looked for
    "taken"
).split()
_LETTERS = "wabcdefghijklmnopqrstuvxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_=~%&!<>;:@ÀÁÂÃÄÅÆÇÈÉ"

# The name of each kind and its letter, e.g. KINDS["weekday"].
KINDS = MappingProxyType(dict(zip(_NAMES, _LETTERS, strict=False)))
WORD = KINDS["word"]
# Kinds a rule may be built on: a text without any of them names no day and no time.
_PLAIN = (
    "word comma stop dash slash_mark money hash a the of in at on and or to till before after past between from about for not "
    "unit amount opaque minus plus each this next last coming loose_ordinal loose_number loose_month early late later mid end_of ago "
    "hour_unit minute_unit day_unit month_unit year_unit now quarter half oclock ish half_day from_now taken"
).split()
TELLING = frozenset(KINDS.values()) - {KINDS[name] for name in _PLAIN}

# Names for several kinds at once, usable in rules like a kind.
GROUPS = MappingProxyType(
    {
        "day_name": ("weekday", "loose_weekday", "taken", "relative_day", "today_part"),
        "any_weekday": ("weekday", "loose_weekday"),
        "any_month": ("month", "loose_month"),
        "day_number": ("number", "loose_number", "ordinal", "loose_ordinal"),
        "nth": ("ordinal", "loose_ordinal"),
        "hour": ("number", "loose_number"),
        "count": ("number", "loose_number", "a"),
        "time": ("clock", "number", "loose_number", "long_number", "year", "dotted"),
        "span": ("to", "till", "dash", "a"),
        "link": ("comma", "on", "the", "of"),
        "join": ("and", "or", "comma"),
        "from_": ("from", "of", "between"),
        "lateish": ("late", "later"),
        "upcoming": ("next", "coming"),
    }
)
