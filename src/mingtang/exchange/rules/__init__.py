"""Rules of the exchange: what others want to be told, how it is written, what makes it wrong.
Pure."""
