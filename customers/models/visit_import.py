from django.conf import settings
from django.db import models

from common import clock
from common.tenancy import TenantModel
from customers.enums import ImportFormat, ImportStatus


class ColumnMapping(TenantModel):
    """Which column means what in files with one set of headers; remembered for the next such file."""

    header_fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(default=dict, help_text="Header as written -> field")
    date_order = models.CharField(
        max_length=3, blank=True, help_text="mdy, dmy or ymd where it was asked for"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "header_fingerprint"], name="column_mapping_once")
        ]


class VisitImport(TenantModel):
    """One import of one or several files of a dealership's history."""

    status = models.CharField(max_length=15, choices=ImportStatus, default=ImportStatus.UPLOADED)
    format = models.CharField(max_length=10, choices=ImportFormat, blank=True)
    is_dry_run = models.BooleanField(default=False)
    counts = models.JSONField(
        default=dict, help_text="Rows read, created, updated, unchanged, rejected by kind"
    )
    question = models.JSONField(default=dict, help_text="What must be answered before it can go on")
    failure = models.TextField(blank=True)
    error_file = models.CharField(max_length=255, blank=True, help_text="Path below MEDIA_ROOT")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["dealership", "-created_at"], name="visit_import_newest")]

    def __str__(self) -> str:
        return f"Import {self.pk}"

    @property
    def title(self) -> str:
        """What people call it: its first file, and how many more. Ids count over all dealerships and say nothing."""
        names = [file.name for file in sorted(self.files.all(), key=lambda file: file.pk)]
        if not names:
            return "Import without files"
        return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


class ImportFile(TenantModel):
    """One file of an import, as it was given."""

    visit_import = models.ForeignKey(VisitImport, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=500, help_text="Where it is kept; absolute or below MEDIA_ROOT")
    size_bytes = models.BigIntegerField(default=0)
    columns = models.JSONField(default=dict, help_text="Header as written -> field, as used by this import")
    date_order = models.CharField(max_length=3, blank=True, help_text="mdy or dmy where a person said so")


class ImportChange(TenantModel):
    """What an import changed in a row that was there before, so that it can be undone."""

    visit_import = models.ForeignKey(VisitImport, on_delete=models.CASCADE, related_name="changes")
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["dealership", "visit_import", "id"], name="import_change_order"),
            # Whether a later import changed a row that an earlier one is about to take back.
            models.Index(fields=["dealership", "subject_type", "subject_id"], name="import_change_subject"),
        ]


class ImportIssue(TenantModel):
    """What was wrong with one row of an import; a rejected row was not taken, any other was."""

    visit_import = models.ForeignKey(VisitImport, on_delete=models.CASCADE, related_name="issues")
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="issues")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=255, blank=True, help_text="Header as written; empty: the whole row")
    value = models.CharField(max_length=255, blank=True)
    problem = models.CharField(max_length=30, help_text="Its words stand in customers.logic.imports.problems")
    is_rejection = models.BooleanField()

    class Meta:
        # The issues of an import in the order of its files, for the page and the error file.
        indexes = [
            models.Index(fields=["dealership", "visit_import", "file", "line"], name="import_issue_order")
        ]
