"""Who may sign in, and how often somebody has tried."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Accounts(BaseUserManager["Account"]):
    """Finding an account by its name."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=Account.normalize_username(username or "").casefold())


class Account(AbstractBaseUser):
    """The key with which a person of the organisation signs in. What he may do there, his positions say."""

    #: in lower case
    username = models.TextField(unique=True)
    #: code of the person in the organisation; empty: nobody of it (an account for running the program only)
    person = models.TextField(blank=True, default="")
    #: may change accounts, organisation and procedures
    administers = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    #: sealed; empty: one step is enough
    totp_secret = models.TextField(blank=True, default="")
    #: the last half minute whose code was used: a code counts once
    totp_step = models.BigIntegerField(default=0)
    #: goes up with "sign out everywhere"; a session that carries another one is over
    epoch = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    last_seen = models.DateTimeField(null=True)

    last_login = None  # last_seen says more, and is not written at each sign-in

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "accounts"
        indexes = (models.Index(fields=["person"], name="accounts_person"),)

    @property
    def has_second_factor(self) -> bool:
        return bool(self.totp_secret)


class RecoveryCode(models.Model):
    """A code that stands in once for a lost telephone."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField()

    class Meta:
        db_table = "recovery_codes"
        constraints = (models.UniqueConstraint(fields=["account", "digest"], name="recovery_codes_once"),)


class Attempt(models.Model):
    """A try that has not led in: of an account name, of an address or of a second step (`key`, as a digest)."""

    key = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "sign_in_attempts"
        indexes = (
            models.Index(fields=["key", "at"], name="sign_in_attempts_key"),
            models.Index(fields=["at"], name="sign_in_attempts_at"),
        )
