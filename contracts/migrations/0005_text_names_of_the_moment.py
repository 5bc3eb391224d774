from django.db import migrations, models

# The log refuses changes; what it held before names were kept gets those of today, the best that is known.
FILL = """
    ALTER TABLE contracts_event DISABLE TRIGGER USER;
    UPDATE contracts_event SET by_name = accounts_user.display_name
        FROM accounts_user WHERE accounts_user.id = contracts_event.by_id;
    ALTER TABLE contracts_event ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("contracts", "0004_people_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="by_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=254),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
