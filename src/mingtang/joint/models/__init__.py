"""Tables of joint approval."""

from mingtang.joint.models.routes import Route, RouteEdition

__all__ = ["Route", "RouteEdition"]
