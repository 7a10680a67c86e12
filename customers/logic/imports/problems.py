"""What can be wrong with a row of an import: each has a code, words for people, and what to do next."""

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """Why a row was rejected, or what was noted about a row that was taken."""

    UNREADABLE = "unreadable"
    UNCLOSED_QUOTE = "unclosed_quote"
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"
    BINARY = "binary"
    NO_NAME = "no_name"
    NO_VIN = "no_vin"
    NO_RO_NUMBER = "no_ro_number"
    NO_DATE = "no_date"
    BAD_DATE = "bad_date"
    FUTURE_DATE = "future_date"
    ANCIENT_DATE = "ancient_date"
    BAD_NUMBER = "bad_number"
    BAD_AMOUNT = "bad_amount"
    BAD_FLAG = "bad_flag"
    RO_REPEATED = "ro_repeated"
    RO_TAKEN = "ro_taken"
    UNKNOWN_VEHICLE = "unknown_vehicle"
    UNKNOWN_CUSTOMER = "unknown_customer"
    VIN_CHECK_DIGIT = "vin_check_digit"
    VIN_SHAPE = "vin_shape"
    PHONE_UNUSABLE = "phone_unusable"
    EMAIL_UNUSABLE = "email_unusable"
    YEAR_IMPOSSIBLE = "year_impossible"
    CLOSED_BEFORE_OPENED = "closed_before_opened"
    ODOMETER_IMPOSSIBLE = "odometer_impossible"
    REPEATED_EXACTLY = "repeated_exactly"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Words:
    """A problem in words, and what the person who imports can do about it."""

    reason: str
    advice: str


PROBLEM_WORDS: dict[Problem, Words] = {
    Problem.UNREADABLE: Words("This part of the file cannot be read.", "Export the file again, or correct the line in a text editor."),
    Problem.UNCLOSED_QUOTE: Words("A quotation mark is opened here and never closed.", "Close it, or double it if it belongs to the text."),
    Problem.TOO_LONG: Words("The value is longer than anything this column can hold.", "Shorten it, or check that the columns have not shifted."),
    Problem.TOO_MANY_CELLS: Words("The row has more columns than the header.", "Put a value that contains the separator into quotation marks."),
    Problem.BINARY: Words("The row holds characters that no text has.", "Export the file again as text (CSV)."),
    Problem.NO_NAME: Words("The customer has no name.", "Give a name, or leave the row out."),
    Problem.NO_VIN: Words("The vehicle has no VIN.", "Give the VIN."),
    Problem.NO_RO_NUMBER: Words("The repair order has no number.", "Give its number."),
    Problem.NO_DATE: Words("The repair order has no date.", "Give the date it was opened."),
    Problem.BAD_DATE: Words("This is no date of the calendar in the file's order of day and month.", "Correct the date."),
    Problem.FUTURE_DATE: Words("The date lies in the future.", "Correct the date."),
    Problem.ANCIENT_DATE: Words("The date lies before there were repair orders to export.", "Correct the date."),
    Problem.BAD_NUMBER: Words("This is no whole number.", "Correct the number, or empty the cell."),
    Problem.BAD_AMOUNT: Words("This is no amount of money in the file's notation.", "Correct the amount, or empty the cell."),
    Problem.BAD_FLAG: Words("This is neither yes nor no.", "Write Y or N, or empty the cell."),
    Problem.RO_REPEATED: Words("The same repair order number stands earlier in this import with other content.", "Give this repair order its own number, or remove the wrong row."),
    Problem.RO_TAKEN: Words("An earlier import has this repair order number for another vehicle or date.", "Give this repair order its own number, or undo the earlier import if that was wrong."),
    Problem.UNKNOWN_VEHICLE: Words("No vehicle with this VIN is known, and the row does not say enough to add one.", "Correct the VIN, or import the vehicle (VIN, customer, make and model) too."),
    Problem.UNKNOWN_CUSTOMER: Words("No customer with this number is known, and the row gives no name.", "Import the customer too, or correct the number."),
    Problem.VIN_CHECK_DIGIT: Words("The VIN's check digit does not fit: kept and flagged.", "Compare it with the car if it was built for North America."),
    Problem.VIN_SHAPE: Words("The VIN has not 17 valid letters and digits: kept and flagged.", "Compare it with the car's papers."),
    Problem.PHONE_UNUSABLE: Words("This is no phone number that can be dialled: left out.", "Correct it with its area code."),
    Problem.EMAIL_UNUSABLE: Words("This is no e-mail address: left out.", "Correct it."),
    Problem.YEAR_IMPOSSIBLE: Words("No car is of this model year: left out.", "Correct the year."),
    Problem.CLOSED_BEFORE_OPENED: Words("It was closed before it was opened: the opening date is kept for both.", "Correct the dates and import the row again."),
    Problem.ODOMETER_IMPOSSIBLE: Words("No car has driven so far: the reading is kept and set aside, the forecast does not use it.", "Correct the odometer and import the row again."),
    Problem.REPEATED_EXACTLY: Words("The same row stands earlier in this import: taken once.", "Nothing needs to be done."),
    Problem.VOIDED: Words("The repair order was voided: left out.", "Nothing needs to be done."),
}  # fmt: skip

# Nothing of such a row is taken. All other problems are notes on a row that was taken, or left out on purpose.
REJECTING = frozenset(list(Problem)[: list(Problem).index(Problem.UNKNOWN_CUSTOMER) + 1])


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem at one place; `column` is the header as written, or "" for the whole row."""

    problem: Problem
    line: int
    column: str = ""
    value: str = ""

    @property
    def is_rejection(self) -> bool:
        return self.problem in REJECTING
