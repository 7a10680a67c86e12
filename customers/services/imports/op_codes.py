"""The dealership's op codes while an import runs: looked up, recognised, counted."""

from collections import Counter

from customers.enums import OpCodeSource
from customers.logic.imports.visits import LineDraft
from customers.logic.op_codes import ByCode, ByWords, Recognition, Unmapped, recognise
from customers.models import OpCode, Service
from customers.services.imports import bulk, changes
from customers.services.imports.context import Run

_LONGEST_CODE = 40


class OpCodeBook:
    """Which service each operation is, for one run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._services = dict(Service.objects.values_list("code", "id"))
        self._codes = {
            code: (code_id, service, source)
            for code_id, code, service, source in OpCode.objects.values_list(
                "id", "code", "service_id", "source"
            )
        }
        self._seen: Counter[str] = Counter()
        self._new: dict[str, LineDraft] = {}

    def service_of(self, line: LineDraft) -> int | None:
        """Return the service of an operation: what an admin set, else what the line itself says, else its code's."""
        code = code_of(line)
        _, service, source = self._codes.get(code, (0, None, OpCodeSource.UNMAPPED))
        if source == OpCodeSource.ADMIN:
            return service
        match recognise(line.op_code, line.description):
            case ByCode(standard) | ByWords(standard):
                return self._services.get(standard.value)
            case Unmapped():
                return service

    def count(self, line: LineDraft) -> None:
        """Count an operation that is about to be recorded."""
        code = code_of(line)
        if code:
            self._seen[code] += 1
            if code not in self._codes:
                self._new.setdefault(code, line)

    def save(self) -> None:
        """Write new codes and the counts of this batch; inside the batch's transaction."""
        rows = []
        for code, line in self._new.items():
            service, source = self._recognised(recognise(line.op_code, line.description))
            rows.append((code, line.description, service, source.value))
        made = bulk.insert(
            OpCode,
            ("code", "description", "service_id", "source"),
            rows,
            constants={"times_seen": 0},
            returning=("code", "id", "service_id", "source"),
        )
        self._codes |= {code: (code_id, service, source) for code, code_id, service, source in made}
        changes.record_created(self._run.visit_import, OpCode, [row[1] for row in made])
        self._add_counts()
        self._new.clear()
        self._seen.clear()

    def _add_counts(self) -> None:
        ids = [self._codes[code][0] for code in self._seen if code in self._codes]
        known = OpCode.objects.filter(id__any_of=ids).values_list("id", "code", "times_seen")
        bulk.update(
            OpCode, ("times_seen",), [(code_id, times + self._seen[code]) for code_id, code, times in known]
        )

    def _recognised(self, recognition: Recognition) -> tuple[int | None, OpCodeSource]:
        match recognition:
            case ByCode(standard) if standard.value in self._services:
                return self._services[standard.value], OpCodeSource.CODE
            case ByWords(standard) if standard.value in self._services:
                return self._services[standard.value], OpCodeSource.WORDS
            case _:
                return None, OpCodeSource.UNMAPPED


def code_of(line: LineDraft) -> str:
    """Return the code under which an operation is listed; without one the beginning of its words."""
    return (line.op_code or line.description.upper())[:_LONGEST_CODE].strip()
