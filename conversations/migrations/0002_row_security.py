from django.db import migrations

from common.rls import ForceRowSecurity


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [
        ForceRowSecurity("Conversation"),
        ForceRowSecurity("Understanding"),
    ]
