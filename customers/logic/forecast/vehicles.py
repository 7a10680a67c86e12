"""The forecasts of a chunk of vehicles, from their facts to the rows to store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np

from common.distance import to_km
from customers.enums import DueLimit
from customers.logic.forecast.arrays import Floats, Ints
from customers.logic.forecast.basis import DrivingFacts, ServiceFacts, driving_words, service_words
from customers.logic.forecast.driving import Driving, learn_driving
from customers.logic.forecast.driving_calendar import date_of, day_number
from customers.logic.forecast.due import DueDates, ServiceCycles, forecast_due
from customers.logic.forecast.facts import (
    ChunkFacts,
    ChunkForecast,
    DealershipFacts,
    ForecastRow,
    MenuService,
    NewVerdict,
)
from customers.logic.forecast.quality import VERDICTS, Judgement, judge
from customers.logic.forecast.readings import Readings, sort_readings
from customers.logic.forecast.relevance import Cycle, running_cycles
from customers.logic.forecast.similar import as_arrays, prior_rates

RULE_VERSION = 3
"""Raised by whoever changes what a forecast says: the rows tell by which rule they were made."""


@dataclass(frozen=True)
class _Running:
    """One cycle to forecast: the vehicle's place in the chunk, the cycle and its service."""

    place: int
    cycle: Cycle
    service: MenuService


def forecast_vehicles(chunk: ChunkFacts, dealership: DealershipFacts, *, today: date) -> ChunkForecast:
    """Return the forecast of every running service cycle of the vehicles, the earliest of each marked as next.

    A vehicle without a usable reading is expected to drive like similar ones from its first cycle on.
    """
    running = _running_cycles(chunk, dealership.menu)
    readings, place = as_arrays(chunk.vehicles, chunk.readings)
    judgement = judge(readings)
    driving, days_read = _learn(
        readings, judgement, running, prior=prior_rates(chunk, dealership, today=today)
    )
    due = forecast_due(driving, _service_cycles(running), today=day_number(today))
    set_aside = np.bincount(readings.vehicle[~judgement.is_good], minlength=len(chunk.vehicles))
    words = [
        driving_words(DrivingFacts(rate, days, aside, dealership.unit))
        for rate, days, aside in zip(
            driving.km_per_day.tolist(), days_read.tolist(), set_aside.tolist(), strict=True
        )
    ]
    return ChunkForecast(
        rows=_rows(chunk, running, due, words, today=today),
        new_verdicts=_new_verdicts(chunk, judgement, place),
    )


def _running_cycles(chunk: ChunkFacts, menu: Sequence[MenuService]) -> list[_Running]:
    """Return the cycles of all vehicles, by vehicle and within one in the order of the menu."""
    codes = {service.id: service.code for service in menu}
    by_id = {service.id: (rank, service) for rank, service in enumerate(menu)}
    running: list[_Running] = []
    for place, vehicle in enumerate(chunk.vehicles):
        record = chunk.records.get(vehicle.id)
        cycles = running_cycles(record, menu=codes) if record else []
        cycles.sort(key=lambda cycle: by_id[cycle.service_id][0])
        running.extend(_Running(place, cycle, by_id[cycle.service_id][1]) for cycle in cycles)
    return running


def _learn(
    readings: Readings, judgement: Judgement, running: Sequence[_Running], *, prior: Floats
) -> tuple[Driving, Ints]:
    """Return the driving of each vehicle and on how many days it was read.

    Where nothing usable was read, a clock that starts at zero with the first cycle stands in: the distance
    since then is all that a service's limit needs.
    """
    good = readings.select(judgement.is_good)
    starts_anew = judgement.starts_anew[judgement.is_good]
    is_new_day = np.append(True, ~good.same_vehicle() | (np.diff(good.day) > 0))[: len(good)]
    days_read = good.select(is_new_day).counts()
    first_cycle = {run.place: day_number(run.cycle.started_on) for run in reversed(running)}
    for run in running:
        first_cycle[run.place] = min(first_cycle[run.place], day_number(run.cycle.started_on))
    unread = np.array([place for place in first_cycle if not days_read[place]], dtype=np.int64)
    complete, place = sort_readings(
        np.concatenate([good.vehicle, unread]),
        np.concatenate([good.day, np.array([first_cycle[int(place)] for place in unread], dtype=np.int64)]),
        np.concatenate([good.km, np.zeros(len(unread))]),
        vehicle_count=good.vehicle_count,
    )
    starts = np.concatenate([starts_anew, np.zeros(len(unread), dtype=np.bool_)])[place]
    return learn_driving(complete, starts_anew=starts, prior_km_per_day=prior), days_read


def _service_cycles(running: Sequence[_Running]) -> ServiceCycles:
    return ServiceCycles(
        vehicle=np.array([run.place for run in running], dtype=np.int64),
        cycle_day=np.array([day_number(run.cycle.started_on) for run in running], dtype=np.int64),
        interval_km=np.array([_interval_km(run.service) for run in running], dtype=np.float64),
        interval_months=np.array([run.service.interval_months or 0 for run in running], dtype=np.int64),
    )


def _interval_km(service: MenuService) -> float:
    if not service.interval_distance:
        return float("nan")
    return to_km(service.interval_distance, service.interval_unit)


def _rows(
    chunk: ChunkFacts, running: Sequence[_Running], due: DueDates, words: Sequence[str], *, today: date
) -> list[ForecastRow]:
    next_ones = _next_ones(running, due)
    columns = zip(
        running,
        due.low.tolist(),
        due.due.tolist(),
        due.high.tolist(),
        due.probability_soon.tolist(),
        due.is_by_distance.tolist(),
        strict=True,
    )
    return [
        ForecastRow(
            vehicle_id=chunk.vehicles[run.place].id,
            service_id=run.service.id,
            low_on=date_of(low),
            due_on=date_of(middle),
            high_on=date_of(high),
            probability_30d=probability,
            limit=DueLimit.DISTANCE if is_by_distance else DueLimit.TIME,
            basis=f"{words[run.place]}; {_service_words(run, today)}"[:_MOST_LETTERS],
            cycle_started_on=run.cycle.started_on,
            is_next=number in next_ones,
        )
        for number, (run, low, middle, high, probability, is_by_distance) in enumerate(columns)
    ]


def _next_ones(running: Sequence[_Running], due: DueDates) -> set[int]:
    """Return the number of each vehicle's earliest cycle; of the same day, the first on the menu."""
    numbered = groupby(range(len(running)), key=lambda number: running[number].place)
    return {min(numbers, key=lambda number: int(due.due[number])) for _, numbers in numbered}


def _service_words(run: _Running, today: date) -> str:
    service = run.service
    facts = ServiceFacts(
        service.name, service.interval_distance, service.interval_unit, service.interval_months
    )
    return service_words(facts, last_done=run.cycle.last_done_on, since=run.cycle.started_on, today=today)


_MOST_LETTERS = 300  # of Forecast.basis


def _new_verdicts(chunk: ChunkFacts, judgement: Judgement, place: Ints) -> list[NewVerdict]:
    changed = []
    for number, verdict in zip(place.tolist(), judgement.verdict.tolist(), strict=True):
        reading, reason = chunk.readings[number], VERDICTS[verdict].value
        if reading.reason != reason:
            changed.append(NewVerdict(reading.id, reason))
    return changed
