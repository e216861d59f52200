"""People, the posts they hold, and what one may do in another's place."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from mingtang.accounts.rules import REAL_NAME_LEVELS, RefusalKind, Role
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    """The one user model: citizens, proxies of enterprises, and staff."""

    # No default: Django's checks make an instance before there is a database to lease a node from.
    id = models.BigIntegerField(primary_key=True, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    identity_number = SealedField(default="")
    identity_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    phone = SealedField(default="")
    is_active = models.BooleanField(default=True)
    real_name_level = models.SmallIntegerField(default=0)  # of REAL_NAME_LEVELS
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    # Set while the password is one that somebody else gave: it opens up to then, and only to be
    # replaced by the person's own.
    password_until = models.DateTimeField(null=True)

    objects = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(identity_index="") & Q(identity_number=b""))
                | (~Q(identity_index="") & ~Q(identity_number=b"")),
                name="person_identity_paired",
            ),
            models.CheckConstraint(
                condition=Q(real_name_level=0)
                | (Q(real_name_level__in=sorted(REAL_NAME_LEVELS)) & ~Q(identity_index="")),
                name="person_real_name_has_number",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @cached_property
    def factor_key(self) -> int | None:
        """The id of the second factor, None where there is none; comes with the row of a session's
        person (`PersonBackend`)."""
        return Factor.objects.filter(person_id=self.id).values_list("id", flat=True).first()

    def get_session_auth_hash(self) -> str:
        """What a session holds fast: another password or another second factor ends it."""
        return self._with_factor(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._with_factor, super().get_session_auth_fallback_hash())

    def _with_factor(self, digest: str) -> str:
        return f"{digest}/{self.factor_key}" if self.factor_key else digest


class Post(models.Model):
    """A role at an organisation, from a day to a day."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=30, choices=[(role.value, role.label) for role in Role])
    window = models.ForeignKey(
        "regions.Window", on_delete=models.PROTECT, null=True, related_name="+"
    )
    item_codes = models.JSONField(null=True)  # null: every item of the organisation
    is_part_time = models.BooleanField(default=False)
    backup = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="backs_up"
    )  # AB岗
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="post_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="post_role_known"
            ),
        )
        indexes = (models.Index(fields=["person", "valid_from"], name="post_person"),)

    def __str__(self) -> str:
        return f"{self.person} {self.role}"


class LetterOfAuthority(models.Model):
    """授权书: what an organisation lets its chief representative decide at the window."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="letters")
    document_number = models.CharField(max_length=60)
    item_codes = models.JSONField()
    acts = models.JSONField()
    limits = models.CharField(max_length=200, blank=True)
    seal = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="authority_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.document_number


def _ender() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )


def _ended_paired(prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(ended_at=None, ended_by=None)
        | Q(ended_at__isnull=False, ended_by__isnull=False),
        name=f"{prefix}_ended_paired",
    )


class Substitution(models.Model):
    """One acts for an absent colleague, from a day to a day, for some items or all."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    absent = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    item_codes = models.JSONField(null=True)  # null: all items of the absent one
    from_date = models.DateField()
    to_date = models.DateField()
    reason = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True)  # before its last day
    ended_by = _ender()

    class Meta:
        constraints = (
            _ended_paired("substitution"),
            models.CheckConstraint(
                condition=Q(to_date__gte=F("from_date")), name="substitution_dates_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(absent=F("substitute")), name="substitution_of_another"
            ),
        )
        indexes = (
            models.Index(fields=["substitute", "from_date"], name="substitution_whom"),
            models.Index(fields=["absent", "to_date"], name="substitution_whose"),
        )

    def __str__(self) -> str:
        return f"{self.substitute_id} → {self.absent_id}"


class Mandate(models.Model):
    """A citizen acts for an enterprise: 委托代理人."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    proxy = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="mandates")
    credit_code = models.CharField(max_length=18, db_index=True)
    enterprise_name = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)  # revoked before its last day
    ended_by = _ender()

    class Meta:
        constraints = (_ended_paired("mandate"),)

    def __str__(self) -> str:
        return f"{self.enterprise_name} ← {self.proxy_id}"


class Factor(models.Model):
    """The second factor of a person: a secret that their phone shares, from when it was proved."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    person = models.OneToOneField(
        "accounts.Person", on_delete=models.CASCADE, related_name="factor"
    )
    secret = SealedField()  # base32
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)  # of time: a code is taken once

    def __str__(self) -> str:
        return f"factor of {self.person_id}"


class SecurityKey(models.Model):
    """A security key (WebAuthn) beside the phone of a factor: it goes where the factor goes."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    factor = models.ForeignKey("accounts.Factor", on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=60)
    credential = models.BinaryField()  # AAGUID, id and public key, as WebAuthn writes them
    sign_count = models.BigIntegerField(default=0)  # grows with each use, or stays 0 for ever
    registered_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """What opens once where the phone is lost. Only a keyed hash is kept."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    factor = models.ForeignKey("accounts.Factor", on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.factor_id} {self.used_at}"


class FactorReset(models.Model):
    """Somebody lost phone and codes: one administrator asks, another one agrees."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    agreed_by = _ender()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False, asked_by__isnull=False),
                name="factor_reset_asked_paired",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by=None)
                | (
                    Q(agreed_at__isnull=False, agreed_by__isnull=False)
                    & ~Q(agreed_by=F("asked_by"))
                ),
                name="factor_reset_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("person"))
                & (Q(agreed_by=None) | ~Q(agreed_by=F("person"))),
                name="factor_reset_of_another",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(agreed_at=None), name="factor_reset_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_at}"


class ForeignIdentity(models.Model):
    """By whom a provider of identities knows a person. Of its subject only a keyed hash is kept."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=300)
    subject_index = models.CharField(max_length=64)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject_index", "issuer"], name="foreign_identity_of_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.issuer} → {self.person_id}"


class Attempt(models.Model):
    """A guess at a password or a query code. Keys are keyed hashes; old rows are swept."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    purpose = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["purpose", "key", "at"], name="attempt_lookup"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.at}"


class Refusal(models.Model):
    """What was refused: alike within an hour, counted in one row. Of people only staff are named;
    of where it came from only a keyed hash is kept."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)  # of all that makes two alike
    kind = models.CharField(max_length=10)
    is_locked = models.BooleanField()  # too many tries: not even looked at
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=12, blank=True, default="")
    route = models.CharField(max_length=100, blank=True, default="")
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in RefusalKind]), name="refusal_kind_known"
            ),
        )
        indexes = (models.Index(fields=["first_at", "id"], name="refusal_when"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.first_at}"
