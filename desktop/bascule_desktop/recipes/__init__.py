"""Relays for common wishes, ready but for a few values, and the words that explain them."""
