"""Tests of Bascule. A package, so that no other `tests` on the path is met first."""
