from django.conf import settings
from django.db import models

from common.enums import Purpose
from common.tenancy import TenantModel
from messaging.enums import Evidence, RuleForce, RuleKind


class DatedRule(models.Model):
    """One dated row of a rule; append-only: the newest of its key that has taken effect holds."""

    key = models.CharField(max_length=80, help_text="The same in all rows of one rule")
    kind = models.CharField(max_length=10, choices=RuleKind)
    purpose = models.CharField(max_length=15, choices=Purpose, blank=True, help_text="Empty: every purpose")
    channels = models.JSONField(help_text="Those it is about")
    effective_on = models.DateField(help_text="From midnight of this day, where the recipient is")
    terms = models.JSONField(null=True, help_text="What it says; null: the rule ends that day")
    source = models.CharField(max_length=300, help_text="Where it was read")
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.key} from {self.effective_on}"


class LawRule(DatedRule):
    """A row of the law, for every dealership; without an actor it came with a release (messaging/law/rules.toml)."""

    jurisdiction = models.CharField(max_length=10, help_text="ISO 3166: US, US-TX; * for everywhere")
    force = models.CharField(max_length=10, choices=RuleForce, default=RuleForce.BINDING)
    evidence = models.CharField(max_length=12, choices=Evidence)

    class Meta:
        # The rows of one rule, newest first: its history.
        indexes = [models.Index(fields=["key", "-effective_on"], name="law_rule_key")]


class OwnRule(TenantModel, DatedRule):
    """A row of what a dealership asks of itself on top of the law, which it can only narrow."""

    class Meta:
        # The rows of one rule of a dealership, and the newest of them all.
        indexes = [models.Index(fields=["dealership", "id"], name="own_rule_newest")]
