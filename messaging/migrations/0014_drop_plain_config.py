from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0013_provider_account_secrets")]

    operations = [migrations.RemoveField(model_name="provideraccount", name="plain_config")]
