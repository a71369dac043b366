"""The answers over HTTP with the real curl, and with the plain tools of the runbooks."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.ports import free_port
from tests.helpers.processes import find
from tests.helpers.relaying import relaying
from tests.helpers.web import curl

PAGE = "<h1>Fermé, de 12 à 14 h</h1>"


def test_curl_gets_the_page_as_often_as_it_asks(tmp_path: Path):
    port = free_port()
    url = f"http://127.0.0.1:{port}/any/where"
    answer = f"HTTP-ANSWER:'{PAGE}',status=503,content-type=text/html,header=Retry-After: 60"
    with relaying(tmp_path, f"TCP-LISTEN:{port},bind=127.0.0.1,fork", answer) as relay:
        relay.heard("listening on")
        shown = "%{http_code} %{content_type} %header{retry-after} %{num_connects}\\n"
        got = curl("-w", shown, url, "-o", "page", url, "-o", "page", "--output-dir", str(tmp_path))
        assert got.stdout.splitlines() == [b"503 text/html 60 1", b"503 text/html 60 0"]
        assert (tmp_path / "page").read_text() == PAGE
        head = curl("--head", url).stdout.decode().splitlines()
        assert head[0] == "HTTP/1.1 503 Service Unavailable"
        assert f"Content-Length: {len(PAGE.encode())}" in head


def test_curl_may_bring_what_it_likes(tmp_path: Path):
    port, upload = free_port(), tmp_path / "upload"
    upload.write_bytes(random_bytes(3_000_000))
    url = f"http://127.0.0.1:{port}/"
    with relaying(
        tmp_path, f"TCP-LISTEN:{port},bind=127.0.0.1,fork", "HTTP-ANSWER:got it"
    ) as relay:
        relay.heard("listening on")
        for words in (
            ("--data-binary", f"@{upload}"),
            ("-T", str(upload)),
            ("-T", str(upload), "-H", "Transfer-Encoding: chunked"),
            ("-T", str(upload), "-H", "Expect: 100-continue"),
            ("-0", "-T", str(upload)),
        ):
            got = curl(*words, "-w", " %{http_code} %{size_upload}", url)
            *said, size = got.stdout.split(b" ")
            assert said == [b"got", b"it", b"200"], words
            assert int(size) >= 3_000_000  # with the lengths of the chunks
            assert got.returncode == 0


def test_health_for_curl_and_for_a_plain_connection(tmp_path: Path):
    port = free_port()
    listens = f"TCP-LISTEN:{port},bind=127.0.0.1,fork"
    with relaying(tmp_path, listens, "HEALTH-ANSWER") as relay:
        relay.heard("listening on")
        got = curl("-f", f"http://127.0.0.1:{port}/health")
        assert json.loads(got.stdout)["status"] == "ok"
    with relaying(tmp_path, listens, "HEALTH-ANSWER,form=plain") as relay:
        relay.heard("listening on")
        command = [find("socat"), "-t", "60", "-", f"TCP:127.0.0.1:{port}"]
        heard = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=True,
            timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert heard.stdout.startswith(b"status=ok\nhost=")
