"""The law as it comes with the release, for tests of logic; `rule` makes one more."""

from datetime import date, time

from messaging.enums import Evidence, RuleForce, RuleKind
from messaging.logic.law import Law, SendingHours
from messaging.logic.rules import EVERYWHERE, Hours, Rule, Span
from messaging.services.law_seed import read_file

LAW = Law(read_file())
LONG_AGO = date(2000, 1, 1)
EVERY_DAY = (True,) * 7


def week(opens: time, closes: time, days: tuple[bool, ...] = EVERY_DAY) -> tuple[Span | None, ...]:
    return tuple(Span(opens, closes) if is_open else None for is_open in days)


def rule(terms, **fields) -> Rule:
    """Return a rule that holds everywhere for marketing texts, unless told otherwise."""
    usual = {
        "key": "test",
        "kind": RuleKind.HOURS,
        "jurisdiction": EVERYWHERE,
        "purpose": "marketing",
        "channels": frozenset({"sms"}),
        "effective_on": LONG_AGO,
        "source": "a test",
        "force": RuleForce.BINDING,
        "evidence": Evidence.PRIMARY,
    }
    return Rule(terms=terms, **(usual | fields))


def hours(
    opens: time, closes: time, days: tuple[bool, ...] = EVERY_DAY, *, keeps_holidays: bool = False
) -> SendingHours:
    """Return the hours of one rule for somebody in the United States."""
    return SendingHours([rule(Hours(week(opens, closes, days), keeps_holidays=keeps_holidays))], ("US",))
