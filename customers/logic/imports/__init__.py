"""The pure half of an import: columns to fields, cells to typed rows, rows to what shall be written."""
