"""Followers of bottlenecks: the rows of a case follow its events."""

from mingtang.bottlenecks.rules.steps import KINDS
from mingtang.bottlenecks.services import forget, keep
from mingtang.ledger.followers import Follower

BOTTLENECKS = Follower("bottlenecks", tuple(sorted(KINDS)), keep, forget)
