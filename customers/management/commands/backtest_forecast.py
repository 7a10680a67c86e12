"""Measure the forecast on real histories, beside the usual methods."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.interfaces.readings_csv import ReadingsFile, UnreadableFileError, read_histories
from customers.logic.forecast.backtest import RANGES, Slice, backtest, rolling_origins


class Command(BaseCommand):
    help = (
        "Rolling-origin back-test of the forecast: error in days and coverage of the 50, 80 and 90 % ranges, by "
        "number of readings and for private and fleet cars, beside the usual methods."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--readings", type=Path, required=True, metavar="CSV")

    def handle(self, *_: Any, **options: Any) -> None:
        histories = _read(options["readings"])
        for line, reason in histories.bad_rows:
            self.stderr.write(f"{options['readings']}:{line}: {reason}")
        origins = rolling_origins(histories.vehicles)
        if not origins:
            raise CommandError("No vehicle has two good readings on different days: nothing to test.")
        slices = backtest(origins)
        self.stdout.write(f"{len(histories.vehicles)} vehicles, {len(origins)} questions\n")
        self.stdout.write("Error in days, mean / median / 90 %:\n")
        self.stdout.write("\n".join(_error_table(slices)) + "\n")
        self.stdout.write("Share of arrivals inside our ranges:\n")
        self.stdout.write("\n".join(_coverage_table(slices)))


def _read(path: Path) -> ReadingsFile:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_histories(lines)
    except (OSError, UnicodeDecodeError, UnreadableFileError) as error:
        raise CommandError(f"{path}: {error}") from error


def _error_table(slices: list[Slice]) -> list[str]:
    methods = list(slices[0].mean_error)
    rows = [
        [part.name, str(part.origins)]
        + [
            f"{part.mean_error[method]:.0f} / {part.median_error[method]:.0f} / {part.p90_error[method]:.0f}"
            for method in methods
        ]
        for part in slices
    ]
    return _table(["Slice", "Questions", *methods], rows)


def _coverage_table(slices: list[Slice]) -> list[str]:
    rows = [
        [part.name, str(part.origins)] + [f"{part.coverage[level]:.0%}" for level in RANGES]
        for part in slices
    ]
    return _table(["Slice", "Questions", *(f"{level:.0%} range" for level in RANGES)], rows)


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return a table that reads in a terminal and is Markdown."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
