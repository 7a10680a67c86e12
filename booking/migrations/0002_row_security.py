from django.db import migrations

from common.rls import ForceRowSecurity


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]

    operations = [
        ForceRowSecurity("BookingRules"),
        ForceRowSecurity("CapacitySlot"),
        ForceRowSecurity("Appointment"),
    ]
