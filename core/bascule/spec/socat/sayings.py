"""Owns the sentences that say what each option does that Bascule does as socat does.

``{}`` stands for the value. A switch that is off is said to be off, before what it would do.
"""

from __future__ import annotations

from typing import LiteralString

from bascule.spec.socat.names import OPTIONS
from bascule.spec.socat.verdicts import Said

_SAYINGS: dict[str, LiteralString] = {
    # any
    "cr": "Lines end with CR at this end, and with a line feed at the other.",
    "crnl": "Lines end with CR and line feed at this end, and with a line feed at the other.",
    "escape": "The byte {}, read here, finishes this end.",
    "ignoreeof": "An end is not taken for one: it asks again each second, as tail -f does.",
    "readbytes": "After {} bytes this end counts as finished.",
    "null-eof": "An empty datagram means that this end has finished.",
    "end-close": "When it is over, this end is closed without being told the end.",
    "shut-none": "This end is not told that nothing more will be sent.",
    "shut-down": "This end is told by a shutdown that nothing more will be sent.",
    "shut-close": "This end is closed when nothing more will be sent to it.",
    "shut-null": "An empty datagram tells this end that nothing more will be sent.",
    "retry": "Opening it is tried again {} times.",
    "forever": "Opening it is tried again until it succeeds.",
    "interval": "There are {} s between two tries.",
    # who listens
    "fork": "It serves any number of connections, several at the same time.",
    "max-children": "It serves {} connections at the same time; the next one waits.",
    "backlog": "The system may hold back {} connections.",
    "accept-timeout": "It stops listening when nobody has come for {} s.",
    "range": "Only {} may connect; others are closed before a byte is read.",
    # sockets
    "bind": "It uses the local address {}.",
    "sourceport": "It connects from port {}.",
    "lowport": "It connects from a port below 1024.",
    "protocol-family": "It uses {} only.",
    "ipv6-v6only": "It takes IPv6 only.",
    "connect-timeout": "It gives up connecting after {} s.",
    "so-reuseaddr": "The port can be taken again right after it was given up.",
    "so-reuseport": "The port is shared with other programs that allow it as well.",
    "so-keepalive": "The system notices by itself when the peer is gone.",
    "tcp-keepidle": "After {} s of silence the system asks whether the peer is there.",
    "tcp-keepintvl": "The system asks again every {} s.",
    "tcp-keepcnt": "After {} unanswered questions the peer counts as gone.",
    "tcp-nodelay": "Small pieces are sent at once.",
    "so-linger": "Closing waits up to {} s for what is unsent.",
    "so-sndbuf": "The system's buffer for sending has {} bytes.",
    "so-sndbuf-late": "The system's buffer for sending has {} bytes.",
    "so-rcvbuf": "The system's buffer for receiving has {} bytes.",
    "so-rcvbuf-late": "The system's buffer for receiving has {} bytes.",
    "ip-ttl": "Packets may pass {} routers.",
    "ipv6-unicast-hops": "Packets may pass {} routers.",
    "ip-tos": "Packets carry the type of service {}.",
    "ipv6-tclass": "Packets carry the traffic class {}.",
    "so-bindtodevice": "It uses the network interface {} only.",
    "so-broadcast": "It may send to a broadcast address.",
    "ip-add-membership": "It joins the multicast group {}.",
    "ipv6-join-group": "It joins the multicast group {}.",
    "ip-multicast-if": "Multicast packets leave by the interface {}.",
    "ip-multicast-ttl": "Multicast packets may pass {} routers.",
    "ip-multicast-loop": "Programs of this computer get its multicast packets too.",
    "ipv6-multicast-loop": "Programs of this computer get its multicast packets too.",
    # TLS
    "openssl-verify": "The certificate of the other side is verified.",
    "openssl-cafile": "Certificates are verified by the authorities in {}.",
    "openssl-certificate": "The certificate {} is shown.",
    "openssl-key": "The private key is {}.",
    "openssl-commonname": "The certificate must be for {}.",
    "openssl-snihost": "The server is asked for by the name {} (SNI).",
    "openssl-no-sni": "The server is not told which name is wanted (no SNI).",
    "openssl-cipherlist": "The ciphers are {}.",
    "openssl-min-proto-version": "Nothing older than {} is used.",
    # proxies
    "socksport": "The SOCKS proxy is on port {}.",
    "socksuser": "The name for the SOCKS proxy is {}.",
    "sockspass": "There is a password for the SOCKS proxy.",
    "proxyport": "The HTTP proxy is on port {}.",
    "proxy-authorization": "There are a name and a password for the HTTP proxy.",
    "proxy-resolve": "The proxy resolves the name.",
    # files
    "o-creat": "The file is made where it is not there.",
    "o-excl": "A file that is there already is refused.",
    "append": "It is written at the end.",
    "o-trunc": "The file is emptied first.",
    "o-rdonly": "It is only read.",
    "o-wronly": "It is only written.",
    "o-rdwr": "It is read and written.",
    "lseek64-set": "It begins at byte {}.",
    "lseek64-cur": "It begins at byte {}.",
    "lseek64-end": "It begins at byte {}, counted from the end.",
    "ftruncate64": "The file is emptied first.",
    "perm": "Its permissions are {}.",
    "perm-early": "Its permissions are {}.",
    "perm-late": "Its permissions are {}.",
    "umask": "What it makes lacks the permissions {}.",
    "user": "It belongs to the user {}.",
    "user-early": "It belongs to the user {}.",
    "group": "It belongs to the group {}.",
    "group-early": "It belongs to the group {}.",
    "unlink": "What is there before is removed.",
    "unlink-early": "What is there before is removed.",
    "unlink-late": "What is there before is removed.",
    "unlink-close": "It is removed at the end.",
    "chdir": "The path is taken from the folder {}.",
    # programs and terminals
    "pipes": "Two pipes join us to the program.",
    "pty": "A pseudo terminal joins us to the program.",
    "openpty": "A pseudo terminal joins us to the program.",
    "ptmx": "A pseudo terminal joins us to the program.",
    "stderr": "What the program writes to standard error is carried as well.",
    "setsid": "The program runs in a session of its own.",
    "tiocsctty": "Its terminal controls the program.",
    "dash": "The program is told that it is a login shell.",
    "path": "The program is looked for in {}.",
    "fdin": "The program reads from its descriptor {}.",
    "fdout": "The program writes to its descriptor {}.",
    "shell": "The command is read by {}.",
    "symbolic-link": "A link {} leads to it.",
    "pty-wait-slave": "It begins only when a program has opened it.",
    # Bascule's own
    "after-request": "The text is said only when the other side has sent something.",
    "announce": "The room is told who comes, goes and speaks.",
    "include-self": "Who speaks in the room hears it too.",
    "answering": "Target number {} answers.",
    "check": "A target that failed is tried again after {} s.",
    "dtr": "The line DTR is {} on opening.",
    "rts": "The line RTS is {} on opening.",
    "flow": "The flow control is {}.",
    "parity": "The parity is {}.",
    "stop-bits": "There are {} stop bits.",
    "hop": "There is a further proxy on the way.",
    "keypass": "There is a passphrase for the private key.",
    "max-peers": "It knows {} peers at the same time.",
    "peer-idle": "A peer is forgotten after {} s of silence.",
    "plain-file": "It is opened as a file, whatever its name.",
    "proxy-header": "The connection begins with the PROXY header of a load balancer.",
    "shell-words": "The command is split as a shell would split it.",
    "tls": "It is encrypted with TLS.",
}

