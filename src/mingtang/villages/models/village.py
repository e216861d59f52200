"""Villages that disclose, who does what for them, and whose kin they are."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, organisation, paired
from mingtang.base.columns import person as somebody
from mingtang.base.ids import next_id
from mingtang.villages.rules.kinds import Office

DATES_IN_ORDER = Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))


class Village(models.Model):
    """A village that takes part, from a day on. Its code and name are those of its region then."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    region = models.OneToOneField("regions.Region", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    township = organisation()
    township_code = models.CharField(max_length=12)
    township_name = models.CharField(max_length=60)
    joined_date = models.DateField()  # periods that began before are not owed

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(name="") & ~Q(code=""), name="village_named"),
        )
        indexes = (models.Index(fields=["township_code", "code"], name="village_of_town"),)

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """村文书、村务监督委员会成员: what somebody does for a village, from a day to a day.

    The post that opens the pages is one at the township; here is for which village.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    village = models.ForeignKey(
        "villages.Village", on_delete=models.PROTECT, related_name="members"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    office = chosen(Office, 10)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            one_of("office", Office, "village_member"),
            models.CheckConstraint(condition=DATES_IN_ORDER, name="village_member_dates"),
            models.UniqueConstraint(  # who keeps the books does not watch over them
                fields=["village", "person"],
                condition=Q(valid_to=None),
                name="village_member_one_office",
            ),
        )
        indexes = (models.Index(fields=["person"], name="village_member_person"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.office}"


class Kinship(models.Model):
    """近亲属登记: that a member of the committee is near kin to an officer of the village. While
    it stands, they examine nothing of the village's."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    village = models.ForeignKey(
        "villages.Village", on_delete=models.PROTECT, related_name="kinships"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    relative_name = models.CharField(max_length=40)
    relation = models.CharField(max_length=40)
    declared_at = models.DateTimeField()
    declared_by = somebody()
    ended_at = models.DateTimeField(null=True)
    ended_by = somebody()

    class Meta:
        constraints = (
            paired("declared", "village_kinship"),
            paired("ended", "village_kinship"),
            models.CheckConstraint(
                condition=~Q(relative_name="") & ~Q(relation=""), name="village_kinship_says_whose"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.relation}"
