from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="day",
            name="running_min",
            field=models.FloatField(null=True),
        ),
    ]
