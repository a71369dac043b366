"""Owns what every package says of Bascule: names, version, who makes it, one sentence."""

from __future__ import annotations

import datetime as dt
import os
import re
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
MAINTAINER = (
    os.environ.get("BASCULE_MAINTAINER") or f"{PUBLISHER} <bascule@users.noreply.github.com>"
)
"""Whom a package names as the one to write to (RFC 5322)."""

BUILT = dt.datetime.fromtimestamp(
    int(os.environ.get("SOURCE_DATE_EPOCH", dt.datetime.now(dt.UTC).timestamp())), dt.UTC
)
"""When this is built; SOURCE_DATE_EPOCH makes a build repeatable (reproducible-builds.org)."""

PROGRAM = DIST / NAME
"""The folder that PyInstaller fills; every package is made of it."""


def package_version(version: str = VERSION) -> str:
    """A version as dpkg and rpm sort it: ``1.0~rc1`` comes before ``1.0``, where ``1.0rc1`` would
    come after it (deb-version(7), rpm-version(7)).
    """
    return re.sub(r"(?=(?:a|b|rc)\d)", "~", version, count=1)
