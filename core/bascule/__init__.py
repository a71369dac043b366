"""Bascule's relay core: everything that moves bytes, without Qt."""

__version__ = "0.1.0"
