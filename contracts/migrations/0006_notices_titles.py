from django.db import migrations

TITLES = """
    UPDATE notifications_notification SET title = contracts_contract.title
    FROM contracts_contract WHERE about = 'contract-' || contracts_contract.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0005_text_names_of_the_moment"),
        ("notifications", "0009_notices_by_contract"),
    ]

    operations = [migrations.RunSQL(TITLES, migrations.RunSQL.noop)]
