"""A program that joins its standard input and output to a Unix socket, or to a port of this
computer, each way ending on its own.

Run as a program; uses nothing of ours.
"""

from __future__ import annotations

import os
import socket
import stat
import sys
import threading


def write_all(fd: int, data: bytes) -> None:
    """Write all of data."""
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]


def carry_out(sock: socket.socket) -> None:
    """From the socket to standard output, and its end."""
    while data := sock.recv(65_536):
        write_all(1, data)
    if stat.S_ISSOCK(os.fstat(1).st_mode):
        with socket.socket(fileno=os.dup(1)) as output:
            output.shutdown(socket.SHUT_WR)
    else:
        os.close(1)


def carry_in(sock: socket.socket) -> None:
    """From standard input to the socket, and its end."""
    while data := os.read(0, 65_536):
        sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)


def main() -> None:
    """Join them until both ways have ended."""
    to = sys.argv[1]
    family = socket.AF_INET if to.isdigit() else socket.AF_UNIX
    with socket.socket(family) as sock:
        sock.connect(("127.0.0.1", int(to)) if to.isdigit() else to)
        out = threading.Thread(target=carry_out, args=(sock,), daemon=True)
        out.start()
        carry_in(sock)
        out.join()


if __name__ == "__main__":
    main()
