"""Rules: which way a batch went, who did not take a row, what those above are told, who reads."""

from enum import StrEnum

from mingtang.accounts.rules import Role

KEEPERS = (Role.SYSTEM_ADMIN, Role.CENTRE_MANAGER)
# Who meets people with a number of the old system on their paper, and who looks into such cases.
OLD_CASE_READERS = (*KEEPERS, Role.GENERAL_CLERK, Role.WINDOW_LEAD, Role.INSPECTOR)

# Whose work has due days that a calendar may show.
CALENDAR_READERS = (
    *(Role.CLERK, Role.GENERAL_CLERK, Role.WINDOW_LEAD),
    *(Role.HANDLER, Role.APPROVER, Role.CHIEF_REPRESENTATIVE),
)


class Way(StrEnum):
    MADE = "made"
    RECEIVED = "received"

    @property
    def label(self) -> str:
        return {"made": "上报", "received": "接收"}[self.value]


class Origin(StrEnum):
    """Who did not take a row: our own check, or whoever the batch went to."""

    CHECK = "check"
    UPSTREAM = "upstream"

    @property
    def label(self) -> str:
        return {"check": "本方校验", "upstream": "对方退回"}[self.value]


# Acts that those above are told of: the word that their code list translates, what it is called.
ACTIONS = {
    "case.taken_in": ("received", "窗口收件"),
    "case.received": ("received", "收件"),
    "case.correction_asked": ("correction", "告知补正"),
    "case.supplied": ("supplied", "补正"),
    "case.accepted": ("accepted", "受理"),
    "case.deemed_accepted": ("accepted", "视为受理"),
    "case.examined": ("examined", "审查"),
    "case.referred_up": ("examined", "初审上报"),
    "case.granted": ("decided", "决定：准予"),
    "case.refused": ("decided", "决定：不予"),
    "case.deemed_granted": ("decided", "视为准予延续"),
    "case.delivered": ("delivered", "送达"),
    "case.withdrawn": ("ended", "撤回申请"),
    "case.terminated": ("ended", "终止审查"),
    "case.returned": ("ended", "退件"),
    "case.reopened": ("other", "恢复办理"),
}
RESULTS = {
    "case.granted": "",  # as the case says: granted, or partly
    "case.refused": "refused",
    "case.deemed_granted": "deemed_granted",
    "case.withdrawn": "withdrawn",
    "case.terminated": "terminated",
    "case.returned": "returned",
}
REOPENED, DELIVERED = "case.reopened", "case.delivered"
OTHER_NEWS = ("case.resumed", "case.extended", "case.issued")
BEFORE = {"case.taken_in", "case.received"}  # told with the acceptance
RATED = ("rating.given", "rating.corrected")
NEWS = (*(kind for kind in ACTIONS if kind not in BEFORE), *OTHER_NEWS, *RATED)
