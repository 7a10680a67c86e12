"""Measure the understanding of replies on public dialogue data: `make evaluate DATA=folder`."""