_LOCKS = ("f-setlk", "flock")
_OWN = Said("Only Bascule knows this option.")
_OFF = Said("Switched off.")


def saying(name: str, value: str | None) -> tuple[Said, ...]:
    """What an option does, in a sentence or two; ``name`` is its own name."""
    known = OPTIONS[name]
    value = "1" if value is None else value
    text = _SAYINGS.get(name)
    if text is None and name.startswith(_LOCKS):
        text = "Others are kept from writing the file at the same time."
    if text is None:
        said = [_terminal(name, value)]
    else:
        off = known.type == "bool" and value == "0"
        said = [*([_OFF] if off else []), Said(text, (value,) * text.count("{}"))]
    return (*said, _OWN) if known.own else tuple(said)


def _terminal(name: str, value: str) -> Said:
    speed = "The line runs at {} bits per second."
    if name[:1] == "b" and name[1:].isdecimal():
        return Said(speed, (name[1:],))
    if name in ("ispeed", "ospeed"):
        return Said(speed, (value,))
    if name[:2] == "cs" and name[2:].isdecimal():
        return Said("A character has {} bits.", (name[2:],))
    if value == "0":
        return Said("The setting {} of the terminal is off.", (name,))
    if value == "1":
        return Said("The terminal is set to {}.", (name,))
    return Said("The setting {} of the terminal is {}.", (name, value))
