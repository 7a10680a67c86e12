from django.db import migrations

from common.rls import ForceRowSecurity


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        ForceRowSecurity("ConsentEvent"),
        ForceRowSecurity("Suppression"),
        ForceRowSecurity("ProviderAccount"),
        ForceRowSecurity("Message"),
        ForceRowSecurity("Attempt"),
        ForceRowSecurity("WebhookReceipt"),
        ForceRowSecurity("InboundMessage"),
        ForceRowSecurity("PrintBatch"),
        ForceRowSecurity("PrintedLetter"),
    ]
