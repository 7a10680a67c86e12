"""The one error of everything that happens before the first page: it says what, where, and what to do next."""

from __future__ import annotations


class StartError(Exception):
    """Something outside the code stops Anticipate from starting; the words are for the person at the terminal."""

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(self.as_text())

    def as_text(self) -> str:
        """Return up to three lines, one for each part that was given."""
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.next_step:
            lines.append(f"  next:  {self.next_step}")
        return "\n".join(lines)
