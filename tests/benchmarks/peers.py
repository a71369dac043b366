"""Owns the programs under measurement: how each is started between a port and a far end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks.goals import NO_RELAY, OURS
from tests.helpers.processes import find

NGINX_STREAM = Path("/usr/lib/nginx/modules/ngx_stream_module.so")
MEBIBYTE = 1024 * 1024
LOTS = 60_000
"""More connections than are ever opened."""


@dataclass(frozen=True)
class Job:
    """What a relay is to do: the port to listen on, the far end (a port or a device), a folder for
    its files, and certificate and key for those that speak TLS.
    """

    port: int
    target: str
    folder: Path
    certificate: str = ""
    key: str = ""

    def write(self, name: str, text: str) -> str:
        """Write a file of settings and return its path."""
        path = self.folder / f"{self.port}-{name}"
        path.write_text(text, "utf-8")
        return str(path)


@dataclass(frozen=True)
class Relay:
    """One program; without ``command`` there is none, and ``missing`` says why.

    DIRECT, which has neither, is the load tools without a relay between them.
    """

    name: str
    command: Callable[[Job], list[str]] | None = None
    missing: str = ""


DIRECT = Relay(NO_RELAY)


def _socat(job: Job, *options: str, source: str = "TCP-LISTEN", target: str = "TCP") -> list[str]:
    listen = f"{source}:{job.port},bind=127.0.0.1,reuseaddr,fork"
    listen += "" if source == "UDP-LISTEN" else ",backlog=1024"
    if source == "OPENSSL-LISTEN":
        listen += f",cert={job.certificate},key={job.key},verify=0"
    end = f"{job.target},raw,echo=0" if target == "FILE" else f"127.0.0.1:{job.target}"
    return [find("socat"), *options, listen, f"{target}:{end}"]


def _haproxy(job: Job, settings: str = "", options: str = "", *, tls: bool = False) -> list[str]:
    bind = f"127.0.0.1:{job.port} backlog 1024"
    if tls:
        both = Path(job.certificate).read_text("utf-8") + Path(job.key).read_text("utf-8")
        bind += f" ssl crt {job.write('both.pem', both)}"
    file = job.write(
        "haproxy.cfg",
        f"global\n  nbthread 1\n  maxconn 6000\n{settings}"
        "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n"
        f"{options}listen relay\n  bind {bind}\n  server target 127.0.0.1:{job.target}\n",
    )
    return [find("haproxy"), "-q", "-db", "-f", file]


def _nginx(job: Job, kind: str = "") -> list[str]:
    tls = (
        f"ssl_certificate {job.certificate}; ssl_certificate_key {job.key}; ssl_protocols TLSv1.3;"
    )
    backlog = "" if kind == "udp" else " backlog=1024"
    file = job.write(
        "nginx.conf",
        f"daemon off; master_process off; pid {job.folder}/{job.port}.pid;\n"
        f"error_log stderr emerg; load_module {NGINX_STREAM}; worker_rlimit_nofile {LOTS};\n"
        f"events {{ worker_connections 16384; }}\n"
        f"stream {{ proxy_buffer_size 256k; proxy_timeout 60s; {tls if kind == 'ssl' else ''}\n"
        f"server {{ listen 127.0.0.1:{job.port} {kind}{backlog}; "
        f"proxy_pass 127.0.0.1:{job.target}; }} }}\n",
    )
    return [find("nginx"), "-e", "stderr", "-c", file]


def _stunnel(job: Job) -> list[str]:
    file = job.write(
        "stunnel.conf",
        "foreground = yes\nsyslog = no\ndebug = 2\npid =\n"
        f"[relay]\naccept = 127.0.0.1:{job.port}\nconnect = 127.0.0.1:{job.target}\n"
        f"cert = {job.certificate}\nkey = {job.key}\n",
    )
    return [find("stunnel4"), file]


def _ser2net(job: Job) -> list[str]:
    file = job.write(
        "ser2net.yaml",
        f"%YAML 1.1\n---\nconnection: &line\n  accepter: tcp,127.0.0.1,{job.port}\n"
        f"  connector: serialdev,{job.target},115200n81,local\n"
        "  options:\n    kickolduser: true\n",
    )
    return [find("ser2net"), "-d", "-u", "-c", file, "-P", str(job.folder / f"{job.port}.pid")]


def _bascule(
    job: Job,
    *,
    source: str = "tcp-listen",
    target: str = "tcp-connect",
    tls: bool = False,
    more: str = "",
) -> list[str]:
    """Ours as people run it: counters are on, nothing is tuned. ``more`` is TOML of the relay."""
    end = f'device = "{job.target}"\nbaud = 115200'
    if target != "serial":
        end = f'host = "127.0.0.1"\nport = {job.target}'
    file = job.write(
        "bascule.toml",
        f'format = 1\nid = "bench-{job.port}"\nname = "bench"\n[relay]\n{more}\n'
        f'[relay.source]\nkind = "{source}"\nport = {job.port}\n'
        + ("" if source == "udp-listen" else "backlog = 1024\n")
        + (
            f'[relay.source.tls]\ncertificate = "{job.certificate}"\nkey = "{job.key}"\n'
            if tls
            else ""
        )
        + f'[relay.target]\nkind = "{target}"\n{end}\n',
    )
    return [sys.executable, "-m", "bascule", "run", file]


def _without_pipes(argv: list[str]) -> list[str]:
    """Ours as it is where there is no splice(2), or all pipes are lent: it copies."""
    change = (
        "import sys; from bascule.relay import way; from bascule.__main__ import main; "
        "way._MOST_PIPES *= 0; sys.exit(main())"  # fails where there is no such name
    )
    return [argv[0], "-c", change, *argv[3:]]


SOCAT = Relay("socat", _socat)
SOCAT_LARGE = Relay("socat -b 262144", lambda job: _socat(job, "-b", "262144"))
HAPROXY = Relay("haproxy", _haproxy)
HAPROXY_SPLICE = Relay(
    "haproxy, forced splice",
    partial(
        _haproxy,
        settings=f"  tune.pipesize {MEBIBYTE}\n",
        options="  option splice-request\n  option splice-response\n",
    ),
)
NGINX = Relay("nginx", _nginx)
BASCULE = Relay(OURS, _bascule)
BASCULE_COPYING = Relay(f"{OURS}, copying", lambda job: _without_pipes(_bascule(job)))
BASCULE_LIMITED = Relay(
    f"{OURS}, limited",
    partial(_bascule, more=f"up_bytes_per_second = {2**40}\ndown_bytes_per_second = {2**40}"),
)

SOCAT_TLS = Relay("socat", partial(_socat, source="OPENSSL-LISTEN"))
STUNNEL = Relay("stunnel", _stunnel)
HAPROXY_TLS = Relay("haproxy", partial(_haproxy, tls=True))
NGINX_TLS = Relay("nginx", partial(_nginx, kind="ssl"))
BASCULE_TLS = Relay(OURS, partial(_bascule, tls=True))

SOCAT_UDP = Relay("socat", partial(_socat, source="UDP-LISTEN", target="UDP"))
NGINX_UDP = Relay("nginx", partial(_nginx, kind="udp"))
BASCULE_UDP = Relay(OURS, partial(_bascule, source="udp-listen", target="udp-connect"))

SOCAT_SERIAL = Relay("socat", partial(_socat, target="FILE"))
SER2NET = Relay("ser2net", _ser2net)
BASCULE_SERIAL = Relay(OURS, partial(_bascule, target="serial"))
