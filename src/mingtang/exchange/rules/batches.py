"""Rules: which way a batch went, who did not take a row, which events owe a row."""

from enum import StrEnum


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


# What those above call an act: our kinds, by the word that their code list translates.
ACTIONS = {
    "case.taken_in": "received",
    "case.received": "received",
    "case.correction_asked": "correction",
    "case.supplied": "supplied",
    "case.accepted": "accepted",
    "case.deemed_accepted": "accepted",
    "case.examined": "examined",
    "case.referred_up": "examined",
    "case.granted": "decided",
    "case.refused": "decided",
    "case.deemed_granted": "decided",
    "case.delivered": "delivered",
    "case.withdrawn": "ended",
    "case.terminated": "ended",
    "case.returned": "ended",
    "case.reopened": "other",
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
OWING = (*(kind for kind in ACTIONS if kind not in BEFORE), *OTHER_NEWS, *RATED)
