from django.db import models


class CustomerKind(models.TextChoices):
    PERSON = "person", "Person"
    COMPANY = "company", "Company"


class ContactKind(models.TextChoices):
    PHONE = "phone", "Phone"
    EMAIL = "email", "E-mail"
    POSTAL = "postal", "Postal address"


class Validity(models.TextChoices):
    UNKNOWN = "unknown", "Not checked yet"
    VALID = "valid", "Valid"
    INVALID = "invalid", "Does not work"


class Textability(models.TextChoices):
    UNKNOWN = "unknown", "Not known"
    TEXTABLE = "textable", "Takes texts"
    LANDLINE = "landline", "Takes no texts"


class VehicleStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    SOLD = "sold", "Sold"
    SCRAPPED = "scrapped", "Scrapped"
    EXCLUDED = "excluded", "Not to be reminded"


class VisitStatus(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    VOID = "void", "Void"


class LineOutcome(models.TextChoices):
    PERFORMED = "performed", "Done"
    DECLINED = "declined", "Declined"


class ReadingSource(models.TextChoices):
    VISIT = "visit", "Visit"
    CUSTOMER = "customer", "Customer"
    ADVISOR = "advisor", "Advisor"


class ReadingQuality(models.TextChoices):
    GOOD = "good", "Good"
    QUARANTINED = "quarantined", "Set aside"


class QuarantineReason(models.TextChoices):
    NONE = "", ""
    IMPOSSIBLE = "impossible", "No car has driven so far"
    EXTRA_DIGIT = "extra_digit", "Looks like a digit too many"
    MISSING_DIGIT = "missing_digit", "Looks like a digit too few"
    WRONG_UNIT = "wrong_unit", "Looks like miles and kilometres mixed up"
    BELOW_EARLIER = "below_earlier", "Lower than an earlier reading"
    ABOVE_LATER = "above_later", "Higher than a later reading"
    TOO_FAST = "too_fast", "More than a car can drive in that time"


class OpCodeSource(models.TextChoices):
    WORDS = "words", "Recognised by its words"
    CODE = "code", "Recognised by its code"
    ADMIN = "admin", "Set by an admin"
    UNMAPPED = "unmapped", "Not mapped yet"


class DueLimit(models.TextChoices):
    DISTANCE = "distance", "Distance"
    TIME = "time", "Time"


class ImportStatus(models.TextChoices):
    UPLOADED = "uploaded", "Uploaded"
    QUEUED = "queued", "Waiting to start"
    NEEDS_ANSWER = "needs_answer", "Waiting for an answer"
    PREVIEWED = "previewed", "Previewed"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    UNDONE = "undone", "Undone"

    @classmethod
    def final(cls) -> frozenset[str]:
        return frozenset({cls.DONE, cls.FAILED, cls.UNDONE})


class ImportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    REYNOLDS = "reynolds", "Reynolds ERA closed repair orders (XML)"
