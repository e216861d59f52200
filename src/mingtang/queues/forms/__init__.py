"""Forms of queues."""
