"""Builds what people install. Not part of the program."""
