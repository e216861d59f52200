"""Rules of bottlenecks: where the time of cases goes. Pure."""
