import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0002_row_security'),
        ('dealerships', '0003_append_only'),
    ]

    operations = [
        migrations.AlterField(
            model_name='bookingrules',
            name='capacity_per_slot',
            field=models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)]),
        ),
        migrations.AlterField(
            model_name='bookingrules',
            name='horizon_days',
            field=models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)]),
        ),
        migrations.AlterField(
            model_name='bookingrules',
            name='lead_minutes',
            field=models.PositiveIntegerField(default=120, help_text='How soon from now a slot may start', validators=[django.core.validators.MaxValueValidator(20160)]),
        ),
        migrations.AlterField(
            model_name='bookingrules',
            name='slot_minutes',
            field=models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(480)]),
        ),
        migrations.AddConstraint(
            model_name='bookingrules',
            constraint=models.CheckConstraint(condition=models.Q(('slot_minutes__range', (5, 480))), name='booking_rules_slot_length'),
        ),
    ]
