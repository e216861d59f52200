"""Occasions and providers for tests, named by dotted path as a city names its own."""

from typing import ClassVar

from mingtang.messages.providers import Refused
from mingtang.messages.rules import Audience, Occasion, Place, Template

ACCEPTED = Template(
    "您的申请已受理",
    "{applicant}：\n\n您申请的“{item}”（{number}）已受理，承诺 {due} 前办结。",
    "【政务服务】您申请的“{item}”已受理，编号{number}，{due}前办结。",
)
SUBMITTED = Template("新申请 {number}", "请收件。")
PLACES = {
    "applicant": Place("申请人", "毛小明"),
    "item": Place("事项名称", "取水许可"),
    "number": Place("办件编号", "330881016130917000001"),
    "due": Place("办结期限", "2013年9月30日"),
}
FACTS = {name: place.example for name, place in PLACES.items()}
OCCASIONS = (
    Occasion("case.accepted", Audience.APPLICANT, "受理了申请", ACCEPTED, PLACES),
    Occasion(
        "case.submitted",
        Audience.STAFF,
        "收到新申请",
        Template("新申请 {number}", "请收件。"),
        PLACES,
    ),
)


class FakeProvider:
    """Takes messages into a list; fails as often as it is told to."""

    sent: ClassVar[list[tuple[str, str, str]]] = []
    failures: ClassVar[list[Exception]] = []

    @classmethod
    def reset(cls, *failures: Exception) -> None:
        cls.sent.clear()
        cls.failures[:] = failures

    def send(self, recipient: str, title: str, text: str) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((recipient, title, text))
        return f"ref-{len(self.sent)}"


REFUSED = Refused("空号")
