"""Rules of disclosure: what an item says, its review chain, its numbers, its term. Pure."""
