"""Owns certificates and keys: issuing, a small authority of one's own, reading what a file says.

Its modules import ``cryptography`` (some 50 ms): import them where they are used, so that a relay
without TLS does not pay. Nothing here opens a connection or decides whom to trust.
"""
