"""Owns the hints that help to fill in a field: an example, or what a special value means."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def hints() -> dict[str, str]:
    """Hints by the name of the field, with that of its spec before it where both count."""
    return _network() | _sockets() | _local() | _several() | _relay()


def _network() -> dict[str, str]:
    listen_on = translate("Labels", "127.0.0.1: this computer only; 0.0.0.0: the whole network")
    reach = translate("Labels", "server.example or 10.0.0.3; localhost is this computer")
    everyone = translate("Labels", "Empty: everyone; else 192.168.1.0/24, 10.0.0.7 …")
    return {
        "client_authority": translate("Labels", "Empty: everyone is admitted"),
        "authority": translate("Labels", "Empty: those this computer trusts"),
        "server_name": translate("Labels", "Empty: the name of the host"),
        "ciphers": translate("Labels", "In OpenSSL's words; empty: the usual ones"),
        "TcpListen.host": listen_on,
        "UdpListen.host": listen_on,
        "UdpReceiveFrom.host": listen_on,
        "UdpReceive.host": listen_on,
        "TcpConnect.host": reach,
        "UdpConnect.host": reach,
        "UdpSendTo.host": reach,
        "UdpDatagram.host": translate("Labels", "239.1.2.3 (a group) or 192.168.1.255 (everybody)"),
        "allow": everyone,
        "bind": translate("Labels", "Empty: the system chooses"),
        "UnixConnect.bind": translate("Labels", "Empty: it has no name"),
        "UnixSendTo.bind": translate("Labels", "Empty: nobody can answer"),
        "source_port": translate("Labels", "0: any"),
        "low_port": translate("Labels", "Some old services ask for it. It needs special rights."),
        "proxy_header": translate(
            "Labels", "It says who has connected; the target must expect it (nginx, HAProxy)"
        ),
        "TcpListen.proxy_header": translate(
            "Labels", "Only behind a load balancer that sends one: others are turned away."
        ),
        "groups": translate("Labels", "239.1.2.3, or 239.1.2.3:eth0 on one interface"),
        "broadcast": translate("Labels", "For an address of everybody, such as 192.168.1.255"),
        "multicast_interface": translate("Labels", "eth0 or its address; empty: the usual one"),
        "multicast_hop_limit": translate("Labels", "1: this network only"),
        "max_peers": translate("Labels", "the one silent for longest gives way"),
    }


def _sockets() -> dict[str, str]:
    system = translate("Labels", "0: as the system does")
    return {
        "keepalive_idle_seconds": system,
        "keepalive_interval_seconds": system,
        "keepalive_probes": translate(
            "Labels", "then the other side counts as gone; 0: as the system does"
        ),
        "close_linger_seconds": translate("Labels", "-1: the system decides; 0: cut off at once"),
        "send_buffer_bytes": system,
        "receive_buffer_bytes": system,
        "hop_limit": system,
        "service_type": translate("Labels", "-1: as usual"),
        "reuse_port": translate(
            "Labels", "Other programs may listen on it at the same time (Linux, macOS)."
        ),
        "interface": translate("Labels", "eth0; empty: any (Linux)"),
        "backlog": translate("Labels", "how many arrivals the system keeps while Bascule is busy"),
        "nodelay": translate("Labels", "Better for typing and for devices"),
        "accept_timeout_seconds": translate("Labels", "0: never"),
        "path": translate("Labels", "/run/scale.sock"),
        "abstract": translate("Labels", "The path is a mere name then: no file appears."),
        "owner": translate("Labels", "user, user:group or :group; empty: you"),
        "mode": translate("Labels", "In octal: 600 is you alone, 660 your group as well"),
    }


def _local() -> dict[str, str]:
    return {
        "terminal": translate("Labels", "In socat's words: raw, echo=0, b115200"),
        "command": translate("Labels", "python3 /home/you/answer.py"),
        "interpreter": translate("Labels", "A shell is needed for |, >, * and variables"),
        "joined_by": translate(
            "Labels", "A terminal for programs made for people, such as a login"
        ),
        "stderr": translate("Labels", "What it writes to its standard error"),
        "new_session": translate(
            "Labels", "Ctrl+C where Bascule was started does not reach it (setsid)"
        ),
        "controlling": translate("Labels", "Ctrl+C that arrives stops it, as a person's would"),
        "login": translate("Labels", "A dash before its name: it reads your login settings"),
        "search_path": translate("Labels", "Empty: the usual ones (PATH)"),
        "input_descriptor": translate("Labels", "0: standard input"),
        "output_descriptor": translate("Labels", "1: standard output"),
        "File.path": translate("Labels", "/home/you/scale.log"),
        "status": translate("Labels", "200: all is well; 404: not there; 503: out of service"),
        "body": translate("Labels", "What everybody who asks is shown"),
        "content_type": translate("Labels", "text/html; charset=utf-8 for a page with HTML"),
        "headers": translate("Labels", "One a line: Retry-After: 3600"),
        "folder": translate("Labels", "/home/you/received"),
        "ShareFile.path": translate("Labels", "/home/you/report.pdf"),
        "downloads": translate("Labels", "after the last one, the relay stops"),
        "expires_minutes": translate("Labels", "1440: a day; 0: never"),
        "file_name": translate("Labels", "Empty: a tar archive arrives, and is unpacked"),
        "limit_megabytes": translate("Labels", "of each connection; 0: what the disk takes"),
        "SendFiles.path": translate("Labels", "/home/you/photos"),
        "LogCollector.path": translate("Labels", "/home/you/events.log"),
        "rotate_megabytes": translate("Labels", "0: never"),
        "seconds": translate("Labels", "0: until the megabytes below are sent"),
        "megabytes": translate("Labels", "0: no limit"),
        "answer_seconds": translate("Labels", "until it says that it has everything"),
        "within_seconds": translate("Labels", "for all stages together"),
        "first_byte": translate("Labels", "As SSH and mail servers do; a web server waits."),
        "File.mode": translate("Labels", "In octal: 644 lets all read it, 600 only you"),
        "exclusive": translate("Labels", "A file that is there already stays as it is."),
        "seek": translate("Labels", "0: at its start; -100: 100 bytes before its end"),
        "Pipe.path": translate("Labels", "Empty: what is written is read again"),
        "link": translate("Labels", "/home/you/ttyScale; empty: its name changes each time"),
        "NamedPipeListen.name": translate("Labels", "Such as scale"),
        "NamedPipeConnect.name": translate("Labels", "Such as scale"),
        "Descriptor.number": translate("Labels", "0: input, 1: output, 2: messages"),
        "text": translate("Labels", "What everybody who asks is told"),
    }


def _several() -> dict[str, str]:
    return {
        "check_seconds": translate("Labels", "until then it is passed over"),
        "answering": translate("Labels", "1: the first of them; 0: none"),
        "line_ending": translate("Labels", "translated to and from a line feed (LF)"),
        "ignore_eof": translate("Labels", "Ask for more each second, as for a growing log file"),
        "end_close": translate("Labels", "For a program that must not stop before its last answer"),
        "read_bytes": translate("Labels", "then it counts as finished; 0: all"),
        "escape": translate("Labels", "its number, 0 to 255; -1: none"),
        "times": translate("Labels", "-1: until it succeeds"),
    }


def _relay() -> dict[str, str]:
    none = translate("Labels", "0: no limit")
    return {
        "max_connections": none,
        "connections_per_client": none,
        "up_bytes_per_second": none,
        "down_bytes_per_second": none,
        "chunk_bytes": translate("Labels", "0: Bascule decides"),
        "idle_seconds": translate("Labels", "0: never"),
        "half_close_seconds": translate("Labels", "0: the other side takes its time"),
        "linger_seconds": translate("Labels", "where one side cannot be told that all was said"),
    }
