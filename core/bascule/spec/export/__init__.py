"""Relays, written as commands and configurations of other programs."""
