"""What would be acted on alone, and how much of it would be wrong: the check of the confidence."""

from collections import Counter
from collections.abc import Iterator

from tools.evaluate.rows import Data, Row, ask

# Intents with which the dialogue asks a person first, whatever else is said.
FOR_A_PERSON = {"complaint", "human", "wrong_person", "sold_vehicle", "already_done", "question"}
STEPS = (0.3, 0.6, 0.7, 0.9)


SOURCES = {"appointments (SGD)": "sgd_services", "hotel and bank (NLU++)": "nlupp"}


def readings(data: Data, source: str) -> Iterator[tuple[float, bool, str, Row]]:
    """Yield confidence, whether acting on it were wrong, and the kind of action, of every reading that may be acted on.

    Wrong is a day or time other than the labelled one or than the one the prompt had agreed already, a yes where the label says no or another one, a no where
    it says yes.
    """
    for row in data.rows(source):
        answer = ask(row)
        kind = _kind(answer)
        if kind and not FOR_A_PERSON & set(answer["intents"]):
            yield answer["confidence"], _is_wrong(kind, answer, row), kind, row


def _kind(answer: Row) -> str:
    if answer["date"] or answer["time"]:
        return "time"
    return next((kind for kind in ("cancel", "decline", "accept") if kind in answer["intents"]), "")


def _is_wrong(kind: str, answer: Row, row: Row) -> bool:
    if kind == "time":
        return any(_differs(answer[each], row[each], row, each) for each in ("date", "time"))
    if "acts" not in row:
        labelled = set(row["intents"])
        return {"accept": "deny", "decline": "affirm"}.get(kind, "affirm") in labelled
    acts = set(row["acts"])
    if kind == "accept":
        return bool(acts & {"no", "other"}) and "yes" not in acts
    return "yes" in acts and "no" not in acts


def _differs(told: str | None, labelled: str | None, row: Row, kind: str) -> bool:
    """Return whether what is told is neither the label nor what the prompt had agreed already, which is not labelled."""
    if told is None or told == labelled:
        return False
    return (
        bool(labelled)
        or not row.get("prompt")
        or ask({**row, "text": row["prompt"], "prompt": ""})[kind] != told
    )


def wrong_above(data: Data, source: str) -> list[tuple[float, int, float]]:
    """Return for each threshold how many readings lie above it and what share of them is wrong."""
    counts: Counter[tuple[float, bool]] = Counter()
    for confidence, is_wrong, _, _ in readings(data, source):
        counts.update((step, is_wrong) for step in STEPS if confidence >= step)
    totals = [(step, counts[step, True] + counts[step, False], counts[step, True]) for step in STEPS]
    return [(step, total, wrong / max(1, total)) for step, total, wrong in totals]
