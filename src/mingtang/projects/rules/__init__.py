"""Rules of projects: states and moves, money and progress, reports, node plans. Pure."""
