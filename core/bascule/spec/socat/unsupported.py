"""Owns the words for what socat can do and Bascule does not: kinds of address and options.

Each is recognised and explained, never faked: what it is, and what to use instead. An option that
nothing depends on is left out, and its reason is said. Imported only where one stands.
"""

from __future__ import annotations

from typing import LiteralString

from bascule.spec.socat.verdicts import Said

_ADDRESSES = (
    (
        ("OPENSSL-DTLS",),
        Said("is TLS over UDP (DTLS), which Python's ssl module cannot do; use OPENSSL, over TCP"),
    ),
    (("SCTP",), Said("is SCTP, a transport that few systems have; use TCP")),
    (("DCCP",), Said("is DCCP, a transport that only some Linux systems have; use UDP")),
    (("UDPLITE",), Said("is UDP-Lite, which only Linux has; use UDP")),
    (
        ("IP-", "IP4-", "IP6-"),
        Said(
            "is raw IP, which only an administrator may use and which is no connection; use UDP "
            "or TCP"
        ),
    ),
    (
        ("INTERFACE",),
        Said(
            "exchanges raw packets with a network interface; that is the work of tcpdump and the "
            "like"
        ),
    ),
    (("TUN",), Said("makes a virtual network interface (a VPN); use WireGuard or OpenVPN")),
    (
        ("POSIXMQ",),
        Said("is a POSIX message queue, which only Linux has; use UNIX-RECV or UNIX-SENDTO"),
    ),
    (
        ("VSOCK",),
        Said("is the socket between a virtual machine and its host; use TCP between them"),
    ),
    (
        ("READLINE",),
        Said("edits lines in a terminal; use STDIO, with rlwrap in front of the command"),
    ),
    (
        ("SOCKET-",),
        Said(
            "is a socket described by its numbers; use the address of that protocol: TCP, UDP, UNIX"
        ),
    ),
    (
        ("ACCEPT-FD",),
        Said("takes over a socket that another program listens on; use TCP-LISTEN or UNIX-LISTEN"),
    ),
    (
        ("SOCKS5-LISTEN",),
        Said("asks a SOCKS proxy to listen (BIND), which hardly any proxy allows; use `ssh -R`"),
    ),
)

_REFUSED = {
    Said("programs and relays run as who starts them; start Bascule as that user"): (
        "substuser substuser-delayed substuser-early setuid setuid-early setgid setgid-early"
    ),
    Said("Bascule confines nothing to a folder; start it in a container"): "chroot chroot-early",
    Said("Bascule stays in the network it was started in; start it with `ip netns exec`"): "netns",
    Said(
        "the tables of tcp-wrappers are not read, and without them anybody might connect; use "
        "range= for who may"
    ): ("tcpwrappers tcpwrap-etc tcpwrap-hosts-allow-table tcpwrap-hosts-deny-table"),
    Said("Bascule asks only who connects, not from which of his ports; use range="): (
        "lowport sourceport"
    ),
    Said(
        "Bascule admits by address here, which this end cannot: use the end that listens"
    ): "range",
    Said("Bascule works in the folder in which it was started; give full paths"): "chdir",
    Said("Bascule cannot set this number on the descriptor; the options that have a name it can"): (
        "ioctl-bin ioctl-int ioctl-intp ioctl-string ioctl-void setsockopt setsockopt-bin "
        "setsockopt-connected setsockopt-int setsockopt-listen setsockopt-socket setsockopt-string "
        "streams-i-push streams-i-pop-all"
    ),
    Said("Bascule joins a group for whoever sends; a source cannot be chosen"): (
        "ip-add-source-membership ipv6-join-source-group"
    ),
    Said(
        "that needs the rights of an administrator and a routing of its own, which Bascule does "
        "not set up"
    ): "ip-transparent ip-freebind ip-hdrincl ip-options ipv6-authhdr",
    Said("a file is opened at its beginning, or at a place that is in it"): (
        "lseek32-end lseek64-end lseek32-set lseek64-set lseek32-cur lseek64-cur"
    ),
    Said("a file can be emptied (trunc), not cut to a length"): "ftruncate32 ftruncate64",
    Said("Bascule opens files, not folders"): "o-directory",
    Said("a link would be followed"): "o-nofollow",
    Said("Bascule reads the password from the command or its own store; use proxyauth="): (
        "proxy-authorization-file"
    ),
    Said("one file of authorities can be named: cafile="): "openssl-capath",
    Said("one name server cannot be chosen for a single address"): "res-nsaddr",
    Said("an MD5 key for TCP cannot be set from Python"): "tcp-md5sig",
    Said("a pseudo terminal of a program has no name for others; use PTY,link="): "symbolic-link",
}

