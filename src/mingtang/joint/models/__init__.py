"""Tables of joint approval."""

from mingtang.joint.models.cases import (
    JointCase,
    JointCorrection,
    JointMaterial,
    JointPart,
    JointPromise,
    SimulatedOpinion,
    stream_of,
)
from mingtang.joint.models.drafts import RouteDraft
from mingtang.joint.models.meetings import Meeting, MeetingPerson, MeetingUnit
from mingtang.joint.models.routes import Route, RouteEdition

__all__ = [
    "JointCase",
    "JointCorrection",
    "JointMaterial",
    "JointPart",
    "JointPromise",
    "Meeting",
    "MeetingPerson",
    "MeetingUnit",
    "Route",
    "RouteDraft",
    "RouteEdition",
    "SimulatedOpinion",
    "stream_of",
]
