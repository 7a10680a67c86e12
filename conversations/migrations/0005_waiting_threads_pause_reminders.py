from django.db import migrations

from common.tenancy import cross_tenant


def pause_who_waits(apps, schema_editor):
    """Keep reminders back from everybody who waits for an advisor already. May be repeated."""
    conversation = apps.get_model("conversations", "Conversation")
    pause = apps.get_model("campaigns", "Pause")
    with cross_tenant(reason="a migration fills the pauses of every dealership"):
        waiting = conversation.objects.filter(state="waiting").values_list(
            "dealership_id", "customer_id", "waiting_since", "last_message_at"
        )
        pause.objects.bulk_create(
            [
                pause(
                    dealership_id=dealership_id,
                    customer_id=customer_id,
                    reason="waits_for_advisor",
                    since=since or last_message_at,
                )
                for dealership_id, customer_id, since, last_message_at in waiting
            ],
            batch_size=1_000,
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0006_pause"),
        ("conversations", "0004_actions_in_words"),
    ]

    operations = [migrations.RunPython(pause_who_waits, migrations.RunPython.noop)]
