"""Reads of projects."""

from mingtang.projects.queries.plan import nodes_of, required_keys, route_of_edition

__all__ = ["nodes_of", "required_keys", "route_of_edition"]
