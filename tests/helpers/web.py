"""A real web server and a real client: nginx and curl. Debian: nginx-light, curl."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import wait_until
from tests.helpers.processes import find, start

REFUSED = (7, 52, 55, 56)
"""curl's exit codes where the peer closes: a reset at once, an empty answer, a reset while it sends
or while it reads.
"""

_CONFIGURATION = """
pid nginx.pid;
daemon off;
master_process off;
{user}
events {{}}
http {{
    log_format facts '$remote_addr "$request" $status name=$ssl_server_name '
                     'client=$ssl_client_s_dn';
    access_log access.log facts;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        root pages;
        {server}
    }}
}}
"""


@dataclass(frozen=True)
class Web:
    """A web server that is ready; what lies in ``pages`` is what it serves."""

    pages: Path
    _log: Path

    def asked(self, count: int) -> list[str]:
        """A line for each of so many requests: who, what, the status, the name and the client of
        TLS. The last is written after its answer, which may be here before.
        """
        wait_until(lambda: self._log.read_text().count("\n") >= count)
        return self._log.read_text().splitlines()


@contextmanager
def nginx(folder: Path, server: str, ready: Callable[[], bool]) -> Iterator[Web]:
    """Run nginx in a folder of its own; ``server`` holds what its one server has to be told."""
    pages = folder / "pages"
    pages.mkdir(parents=True)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_CONFIGURATION.format(user=user, server=server))
    with start("nginx", "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf", ready=ready):
        yield Web(pages, folder / "access.log")


def curl(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run curl to its end: what it got, its exit code, and what it says of a failure."""
    command = [find("curl"), "-sS", "--noproxy", "*", "--max-time", str(PATIENCE_SECONDS), *words]
    return subprocess.run(command, capture_output=True, check=False)
