"""Exchanges without I/O, written as generators: no socket, no clock, no event loop."""