_IGNORED: dict[LiteralString, str] = {
    "Left out: connections come from the address that listens, and it says how many.": (
        "fork max-children"
    ),
    "Left out: Bascule has no process for each connection.": "children-shutup nofork setpgid",
    "Left out: it is between a process and its terminal; Bascule ends its programs itself.": (
        "sighup sigint sigquit sitout-eio pty-interval"
    ),
    "Left out: Bascule never blocks, and its programs inherit nothing that is not theirs.": (
        "o-nonblock cloexec o-noinherit async o-defer o-delay"
    ),
    "Left out: Bascule never takes a terminal over by opening it.": "o-noctty",
    "Left out: a file may be of any size, and is read as bytes.": "o-largefile o-binary o-text",
    "Left out: the system decides when bytes reach the disk.": (
        "o-sync o-dsync o-rsync o-direct o-noatime o-nshare o-rshare o-priv"
    ),
    "Left out: the mark on the file is left to the file system's own tools (chattr).": (
        "fs-append fs-compr fs-dirsync fs-immutable fs-journal-data fs-noatime fs-nodump fs-notail "
        "fs-secrm fs-sync fs-topdir fs-unrm"
    ),
    "Left out: whoever runs Bascule owns what it makes.": (
        "user user-early user-late group group-early group-late"
    ),
    "Left out: the name is removed in any case.": "unlink unlink-late unlink-early unlink-close",
    "Left out: what the length of a pipe is, the system decides.": "f-setpipe-sz",
    "Left out: a broken connection is reported as what it is.": "cool-write",
    "Left out: who may connect or read is not decided by it.": (
        "f-setlk-rd f-setlkw-rd flock-sh flock-sh-nb"
    ),
    "Left out: the command line of Bascule holds the lock for the whole relay; use -L or -W.": (
        "lockfile waitlock"
    ),
    "Left out: the system resolves names as it is set up.": (
        "ai-addrconfig ai-all ai-passive ai-v4mapped res-aaonly res-debug res-defnames res-dnsrch "
        "res-igntc res-primary res-recurse res-retrans res-retry res-stayopen res-usevc"
    ),
    "Left out: TLS 1.2 and 1.3 are what is left; older ways are broken.": "openssl-method",
    "Left out: a highest version is not set: the two sides take the newest that both know.": (
        "openssl-max-proto-version"
    ),
    "Left out: compression under TLS gives secrets away, and is never used.": "openssl-compress",
    "Left out: the system has random numbers enough.": "openssl-egd openssl-pseudo",
    "Left out: that is a setting of the system's OpenSSL.": "openssl-fips",
    "Left out: the parameters of the key exchange are OpenSSL's own.": "openssl-dhparam",
    "Left out: records are as large as TLS allows.": "openssl-maxfraglen openssl-maxsendfrag",
    "Left out: both line ends and both versions of HTTP are understood.": "ignorecr http-version",
    "Left out: what would be learnt by it is not asked for here.": (
        "ip-pktinfo ip-pktoptions ip-recvdstaddr ip-recverr ip-recvif ip-recvopts ip-recvtos "
        "ip-recvttl ip-retopts ipv6-pktinfo ipv6-recvdstopts ipv6-recverr ipv6-recvhoplimit "
        "ipv6-recvhopopts ipv6-recvpathmtu ipv6-recvpktinfo ipv6-recvrthdr ipv6-recvtclass "
        "so-timestamp so-passcred so-peercred so-dgram-errind tcp-info so-error so-acceptconn "
        "so-type so-protocol"
    ),
    "Left out: the length of the name of a socket is right in any case.": "unix-tightsocklen",
    "Left out: our own end of the socket needs no name.": "unix-bind-tempname",
}


def refused_address(name: str) -> Said:
    """Why a kind of address that socat has cannot be had, and what to use instead."""
    return next(why for beginnings, why in _ADDRESSES if name.startswith(beginnings))


def refused(name: str) -> Said | None:
    """Why an option must not be left out, and what to use instead; None where it may."""
    return next((why for why, names in _REFUSED.items() if name in names.split()), None)


def ignored(name: str, address: str) -> tuple[Said, ...]:
    """Why an option may be left out."""
    for why, names in _IGNORED.items():
        if name in names.split():
            return (Said(why),)
    none = "Left out: {} has no use for it, and nothing that is carried changes by it."
    return (Said(none, (address,)),)
