"""Accounts, recovery codes, attempts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("username", models.TextField(unique=True)),
                ("person", models.TextField(blank=True, default="")),
                ("administers", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("totp_secret", models.TextField(blank=True, default="")),
                ("totp_step", models.BigIntegerField(default=0)),
                ("epoch", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("last_seen", models.DateTimeField(null=True)),
            ],
            options={"db_table": "accounts", "indexes": [models.Index(fields=["person"], name="accounts_person")]},
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "sign_in_attempts",
                "indexes": [
                    models.Index(fields=["key", "at"], name="sign_in_attempts_key"),
                    models.Index(fields=["at"], name="sign_in_attempts_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "recovery_codes",
                "constraints": [models.UniqueConstraint(fields=("account", "digest"), name="recovery_codes_once")],
            },
        ),
    ]
