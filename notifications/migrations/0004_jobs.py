from django.db import migrations

TRIGGER = "procrastinate_jobs_notify_queue_job_inserted_v1"


class Migration(migrations.Migration):
    """An act that defers a job must not hold the database's one lock for NOTIFY as it commits. The worker polls."""

    dependencies = [
        ("notifications", "0003_outbox"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            sql=f"ALTER TABLE procrastinate_jobs DISABLE TRIGGER {TRIGGER}",
            reverse_sql=f"ALTER TABLE procrastinate_jobs ENABLE TRIGGER {TRIGGER}",
        ),
        migrations.CreateModel(
            name="Job",
            fields=[],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("procrastinate.procrastinatejob",),
        ),
    ]
