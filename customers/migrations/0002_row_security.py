from django.db import migrations

from common.rls import ForceRowSecurity


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        ForceRowSecurity("Customer"),
        ForceRowSecurity("ContactPoint"),
        ForceRowSecurity("SearchToken"),
        ForceRowSecurity("Service"),
        ForceRowSecurity("OpCode"),
        ForceRowSecurity("Forecast"),
        ForceRowSecurity("Vehicle"),
        ForceRowSecurity("Ownership"),
        ForceRowSecurity("OdometerReading"),
        ForceRowSecurity("Visit"),
        ForceRowSecurity("VisitLine"),
        ForceRowSecurity("ColumnMapping"),
        ForceRowSecurity("VisitImport"),
        ForceRowSecurity("ImportFile"),
        ForceRowSecurity("ImportChange"),
    ]
