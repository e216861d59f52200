"""A simulated case from the decision to its end."""

from collections.abc import Iterator
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.cases import queries, services
from mingtang.cases.rules import HandOverWay
from mingtang.files.queries import documents_of
from mingtang.files.services import seal_document
from mingtang.site.simulate.lives.deciding import Deciding
from mingtang.site.simulate.offices import WINDOW
from mingtang.site.simulate.people import person_name

ARCHIVED = 0.5  # of what was delivered; the rest waits for somebody to have time
CHOSEN = 0.3  # say beforehand how they want the result


class Ending(Deciding):
    """Papers, licence, delivery, archive."""

    def _to_delivery(self) -> Iterator[datetime]:
        yield self.later(0, 1)
        actor = self.office.actor(self.approver, self.at)
        for paper in documents_of(self.stream):
            if paper.needs_seal and paper.sealed_at is None:
                name = "行政审批专用章"
                self.by(seal_document, actor, document_id=paper.id, seal_name=name)
        way = self.rng.choices(list(HandOverWay), [6, 3, 1])[0]
        if self.rng.random() < CHOSEN:
            yield self.at_home(0, 1)
            self.by(services.choose_delivery, self._citizen(), case_id=self.case_id, way=way)
        if self._needs_licence():
            yield self.later(0, 1)
            self._do(services.issue, WINDOW, licence_number=f"江许{self.number[-12:]}")
        yield self.later(0, 4)
        self._return_originals()
        self._do(services.hand_over, WINDOW, way=way, note=self._handed_to(way))
        yield from self._end()
        if self.rng.random() < ARCHIVED:
            yield self.later(1, 15)
            self._do(services.archive, WINDOW)

    def _needs_licence(self) -> bool:
        return services.needs_licence(queries.filed_case(self.number))

    def _return_originals(self) -> None:
        """From where they are: the unit that signed for them, else the counter."""
        for one in self.now().originals if self._may_have_left_some else []:
            if one.returned_at is None:
                unit = self.office.unit_of(one.place_id, legal_date(self.at))
                who = self.handler if unit == self.plan.place.unit else self.counter
                self._do(services.return_originals, who, original_ids=[one.id])

    def _handed_to(self, way: HandOverWay) -> str:
        notes = {
            HandOverWay.WINDOW: "本人领取",
            HandOverWay.POST: f"EMS{self.plan.number:09}CN",
            HandOverWay.PROXY: person_name(self.rng),
        }
        return notes[way]
