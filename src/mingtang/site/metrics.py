"""What Prometheus is told: what the processes counted, and what the database says now."""

import hmac
import ipaddress
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from mingtang.base import metrics
from mingtang.base.clock import legal_date, now
from mingtang.base.durability import last_backup
from mingtang.base.space import free_bytes
from mingtang.base.web import source_of
from mingtang.ledger import queries as ledger
from mingtang.messages import queries as messages
from mingtang.timing import queries as timing

TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOOPBACK = "loopback"


def may_read(request: HttpRequest) -> bool:
    """Whether a request is from this machine, or brings the token, as the setting wants it."""
    wanted: str = settings.MINGTANG_METRICS
    if wanted == LOOPBACK:
        try:
            source = ipaddress.ip_address(source_of(request))
        except ValueError:
            return False
        return source.is_loopback
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    told = hmac.compare_digest(given.strip().encode(), wanted.encode())
    return bool(wanted) and kind.lower() == "bearer" and told


def page() -> bytes:
    """Everything, in the text format 0.0.4."""
    metrics.meters()  # the folder is there
    registry: Any = CollectorRegistry()
    MultiProcessCollector(registry, path=str(metrics.folder()))  # type: ignore[no-untyped-call]
    registry.register(_Now(now()))
    return generate_latest(registry)


class _Now:
    """What is so at this moment, for the whole installation, whichever machine is asked."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._followers()
        yield from self._clocks()
        yield self._one("sequencer_lag_seconds", self._age(ledger.oldest_outside_tree()))
        waiting, given_up = messages.queue_counts()
        yield self._one("messages_waiting", waiting)
        yield self._one("messages_given_up", given_up)
        yield self._one("disk_free_bytes", free_bytes())
        if last := last_backup():  # none at all: no line, which an alert can ask for
            yield self._one("backup_age_seconds", self._age(last))

    def _age(self, since: datetime | None) -> float:
        return max((self.at - since).total_seconds(), 0) if since else 0

    @staticmethod
    def _one(name: str, value: float) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"mingtang_{name}", name.replace("_", " "), value=value)

    @staticmethod
    def _by(name: str, label: str) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"mingtang_{name}", name.replace("_", " "), labels=[label])

    def _followers(self) -> Iterator[GaugeMetricFamily]:
        lag = self._by("follower_lag_seconds", "follower")
        owed, parked = (
            self._by("deliveries_owed", "follower"),
            self._by("deliveries_parked", "follower"),
        )
        for one in ledger.debts_by_follower():
            lag.add_metric([one.follower], self._age(one.oldest))
            owed.add_metric([one.follower], one.owed)
            parked.add_metric([one.follower], one.parked)
        yield from (lag, owed, parked)

    def _clocks(self) -> Iterator[GaugeMetricFamily]:
        running, overdue = self._by("clocks_open", "kind"), self._by("clocks_overdue", "kind")
        for kind, count, late in timing.open_counts(legal_date(self.at)):
            running.add_metric([kind], count)
            overdue.add_metric([kind], late)
        yield from (running, overdue)
