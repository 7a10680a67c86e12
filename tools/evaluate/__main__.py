"""`make evaluate DATA=folder`: every figure beside its target and what other programs reach, as a table."""

import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
django.setup()

from tools.evaluate import actions, scores  # noqa: E402 -- after the settings
from tools.evaluate.rows import Data, ask  # noqa: E402 -- after the settings

# source, figure, target, smaller is better, what dateparser / parsedatetime / timefhuman reach
LINES: tuple[tuple[str, str, str, float, bool, str], ...] = (
    ("sgd", "date", "SGD, date exact", 0.97, False, "0.75 / 0.36 / 0.78"),
    ("sgd", "time", "SGD, time exact", 0.95, False, "0.55 / 0.50 / 0.30"),
    ("sgd", "false", "SGD, false date or time", 0.02, True, ""),
    ("nlupp", "date", "NLU++, date exact", 0.93, False, ""),
    ("nlupp", "time", "NLU++, time exact", 0.88, False, ""),
    ("nlupp", "false", "NLU++, false date or time", 0.04, True, ""),
    ("restaurant", "date", "RESTAURANTS-8K, date found, F1", 0.95, False, ""),
    ("restaurant", "time", "RESTAURANTS-8K, time found, F1", 0.95, False, ""),
    ("recognizers", "exact", "Recognizers, date/time/datetime exact", 0.80, False, "all 0.34 or less"),
    ("recognizers es", "exact", "Recognizers in Spanish, exact", 0.0, False, ""),
    ("answers", "yes", "SGD, yes, F1", 0.0, False, ""),
    ("answers", "no", "SGD, no, F1", 0.0, False, ""),
    ("answers", "other", "SGD, another one, F1", 0.0, False, ""),
    ("answers", "macro", "SGD, yes / no / other, macro F1", 0.85, False, ""),
)


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "")
    if not (folder / "sgd_services.jsonl").exists():
        print("usage: make evaluate DATA=<folder with sgd_services.jsonl and the others>", file=sys.stderr)
        return 2
    parts = {part: scores.all_scores(Data(folder, part)) for part in ("dev", "held", "all")}
    print("| figure | target | looked at | held back | all | dateparser / parsedatetime / timefhuman |")
    print("|---|---|---|---|---|---|")
    for source, name, title, target, is_smaller, peers in LINES:
        figures = [parts[part][source][name] for part in parts]
        bound = f"{'<=' if is_smaller else '>='} {target:.2f}" if target else ""
        print(f"| {title} | {bound} | {' | '.join(f'{figure:.3f}' for figure in figures)} | {peers} |")
    _print_actions(folder)
    _print_speed(Data(folder))
    return 0


def _print_actions(folder: Path) -> None:
    print("\n| held back | confidence at least | readings to act on | of them wrong |\n|---|---|---|---|")
    for title, source in actions.SOURCES.items():
        for step, total, wrong in actions.wrong_above(Data(folder, "held"), source):
            print(f"| {title} | {step:.2f} | {total} | {wrong:.2%} |")


def _print_speed(data: Data) -> None:
    rows = data.rows("sgd_services")
    started = time.process_time()
    for row in rows:
        ask(row)
    print(
        f"\n{len(rows) / (time.process_time() - started):,.0f} texts a second on one core, JSON in and out included"
    )


if __name__ == "__main__":
    raise SystemExit(main())
