"""Readers of the files dealers' systems export: bytes in, rows of cells out, in constant memory."""

from customers.interfaces.importers.opening import open_source

__all__ = ["open_source"]
