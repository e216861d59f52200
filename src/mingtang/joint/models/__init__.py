"""Tables of joint approval."""

from mingtang.joint.models.cases import (
    JointCase,
    JointMaterial,
    JointPart,
    SimulatedOpinion,
    stream_of,
)
from mingtang.joint.models.routes import Route, RouteEdition

__all__ = [
    "JointCase",
    "JointMaterial",
    "JointPart",
    "Route",
    "RouteEdition",
    "SimulatedOpinion",
    "stream_of",
]
