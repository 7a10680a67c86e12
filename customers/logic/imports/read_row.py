"""One row of a file to a customer, a vehicle, operations of a repair order, or several of these."""

from customers.logic.imports.fields import Part
from customers.logic.imports.problems import Issue, Problem
from customers.logic.imports.read_customer import read_customer
from customers.logic.imports.read_vehicle import read_vehicle
from customers.logic.imports.read_visit import read_visits
from customers.logic.imports.reading import Cells, Layout, ReadRow
from customers.logic.imports.source import SourceRow


def read_row(row: SourceRow, layout: Layout) -> ReadRow:
    """Everything one row holds, or nothing but its issues where one of them rejects it."""
    cells = Cells(layout, row)
    _check_shape(cells, row)
    if not _is_rejected(cells):
        customer = read_customer(cells) if Part.CUSTOMER in layout.parts else None
        key = customer.key if customer else cells.key("customer_number")
        vehicle = read_vehicle(cells, key) if Part.VEHICLE in layout.parts else None
        visits = read_visits(cells, key) if Part.VISIT in layout.parts else ()
        if not _is_rejected(cells):
            return ReadRow(row.line, customer, vehicle, visits, tuple(dict.fromkeys(cells.issues)))
    return ReadRow(row.line, issues=tuple(dict.fromkeys(cells.issues)))


def _is_rejected(cells: Cells) -> bool:
    return bool(cells.issues) and any(issue.is_rejection for issue in cells.issues)


def _check_shape(cells: Cells, row: SourceRow) -> None:
    width = len(cells.layout.headers)
    if "\x00" in "".join(row.cells):
        cells.issues.append(Issue(Problem.BINARY, row.line))
    if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:]):
        cells.issues.append(Issue(Problem.TOO_MANY_CELLS, row.line, "", ",".join(row.cells[width:])[:200]))
