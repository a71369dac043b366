"""Files of the runbook's own sender, ``tar | socat``, received by Bascule, with their sums."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.ports import free_port
from tests.helpers.processes import find
from tests.helpers.relaying import relaying


@pytest.mark.parametrize("pack", ["-cpf", "-czf"])
def test_what_tar_and_socat_send_is_there(tmp_path: Path, pack: str):
    sent, received, port = tmp_path / "sent", tmp_path / "received", free_port()
    (sent / "subdir").mkdir(parents=True)
    contents = {"file1.txt": b"one\n", "subdir/file2": random_bytes(3_000_000)}
    for name, data in contents.items():
        (sent / name).write_bytes(data)
    source = f"TCP-LISTEN:{port},bind=127.0.0.1"
    with relaying(tmp_path, source, f"RECEIVE-FILES:{received}") as relay:
        relay.heard("listening on")
        tar = subprocess.Popen(
            [find("tar"), pack, "-", "-C", str(sent), "."], stdout=subprocess.PIPE
        )
        assert tar.stdout is not None
        with tar.stdout:
            subprocess.run(
                [find("socat"), "-u", "-", f"TCP:127.0.0.1:{port},connect-timeout=10"],
                stdin=tar.stdout, check=True, timeout=PATIENCE_SECONDS,
            )  # fmt: skip
        assert tar.wait(PATIENCE_SECONDS) == 0
        for name, data in contents.items():
            digest = hashlib.sha256(data).hexdigest()
            relay.heard(f"received {name}: {len(data)} bytes, SHA-256 {digest}")
    for name, data in contents.items():
        assert (received / name).read_bytes() == data
