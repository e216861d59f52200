"""One person who tries every command that has an effect: a house, what is given, what is seen."""
