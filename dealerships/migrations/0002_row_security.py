from django.db import migrations

from common.rls import ForceRowSecurity


class Migration(migrations.Migration):
    dependencies = [("dealerships", "0001_initial")]

    operations = [
        ForceRowSecurity("OpeningHours"),
        ForceRowSecurity("ClosedDay"),
        ForceRowSecurity("LogEntry"),
        ForceRowSecurity("Membership"),
    ]
