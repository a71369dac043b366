"""Owns what every package says of Bascule: names, version, who makes it, one sentence."""

from __future__ import annotations

from pathlib import Path

from bascule import __version__

TOP = Path(__file__).resolve().parent.parent
BUILD = TOP / "build"
DIST = TOP / "dist"

NAME = "bascule"
TITLE = "Bascule"
VERSION = __version__
APP_ID = "org.bascule.Bascule"
PUBLISHER = "The Bascule authors"
SUMMARY = "Join serial ports, TCP, TLS and SOCKS proxies without a command line"
SUMMARY_FR = "Relier ports série, TCP, TLS et proxys SOCKS sans ligne de commande"
LICENSE = "MIT"

PROGRAM = DIST / NAME
"""The folder that PyInstaller fills; every package is made of it."""
