"""The window: a client of the engine. The only package with Qt."""
