"""Fuzzing: arbitrary text and bytes into everything that reads what others have written."""
