"""Agents (代办): letters of agency, plans, the ledger of acts, hand-overs, the owner's word."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, document, one_of, organisation, paired, person, together
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.cases.rules.satisfaction import Level
from mingtang.projects.rules.agency import ActKind, Ending, Mandate, Service

SIGNED = ("owner_signed_date", "agent_signed_date", "signed_at")


class AgencyLetter(models.Model):
    """委托书: the owner of a project asks an agent to see to some services, from a day to a day.

    It holds once both signatures are noted. One project has one that is not ended; a hand-over
    changes the agent and leaves the letter as it is.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="letters"
    )
    number = models.CharField(max_length=60, unique=True)
    paper = document()  # what both sign
    owner_name = models.CharField(max_length=120)  # of the day of the letter
    agent = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    organisation = organisation()  # of the agent
    covers_approval = models.BooleanField()
    covers_convenience = models.BooleanField()
    covers_public = models.BooleanField()
    covers_intermediary = models.BooleanField()
    node_keys = models.JSONField(null=True)  # null: the whole project
    valid_from = models.DateField()
    valid_to = models.DateField()
    drawn_at = models.DateTimeField()
    drawn_by = person()
    owner_signer = models.CharField(max_length=60, blank=True, default="")
    owner_signed_date = models.DateField(null=True)
    agent_signed_date = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)  # when both signatures were noted
    signed_by = person()
    ending = chosen(Ending, 10, null=True)
    ended_date = models.DateField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = person()
    completion = document(null=True)  # 办结单

    class Meta:
        constraints = (
            *(paired(verb, "agency_letter") for verb in ("drawn", "signed", "ended")),
            one_of("ending", Ending, "agency_letter", null=True),
            together("agency_letter_signed_by_both", *SIGNED),
            together("agency_letter_ended_whole", "ending", "ended_date", "ended_at"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | ~Q(owner_signer=""), name="agency_letter_signer"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="agency_letter_in_order"
            ),
            models.CheckConstraint(
                condition=Q(covers_approval=True)
                | Q(covers_convenience=True)
                | Q(covers_public=True)
                | Q(covers_intermediary=True),
                name="agency_letter_covers_something",
            ),
            models.CheckConstraint(
                condition=~Q(ending=Ending.REVOKED.value) | ~Q(ended_reason=""),
                name="agency_letter_revoked_why",
            ),
            models.CheckConstraint(
                condition=~Q(ending=Ending.CONCLUDED.value)
                | Q(completion__isnull=False, signed_at__isnull=False),
                name="agency_letter_concluded_by_paper",
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(ended_at=None), name="agency_letter_one_standing"
            ),
        )
        indexes = (
            models.Index(fields=["agent", "valid_to", "id"], name="agency_letter_of_agent"),
            models.Index(fields=["organisation", "-drawn_at"], name="agency_letter_of_unit"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"agency:{self.id}"

    @property
    def services(self) -> frozenset[Service]:
        return frozenset(one for one in Service if getattr(self, f"covers_{one.value}"))

    @property
    def mandate(self) -> Mandate:
        """The letter as the rules read it."""
        nodes = None if self.node_keys is None else frozenset(self.node_keys)
        return Mandate(
            services=self.services,
            nodes=nodes,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            is_signed=self.signed_at is not None,
            is_ended=self.ended_at is not None,
        )


class AgencyStep(models.Model):
    """A line of the plan (代办计划): a node of the route or a step of its own, by when."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = models.ForeignKey(
        "projects.AgencyLetter", on_delete=models.PROTECT, related_name="steps"
    )
    node = models.CharField(max_length=60, blank=True, default="")  # blank: of no node
    name = models.CharField(max_length=100)
    service = chosen(Service, 12)
    planned_date = models.DateField()
    done_date = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = person()
    dropped_at = models.DateTimeField(null=True)  # the plan changed
    dropped_by = person()

    class Meta:
        constraints = (
            one_of("service", Service, "agency_step"),
            paired("done", "agency_step"),
            paired("dropped", "agency_step"),
            together("agency_step_done_whole", "done_date", "done_at"),
            models.CheckConstraint(condition=~Q(name=""), name="agency_step_named"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dropped_at=None), name="agency_step_one_end"
            ),
            models.UniqueConstraint(
                fields=["letter", "node"],
                condition=~Q(node="") & Q(dropped_at=None),
                name="agency_step_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["planned_date", "id"],
                condition=Q(done_at=None, dropped_at=None),
                name="agency_step_awaited",
            ),
        )

    def __str__(self) -> str:
        return self.name


class AgencyAct(models.Model):
    """A line of the ledger of acts (台账): node, date, action, result, problem. Never changed; a
    result that was not there yet is filled in once."""

    append_only = True
    fills_once = ("settled_at", "settled_by_id", "result")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = models.ForeignKey(
        "projects.AgencyLetter", on_delete=models.PROTECT, related_name="acts"
    )
    step = models.ForeignKey(
        "projects.AgencyStep", null=True, on_delete=models.PROTECT, related_name="acts"
    )
    kind = chosen(ActKind, 14)
    service = chosen(Service, 12)
    acted_date = models.DateField()
    action = models.CharField(max_length=500)
    problem = models.CharField(max_length=500, blank=True, default="")
    noted_at = models.DateTimeField()
    noted_by = person()
    result = models.CharField(max_length=500, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = person()

    class Meta:
        constraints = (
            one_of("kind", ActKind, "agency_act"),
            one_of("service", Service, "agency_act"),
            paired("noted", "agency_act"),
            paired("settled", "agency_act"),
            models.CheckConstraint(condition=~Q(action=""), name="agency_act_says"),
            models.CheckConstraint(
                condition=Q(settled_at=None, result="")
                | (Q(settled_at__isnull=False) & ~Q(result="")),
                name="agency_act_settled_how",
            ),
        )
        indexes = (
            models.Index(fields=["letter", "-acted_date", "-id"], name="agency_act_of_letter"),
            models.Index(
                fields=["letter", "id"], condition=Q(settled_at=None), name="agency_act_open"
            ),
        )

    def __str__(self) -> str:
        return self.action[:40]


class AgencyHandOver(models.Model):
    """移交: from one agent to another, with the open acts of that moment; both confirm."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = models.ForeignKey(
        "projects.AgencyLetter", on_delete=models.PROTECT, related_name="hand_overs"
    )
    from_agent = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    to_agent = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    to_organisation = organisation()
    open_acts = models.JSONField()  # ids, as strings
    note = models.CharField(max_length=500, blank=True, default="")
    given_at = models.DateTimeField()
    given_by = person()
    taken_at = models.DateTimeField(null=True)
    taken_by = person()
    called_off_at = models.DateTimeField(null=True)
    called_off_by = person()

    class Meta:
        constraints = (
            *(paired(verb, "agency_hand_over") for verb in ("given", "taken", "called_off")),
            models.CheckConstraint(
                condition=~Q(from_agent=F("to_agent")), name="agency_hand_over_to_another"
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(called_off_at=None), name="agency_hand_over_one_end"
            ),
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(taken_at=None, called_off_at=None),
                name="agency_hand_over_one_open",
            ),
        )
        indexes = (
            models.Index(
                fields=["to_agent"],
                condition=Q(taken_at=None, called_off_at=None),
                name="agency_hand_over_waits",
            ),
        )

    def __str__(self) -> str:
        return f"{self.letter_id} → {self.to_agent_id}"


class AgencyRating(models.Model):
    """What the owner says of an agent's work at its end: one per letter, never changed."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = models.OneToOneField(
        "projects.AgencyLetter", on_delete=models.PROTECT, related_name="rating"
    )
    level = chosen(Level, 20)
    text = SealedField(default="")
    rated_at = models.DateTimeField()
    rated_by = person()

    class Meta:
        constraints = (
            one_of("level", Level, "agency_rating"),
            paired("rated", "agency_rating"),
        )

    def __str__(self) -> str:
        return f"{self.letter_id} {self.level}"
