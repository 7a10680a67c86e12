"""The figures: exact days and times, false ones, found ones, answers. Each returns name -> share."""

from collections import Counter

from tools.evaluate.rows import Data, Row, ask, single_values

Scores = dict[str, float]
ANSWERS = {"yes": "accept", "no": "decline", "other": "other_time"}


def exact(rows: list[Row]) -> Scores:
    """Return how many labelled days and times come out exactly, and how many come out where none is labelled."""
    counts: Counter[str] = Counter()
    for row in rows:
        answer = ask(row)
        for kind in ("date", "time"):
            if row[kind]:
                counts[kind] += 1
                counts[f"{kind} right"] += answer[kind] == row[kind]
        if not row["date"] and not row["time"]:
            counts["none"] += 1
            counts["false"] += bool(answer["date"] or answer["time"])
    return {
        "date": counts["date right"] / max(1, counts["date"]),
        "time": counts["time right"] / max(1, counts["time"]),
        "false": counts["false"] / max(1, counts["none"]),
    }


def found(rows: list[Row]) -> Scores:
    """Return the F1 of days and times found at all; what was asked for is the prompt."""
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for row in rows:
        answer = ask(row, prompt=" ".join(row["asked"]))
        for kind in ("date", "time"):
            counts[kind, bool(row[f"{kind}_span"]), bool(answer[kind])] += 1
    return {
        kind: _f1(counts[kind, True, True], counts[kind, False, True], counts[kind, True, False])
        for kind in ("date", "time")
    }


def specification(rows: list[Row]) -> Scores:
    """Return the share of specification rows with one date, time or both that come out as one of the accepted values."""
    right = total = 0
    for row in rows:
        for kind, values in single_values(row):
            answer = ask(row)
            wanted = {
                value[:16] if kind == "datetime" else value[:5] if kind == "time" else value
                for value in values
            }
            told = {"date": answer["date"], "time": answer["time"]}.get(
                kind, f"{answer['date']} {answer['time']}"
            )
            total += 1
            right += told in wanted
    return {"exact": right / max(1, total)}


def answers(rows: list[Row]) -> Scores:
    """Return the F1 of yes, no and another one, and their mean."""
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for row in rows:
        intents = ask(row)["intents"]
        for act, intent in ANSWERS.items():
            counts[act, act in row["acts"], intent in intents] += 1
    scores = {
        act: _f1(counts[act, True, True], counts[act, False, True], counts[act, True, False])
        for act in ANSWERS
    }
    return {**scores, "macro": sum(scores.values()) / len(scores)}


def _f1(both: int, only_told: int, only_labelled: int) -> float:
    return 2 * both / max(1, 2 * both + only_told + only_labelled)


def all_scores(data: Data) -> dict[str, Scores]:
    return {
        "sgd": exact(data.rows("sgd_services")),
        "nlupp": exact(data.rows("nlupp")),
        "restaurant": found(data.rows("restaurant8k")),
        "recognizers": specification(data.rows("recognizers_en")),
        "recognizers es": specification(data.rows("recognizers_spanish")),
        "answers": answers(data.rows("sgd_services")),
    }
