"""Models of the API: the systems that may ask, and what a command was answered."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import paired, person
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedJSONField


class Client(models.Model):
    """Another system. It acts as an account of its own, with the posts that this account holds."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    account = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64)
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = person()  # nobody: at the command line

    class Meta:
        constraints = (paired("ended", "client", unless=Q(ended_at__isnull=False, ended_by=None)),)

    def __str__(self) -> str:
        return self.name


class Reply(models.Model):
    """What a command was answered, for the same request that comes again."""

    key = models.CharField(max_length=32, primary_key=True)
    digest = models.CharField(max_length=64)
    answer = SealedJSONField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
