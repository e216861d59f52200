"""Tables of joint approval."""

from mingtang.joint.models.drafts import RouteDraft
from mingtang.joint.models.routes import Route, RouteEdition

__all__ = ["Route", "RouteDraft", "RouteEdition"]
