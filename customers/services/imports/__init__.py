"""Imports: files of a dealership's system become customers, vehicles and visits.

`intake` keeps what was uploaded and answered, `running.run` does an import (or a dry run of one), `undoing.undo`
takes one back. How a run goes: each file's rows are read and put into a staging table of this connection; from
there customers, vehicles and repair orders are taken in batches, each batch in one transaction with the
record of what it changed. All of it may be repeated at any time: rows are found by their natural keys.

source: docs/import.md
"""
