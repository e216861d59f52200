"""A simulated case up to its acceptance."""

from collections.abc import Iterator
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.cases import services
from mingtang.cases.rules import State
from mingtang.site.simulate.lives.filing import Filing
from mingtang.site.simulate.planning import Fate


class Accepting(Filing):
    """Corrections and what comes later."""

    def _to_acceptance(self) -> Iterator[datetime]:
        fate = self.plan.fate
        yield self.later(0, 2)
        if fate is Fate.NOT_REQUIRED:
            self._do(services.not_require, self.window, reason="这件事已改为自行办理，不需要批准。")
        elif fate is Fate.DECLINED:
            reason = "事项属于上级机关办理。"
            self._do(services.decline, self.window, reason=reason, competent="衢州市相应主管部门")
        elif fate in {Fate.CORRECTED, Fate.RETURNED, Fate.EXHAUSTED}:
            yield from self._correction()
        if self.state() is State.RECEIVED:
            yield from self._acceptance()
        elif not self.state().is_open:
            yield from self._end()

    def _acceptance(self) -> Iterator[datetime]:
        """With the mandate of a proxy seen; a material may come later, to the same counter."""
        is_proxy = self.plan.fate is Fate.BY_PROXY
        lacking = self._lacking() if self.plan.fate is Fate.DEFERRED else []
        self._do(services.accept, self.window, is_mandate_seen=is_proxy, deferred=lacking)
        if lacking and self.state() is State.ACCEPTED:
            yield self.later(0, 2)
            brought = [one.material_id for one in lacking]
            originals = [(self.edition.materials[0]["name"], 1)]
            about = {"material_ids": brought, "files": [], "originals": originals}
            self._do(services.supply_deferred, self.counter, **about)

    def _lacking(self) -> list[services.Deferred]:
        """Promised within three working days, for what is handled in one: the same day."""
        today = legal_date(self.at)
        due = (
            self.office.calendar.add(today, 3) if (self.edition.promised_amount or 0) > 3 else today
        )
        first = self.edition.materials[0]["id"]
        return [services.Deferred(first, "三个工作日内补交原件。", due)]

    def _correction(self) -> Iterator[datetime]:
        materials = self.edition.materials
        first = materials[0] if materials else None
        missing = [{"id": first["id"], "name": first["name"], "text": "没有签名"}] if first else []
        note = "" if missing else "请写明用途。"
        self._do(services.ask_correction, self.window, missing=missing, note=note)
        if self.plan.fate is not Fate.RETURNED:
            yield self.at_home(1, 9)
            given = {"answers": self.answers} if self._is_unfinished else {}
            about = {"case_id": self.case_id, "note": "已补签名。", **given}
            self.by(services.supply, self._citizen(), **about)
            yield self.later(0, 1)
        if self.plan.fate is Fate.EXHAUSTED:
            self._do(services.still_missing, self.window, note="补来的一份仍没有签名。")
        if self.plan.fate is not Fate.CORRECTED:
            yield self.later(28, 34)
            self._do(services.send_back, self.window, reason="补正期限已过，没有补齐材料。")
