"""Commands and configurations of other programs, read as relays."""
