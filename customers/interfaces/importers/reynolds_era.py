"""Reynolds & Reynolds ERA: the XML export of closed repair orders.

One `RoRecord` per repair order, all values in attributes. It is read with a parser target instead of a tree,
so that memory does not grow with the file, and with defusedxml, so that entities cannot expand.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from customers.enums import ImportFormat
from customers.logic.imports.problems import Issue, Problem
from customers.logic.imports.source import SourceRow, UnusableFile, visible_cells

_CHUNK = 1 << 16
# A repair order has some dozen operations. More than this is a file made to fill the memory.
MAX_OPERATIONS = 500
MAX_DEPTH = 32

# Attribute of Rogen -> field. The export's names are the columns people see in an error file.
_HEAD = {
    "RoNo": "ro_number",
    "RoCreateDate": "opened_on",
    "CustInvoiceDate": "closed_on",
    "Vin": "vin",
    "CarlineDesc": "make",
    "MileageIn": "mileage_in",
    "MileageOut": "mileage_out",
    "CustNo": "customer_number",
    "CustName": "customer_name",
    "AdvName": "advisor",
    "CustRoTotalAmt": "customer_total",
    "WarrRoTotalAmt": "warranty_total",
    "IntrRoTotalAmt": "internal_total",
}
_OPERATION = {
    "JobNo": "line_number",
    "OpCode": "op_code",
    "OpCodeDesc": "op_description",
    "RecSvcPerformFlag": "performed",
    "TotalAmt": "amount",
    "PayType": "pay_type",
}
_MAPPING = {**_HEAD, **_OPERATION}
_CLOSED_INSTEAD = "finalpostdate"


def _key(name: str) -> str:
    """Names compared without namespace, case and underscores."""
    return re.sub(r"[\s_]", "", name.rpartition("}")[2]).lower()


_HEAD_KEYS = tuple(_key(name) for name in _HEAD)


@dataclass(slots=True)
class _Order:
    """One repair order while it is read."""

    line: int
    head: dict[str, str] = field(default_factory=dict)
    operations: list[dict[str, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class _Orders:
    """The parser's target: collects finished repair orders until they are taken away."""

    def __init__(self) -> None:
        self.finished: list[_Order] = []
        self.seen_root = ""
        self.line: Callable[[], int] = lambda: 0
        self._order: _Order | None = None
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _key(tag)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnusableFile("The XML is nested deeper than any export of repair orders.")
        self.seen_root = self.seen_root or name
        if name == "rorecord":
            self._order = _Order(line=self.line())
        elif self._order is not None:
            self._collect(self._order, name, {_key(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        if _key(tag) == "rorecord" and self._order is not None:
            self.finished.append(self._order)
            self._order = None

    def data(self, _text: str) -> None:
        """Ignore text between elements: the export has all its values in attributes."""

    def close(self) -> None:
        """Nothing is left to do at the end of the file."""

    def _collect(self, order: _Order, name: str, values: dict[str, str]) -> None:
        if name == "rogen":
            order.head = values
        elif name == "opcodelaborinfo":
            self._add(order, values)
        elif name == "recommendedservc" and values.get("recsvcperformflag", "").strip().upper().startswith(
            "N"
        ):
            # Recommended and done is a labour line as well; only what was declined stands here alone.
            declined = {
                "opcode": values.get("recsvcopcode", ""),
                "opcodedesc": values.get("recsvcopcddesc", ""),
            }
            self._add(order, {**declined, "recsvcperformflag": "N"})
        elif name == "roamts" and order.operations:
            self._add_amount(order.operations[-1], values)

    def _add(self, order: _Order, values: dict[str, str]) -> None:
        if len(order.operations) < MAX_OPERATIONS:
            order.operations.append(values)
        elif not order.issues:
            order.issues.append(Issue(Problem.TOO_LONG, order.line))

    def _add_amount(self, operation: dict[str, str], values: dict[str, str]) -> None:
        """Return the job's total where the export gives one, else the first amount."""
        if "totalamt" not in operation or values.get("amttype", "").strip().lower() == "job":
            operation["totalamt"] = values.get("totalamt", "")
            operation["paytype"] = values.get("paytype", "")


class ReynoldsFile:
    """Closed repair orders of Reynolds ERA; columns are the attributes' names."""

    format = ImportFormat.REYNOLDS.value
    headers = tuple(_MAPPING)
    fixed_mapping = dict(_MAPPING)

    def __init__(self, path: Path) -> None:
        self.path = path
        self._check_is_reynolds()

    def rows(self) -> Iterator[SourceRow]:
        """One row per operation of each repair order (one for an order without any).

        raises: UnusableFile where the XML ends or breaks in the middle; the orders before that are given first
        """
        for order in self._orders():
            yield from _rows_of(order)

    def _check_is_reynolds(self) -> None:
        if next(self._orders(), None) is None:
            raise UnusableFile(
                "This XML holds no RoRecord. Only Reynolds ERA closed repair orders are read as XML."
            )

    def _orders(self) -> Iterator[_Order]:
        target = _Orders()
        parser = DefusedXMLParser(target=target, forbid_dtd=False, forbid_entities=True, forbid_external=True)
        target.line = lambda: int(parser.parser.CurrentLineNumber)
        with self.path.open("rb") as file:
            try:
                while chunk := file.read(_CHUNK):
                    parser.feed(chunk)
                    yield from target.finished
                    target.finished.clear()
                parser.close()
            except DefusedXmlException as error:
                raise UnusableFile(
                    "The XML defines entities, which no export does. It is not read."
                ) from error
            except ParseError as error:
                yield from target.finished
                raise UnusableFile(f"The XML is broken in line {error.position[0]}: {error.msg}.") from error


def _rows_of(order: _Order) -> Iterator[SourceRow]:
    head = dict(order.head)
    head["custinvoicedate"] = head.get("custinvoicedate") or head.get(_CLOSED_INSTEAD, "")
    first = tuple(head.get(key, "") for key in _HEAD_KEYS)
    issues = tuple(order.issues)
    for operation in order.operations or [{}]:
        cells = first + tuple(operation.get(_key(name), "") for name in _OPERATION)
        yield SourceRow(order.line, visible_cells(cells), issues)
