from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_cache")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                default="en", editable=False, max_length=16, verbose_name="language of the last visit"
            ),
        ),
    ]
