"""Every route of the house, pages and operations of the API, with the policy it declares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from mingtang.accounts.policy import Policy
from mingtang.accounts.rules import Role
from mingtang.api.doors import Door
from mingtang.api.interface import api

API = "/api/v1"


@dataclass(frozen=True)
class Route:
    """`path` as the URL conf writes it; `names`: what stands in it."""

    name: str
    path: str
    policy: Policy
    view: Any = None
    method: str = ""  # of an operation of the API
    told: dict[str, Any] = field(default_factory=dict, compare=False)  # of its bodies

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(re.findall(r"[<{](?:\w+:)?(\w+)[>}]", self.path))

    @property
    def roles(self) -> frozenset[Role]:
        return self.policy.roles or frozenset()


def pages(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Route]:
    """The routes of a URL conf, but for the operations of the API, which have doors instead."""
    for one in patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from pages(one.url_patterns, path, one.namespace or space)
        elif isinstance(one, URLPattern) and not _is_operation(one):
            policy = getattr(one.callback, "policy", Policy("none"))
            yield Route(f"{space}:{one.name}", path, policy, one.callback)


def _is_operation(one: URLPattern) -> bool:
    return getattr(one.callback, "__module__", "").startswith("ninja")


def operations() -> Iterator[Route]:
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                (door,) = (one for one in operation.auth_callbacks if isinstance(one, Door))
                for method in operation.methods:
                    whole = f"{API}/{path.lstrip('/')}"
                    name = f"api:{method} {path.lstrip('/')}"
                    told = operation.openapi_extra or {}
                    yield Route(name, whole, door.policy, door, method, told)


def routes() -> list[Route]:
    return [*pages(get_resolver().url_patterns), *operations()]
