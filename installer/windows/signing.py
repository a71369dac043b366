"""Owns the signature of what Windows runs (Authenticode), made by a program of one's own.

``BASCULE_SIGN`` is a command line with ``{file}`` in it, which signs that file in place:

    signtool sign /fd SHA256 /tr … /td SHA256 /n "…" {file}

or with ``{signed}`` as well, for a program that writes another file:

    osslsigncode sign -pkcs12 … -h sha256 -in {file} -out {signed}

Where it is not set, nothing is signed. A password may be in it, so no error says what it is.
makensis runs this file as a program of its own.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

VARIABLE = "BASCULE_SIGN"


def sign(file: Path) -> bool:
    """Sign an executable; False where no command is set.

    Raises:
        CalledProcessError: The command refused; its words are on the output. The error names the
            variable and not what is in it.
        ValueError: The command does not say where the file's name goes.
    """
    template = os.environ.get(VARIABLE, "").strip()
    if not template:
        return False
    if "{file}" not in template:
        raise ValueError(f"{VARIABLE} has no {{file}}: it must say where the file's name goes")
    signed = file.with_name(f"{file.name}.signed")
    signed.unlink(missing_ok=True)  # what an earlier one left would be taken for this one's
    command = template.replace("{file}", _quoted(file)).replace("{signed}", _quoted(signed))
    done = subprocess.run(command, shell=True, check=False)  # noqa: S602 - the builder's own words
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, VARIABLE)
    if "{signed}" in template:
        signed.replace(file)
    return True


def _quoted(file: Path) -> str:
    """A word of a command line, as this system's shell reads it."""
    return f'"{file}"' if sys.platform == "win32" else shlex.quote(str(file))


if __name__ == "__main__":
    sign(Path(sys.argv[1]))
