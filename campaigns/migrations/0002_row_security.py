from django.db import migrations

from common.rls import ForceRowSecurity


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        ForceRowSecurity("Cadence"),
        ForceRowSecurity("CadenceVersion"),
        ForceRowSecurity("Step"),
        ForceRowSecurity("StepTemplate"),
        ForceRowSecurity("Enrolment"),
        ForceRowSecurity("EnrolmentItem"),
        ForceRowSecurity("Touch"),
        ForceRowSecurity("Outcome"),
    ]
