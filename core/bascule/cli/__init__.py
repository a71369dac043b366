"""The command line: a thin second client of the engine. Parse, call, show."""
