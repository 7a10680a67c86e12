from django.db import models


class Role(models.TextChoices):
    """What a member may do: a later role includes the earlier ones."""

    VIEWER = "viewer", "Viewer: reads"
    ADVISOR = "advisor", "Advisor: works"
    ADMIN = "admin", "Admin: configures"


class Weekday(models.IntegerChoices):
    """Days as `date.weekday()` counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"
