"""How a simulated case is filed, taken back, and rated."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from mingtang.cases import services
from mingtang.catalogue import queries as catalogue
from mingtang.interaction import services as interaction
from mingtang.interaction.rules import Level
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.site.simulate.caring import care
from mingtang.site.simulate.lives.acting import Acting
from mingtang.site.simulate.offices import TOWNSHIP
from mingtang.site.simulate.papers import uploaded
from mingtang.site.simulate.people import applicant, proxy, username_of
from mingtang.site.simulate.planning import Fate

LEFT = 0.3  # of those at a counter leave an original with us


class Filing(Acting):
    """What an applicant does."""

    def _file(self) -> bool:
        plan = self.plan
        content: dict[str, Any] = {
            "item_code": plan.place.item,
            "applicant": self._applicant(),
            "answers": self.answers,
            "channel": plan.channel,
            "variant": self._variant(),
        }
        if plan.place.is_referred:
            content["township_id"] = regions.organisation_by_code(TOWNSHIP).id
        if plan.channel == "online":
            made = self.by(services.submit, self._citizen(), **content, **self._photographed())
        else:
            if self._is_unfinished:
                content |= {"answers": dict(list(self.answers.items())[:1]), "may_lack": True}
            originals = [("身份证", 1)] if self.rng.random() < LEFT else []
            who = self.office.actor(self.counter, self.at)
            made = self.by(services.take_in, who, originals=originals, **content)
        if made is None:
            return False
        self.case_id, self.number = int(made["case_id"]), str(made["number"])
        return True

    def _applicant(self) -> services.Applicant:
        plan = self.plan
        who = applicant(self.rng, is_enterprise=plan.is_enterprise, is_known=self._is_known)
        return replace(who, proxy=proxy(self.rng)) if plan.fate is Fate.BY_PROXY else who

    def _photographed(self) -> dict[str, Any]:
        if self.plan.fate is not Fate.UPLOADED or not self.edition.materials:
            return {}
        person = self._citizen().id
        return uploaded(
            self.edition,
            self.edition.materials[0],
            f"simulate/{self.plan.number}",
            person_id=int(person) if person else None,
            at=self.at,
        )

    @property
    def _is_unfinished(self) -> bool:
        """At a counter a form may be begun, and the rest asked for."""
        return self.plan.fate is Fate.CORRECTED and len(self.answers) > 1

    def _variant(self) -> str:
        variants = catalogue.variants_of(self.edition)
        return str(self.rng.choice(variants)["code"]) if variants else ""

    def _citizen(self) -> Actor:
        if not self._is_known:
            return Actor(None, "申请人")
        return self.office.actor(username_of(self.plan.is_enterprise), self.at)

    @property
    def _is_known(self) -> bool:
        """One case in six is of the two people of the demo who sign in."""
        return self.plan.number % 6 == 0

    def _withdraw(self) -> None:
        self.by(services.withdraw, self._citizen(), case_id=self.case_id, reason="暂时不办了。")

    def _end(self) -> Iterator[datetime]:
        """The applicant rates, or does not."""
        if not self.plan.level:
            return
        yield self.at_home(0, 5)
        channel = "account" if self._is_known else "code"
        said = {"number": self.number, "level": self.plan.level, "text": "", "channel": channel}
        rated = self.by(interaction.submit, self._citizen(), **said)
        if rated and Level(self.plan.level).is_bad:
            yield from care(self)

    def rate_again(self, level: str) -> None:
        """The applicant's word after the answer to a bad rating."""
        self.by(interaction.rerate, self._citizen(), subject=self.stream, level=level)
