"""Rules of screens: devices and their signed messages, what a board shows."""
