"""A simulated city: cases of a span of days, filed and decided by the real commands."""

from mingtang.site.simulate.running import Simulation, root, unsynced

__all__ = ["Simulation", "root", "unsynced"]
