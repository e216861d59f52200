"""Reads of joint matters."""

from mingtang.joint.queries.reading import is_part, route_edition

__all__ = ["is_part", "route_edition"]
