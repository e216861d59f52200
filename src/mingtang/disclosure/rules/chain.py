"""Rules: the review chain, who may do what in it, and what is refused. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed


class State(StrEnum):
    """Where the newest version of an item stands."""

    DRAFT = "draft"
    REVIEW = "review"
    SECRECY = "secrecy"
    APPROVED = "approved"
    PUBLISHED = "published"
    KEPT = "kept"
    TAKEN_DOWN = "taken_down"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.DRAFT: "起草",
    State.REVIEW: "待审核",
    State.SECRECY: "待保密审查",
    State.APPROVED: "待发布",
    State.PUBLISHED: "已公开",
    State.KEPT: "已定不主动公开",
    State.TAKEN_DOWN: "已撤下",
}


class Stage(StrEnum):
    REVIEW = "review"
    SECRECY = "secrecy"

    @property
    def label(self) -> str:
        return "内容审核" if self is Stage.REVIEW else "保密审查"


class Verdict(StrEnum):
    APPROVE = "approve"
    RETURN = "return"

    @property
    def label(self) -> str:
        return "同意" if self is Verdict.APPROVE else "退回"


class Act(StrEnum):
    REVISE = "revise"
    SUBMIT = "submit"
    RECALL = "recall"
    REVIEW = "review"
    CLEAR = "clear"
    PUBLISH = "publish"
    KEEP = "keep"
    TAKE_DOWN = "take_down"

    @property
    def label(self) -> str:
        return ACT_LABELS[self]


ACT_LABELS = {
    Act.REVISE: "修改",
    Act.SUBMIT: "送审",
    Act.RECALL: "取回",
    Act.REVIEW: "审核",
    Act.CLEAR: "保密审查",
    Act.PUBLISH: "发布",
    Act.KEEP: "定为不主动公开",
    Act.TAKE_DOWN: "撤下",
}

# In which states an act may be done.
FROM: dict[Act, frozenset[State]] = {
    Act.REVISE: frozenset(State),  # a change always makes a new version, which begins at DRAFT
    Act.SUBMIT: frozenset({State.DRAFT, State.TAKEN_DOWN}),  # by mistake: it goes the way again
    Act.RECALL: frozenset({State.REVIEW, State.SECRECY}),
    Act.REVIEW: frozenset({State.REVIEW}),
    Act.CLEAR: frozenset({State.SECRECY}),
    Act.PUBLISH: frozenset({State.APPROVED}),
    Act.KEEP: frozenset({State.APPROVED}),
    # While a new version waits, the old one is still public, and may go.
    Act.TAKE_DOWN: frozenset(State) - {State.KEPT, State.TAKEN_DOWN},
}

DRAFTERS = frozenset({Role.SECTION_CONTACT, Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_HEAD})
REVIEWERS = frozenset({Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_HEAD})
RELEASERS = frozenset({Role.DISCLOSURE_HEAD})
SECRECY_REVIEWERS = frozenset({Role.SECRECY_REVIEWER})
ENTERERS = frozenset({Role.SECTION_CONTACT, Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_HEAD})
READERS = DRAFTERS | SECRECY_REVIEWERS
OVERSEERS = frozenset({Role.CENTRE_MANAGER, Role.INSPECTOR})  # read what their county publishes

MAY: dict[Act, frozenset[Role]] = {
    Act.REVISE: DRAFTERS,
    Act.SUBMIT: DRAFTERS,
    Act.RECALL: DRAFTERS,
    Act.REVIEW: REVIEWERS,
    Act.CLEAR: SECRECY_REVIEWERS,
    Act.PUBLISH: RELEASERS,
    Act.KEEP: RELEASERS,
    Act.TAKE_DOWN: RELEASERS,
}


class NotNow(Conflict):
    def __init__(self, act: Act, state: State) -> None:
        super().__init__(
            f"这条信息现在是“{state.label}”，不能{act.label}。请刷新页面看看谁已经办过。"
        )


class Changed(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "您打开页面以后内容又改过了，刚才的意见没有记下。请刷新页面，看过新的内容再办。"
        )


class OwnDraft(NotAllowed):
    def __init__(self, act: Act) -> None:
        super().__init__(
            f"起草、修改过这条信息的人不能自己{act.label}（先审查后公开，须由另一人办）。"
            "请转给别的同事。"
        )


class Unreviewed(Conflict):
    def __init__(self) -> None:
        super().__init__("这一版内容还没有另一人审核同意，不能公开。请先送审。")


class NotPublic(DomainError):
    def __init__(self, label: str) -> None:
        super().__init__(f"公开属性是“{label}”，不能主动公开。要公开请先修改属性并重新送审。")


class NotKept(DomainError):
    def __init__(self) -> None:
        super().__init__("公开属性是“主动公开”，请直接发布；不公开请先修改属性并写明理由。")


def check_state(act: Act, state: str) -> None:
    """Raises NotNow."""
    if State(state) not in FROM[act]:
        raise NotNow(act, State(state))


def check_another(act: Act, persons: Iterable[int], writers: Iterable[int | None]) -> None:
    """Who drafted or changed an item never reviews, clears or releases it, nor does a stand-in
    for them (`persons`: who acts, and for whom). Raises OwnDraft."""
    if set(persons) & set(writers):
        raise OwnDraft(act)
