"""Followers of bottlenecks: the rows of a case follow its events."""

from mingtang.bottlenecks.rules.steps import KINDS
from mingtang.bottlenecks.services import forget, keep
from mingtang.ledger.services import Follower

BOTTLENECKS = Follower("bottlenecks", tuple(sorted(KINDS)), keep, forget)
