"""Owns the names that socat 1.8 knows: its kinds of address and its options, with their synonyms.

Only names and what they belong to; what Bascule makes of them is elsewhere. They are kept as text,
which is read faster than as many objects.
"""

from __future__ import annotations

from typing import NamedTuple

# name=synonym:directions:groups of options
_ADDRESSES = """
ABSTRACT-CLIENT=ABSTRACT:rw:FD+SOCKET+UNIX+RETRY ABSTRACT-CONNECT:rw:FD+SOCKET+UNIX+RETRY
ABSTRACT-LISTEN:rw:FD+SOCKET+UNIX+LISTEN+CHILD+RETRY ABSTRACT-RECV:r:FD+SOCKET+UNIX+RETRY
ABSTRACT-RECVFROM:rw:FD+SOCKET+UNIX+RETRY+CHILD ABSTRACT-SENDTO:rw:FD+SOCKET+UNIX+RETRY
ACCEPT-FD=ACCEPT:rw:FD+SOCKET+UNIX+IP+IPAPP+CHILD+RANGE+RETRY CREATE=CREAT:w:FD+NAMED+FILE
DCCP-CONNECT=DCCP:rw:FD+SOCKET+IP4+IP6+DCCP+CHILD+RETRY
DCCP-LISTEN=DCCP-L:rw:FD+SOCKET+IP4+IP6+DCCP+LISTEN+CHILD+RANGE+RETRY
DCCP4-CONNECT=DCCP4:rw:FD+SOCKET+IP4+DCCP+CHILD+RETRY
DCCP4-LISTEN=DCCP4-L:rw:FD+SOCKET+IP4+DCCP+LISTEN+CHILD+RANGE+RETRY
DCCP6-CONNECT=DCCP6:rw:FD+SOCKET+IP6+DCCP+CHILD+RETRY
DCCP6-LISTEN=DCCP6-L:rw:FD+SOCKET+IP6+DCCP+LISTEN+CHILD+RANGE+RETRY
EXEC:rw:FD+FORK+EXEC+SOCKET+UNIX+TERMIOS+FIFO+PTY+PARENT
FD:rw:FD+FIFO+CHR+BLK+FILE+SOCKET+TERMIOS+UNIX+IP+IPAPP
GOPEN:rw:FD+FIFO+CHR+BLK+REG+NAMED+OPEN+FILE+TERMIOS+SOCKET+UNIX
INTERFACE=IF:rw:FD+SOCKET+INTERFACE IP-DATAGRAM=IP-DGRAM:rw:FD+SOCKET+IP4+IP6+RANGE
IP-RECV:r:FD+SOCKET+IP4+IP6+RANGE IP-RECVFROM:rw:FD+SOCKET+IP4+IP6+CHILD+RANGE
IP-SENDTO=IP=IP-SEND:rw:FD+SOCKET+IP4+IP6 IP4-DATAGRAM=IP4-DGRAM:rw:FD+SOCKET+IP4+RANGE
IP4-RECV:r:FD+SOCKET+IP4+RANGE IP4-RECVFROM:rw:FD+SOCKET+IP4+CHILD+RANGE
IP4-SENDTO=IP4=IP4-SEND:rw:FD+SOCKET+IP4 IP6-DATAGRAM=IP6-DGRAM:rw:FD+SOCKET+IP6+RANGE
IP6-RECV:r:FD+SOCKET+IP6+RANGE IP6-RECVFROM:rw:FD+SOCKET+IP6+CHILD+RANGE
IP6-SENDTO=IP6=IP6-SEND:rw:FD+SOCKET+IP6 OPEN=FILE:rw:FD+FIFO+CHR+BLK+REG+NAMED+OPEN+FILE+TERMIOS
OPENSSL=OPENSSL-CONNECT=SSL:rw:FD+SOCKET+IP4+IP6+TCP+CHILD+OPENSSL+RETRY
OPENSSL-DTLS-CLIENT=DTLS=DTLS-C=DTLS-CLIENT=DTLS-CONNECT=OPENSSL-DTLS-CONNECT:rw:FD+SOCKET+IP4+IP6+UDP+CHILD+OPENSSL+RETRY
OPENSSL-DTLS-SERVER=DTLS-L=DTLS-LISTEN=DTLS-SERVER=OPENSSL-DTLS-LISTEN:rw:FD+SOCKET+IP4+IP6+UDP+LISTEN+CHILD+RANGE+OPENSSL+RETRY
OPENSSL-LISTEN=SSL-L:rw:FD+SOCKET+IP4+IP6+TCP+LISTEN+CHILD+RANGE+OPENSSL+RETRY
PIPE=ECHO=FIFO:rw:FD+NAMED+OPEN+FIFO POSIXMQ-BIDIRECTIONAL=POSIXMQ:rw:FD+OPEN+NAMED+POSIXMQ+RETRY
POSIXMQ-READ:r:FD+OPEN+NAMED+POSIXMQ+RETRY
POSIXMQ-RECEIVE=POSIXMQ-RECV:r:FD+OPEN+NAMED+POSIXMQ+RETRY+CHILD
POSIXMQ-SEND:w:FD+OPEN+NAMED+POSIXMQ+RETRY+CHILD POSIXMQ-WRITE:w:FD+OPEN+NAMED+POSIXMQ+RETRY+CHILD
PROXY=PROXY-CONNECT:rw:FD+SOCKET+IP4+IP6+TCP+HTTP+CHILD+RETRY PTY:rw:NAMED+FD+TERMIOS+PTY
READLINE:rw:FD+TERMIOS+READLINE SCTP-CONNECT=SCTP:rw:FD+SOCKET+IP4+IP6+SCTP+CHILD+RETRY
SCTP-LISTEN=SCTP-L:rw:FD+SOCKET+IP4+IP6+SCTP+LISTEN+CHILD+RANGE+RETRY
SCTP4-CONNECT=SCTP4:rw:FD+SOCKET+IP4+SCTP+CHILD+RETRY
SCTP4-LISTEN=SCTP4-L:rw:FD+SOCKET+IP4+SCTP+LISTEN+CHILD+RANGE+RETRY
SCTP6-CONNECT=SCTP6:rw:FD+SOCKET+IP6+SCTP+CHILD+RETRY
SCTP6-LISTEN=SCTP6-L:rw:FD+SOCKET+IP6+SCTP+LISTEN+CHILD+RANGE+RETRY
SHELL:rw:FD+FORK+EXEC+SOCKET+UNIX+TERMIOS+FIFO+PTY+PARENT+SHELL
SOCKET-CONNECT:rw:FD+SOCKET+CHILD+RETRY SOCKET-DATAGRAM=DATAGRAM=DGRAM:rw:FD+SOCKET+RANGE
SOCKET-LISTEN:rw:FD+SOCKET+LISTEN+RANGE+CHILD+RETRY SOCKET-RECV:r:FD+SOCKET+RANGE
SOCKET-RECVFROM:rw:FD+SOCKET+RANGE+CHILD SOCKET-SENDTO=SENDTO:rw:FD+SOCKET SOCKETPAIR:rw:FD+SOCKET
SOCKS4=SOCKS:rw:FD+SOCKET+IP4+IP6+TCP+SOCKS+CHILD+RETRY
SOCKS4A:rw:FD+SOCKET+IP4+IP6+TCP+SOCKS+CHILD+RETRY
SOCKS5-CONNECT=SOCKS5:rw:FD+SOCKET+IP4+IP6+TCP+SOCKS+CHILD+RETRY
SOCKS5-LISTEN=SOCKS5-BIND:rw:FD+SOCKET+IP4+IP6+TCP+SOCKS+CHILD+RETRY STALL:rw:FD+FIFO
STDERR:w:FD+FIFO+CHR+BLK+FILE+SOCKET+TERMIOS+UNIX+IP+IPAPP
STDIN:r:FD+FIFO+CHR+BLK+FILE+SOCKET+TERMIOS+UNIX+IP+IPAPP
STDIO=-:rw:FD+FIFO+CHR+BLK+FILE+SOCKET+TERMIOS+UNIX+IP+IPAPP
STDOUT:w:FD+FIFO+CHR+BLK+FILE+SOCKET+TERMIOS+UNIX+IP+IPAPP
SYSTEM:rw:FD+FORK+EXEC+SOCKET+UNIX+TERMIOS+FIFO+PTY+PARENT
TCP-CONNECT=INET=TCP:rw:FD+SOCKET+IP4+IP6+TCP+CHILD+RETRY
TCP-LISTEN=INET-L=INET-LISTEN=TCP-L:rw:FD+SOCKET+IP4+IP6+TCP+LISTEN+CHILD+RANGE+RETRY
TCP4-CONNECT=INET4=TCP4:rw:FD+SOCKET+IP4+TCP+CHILD+RETRY
TCP4-LISTEN=INET4-L=INET4-LISTEN=TCP4-L:rw:FD+SOCKET+IP4+TCP+LISTEN+CHILD+RANGE+RETRY
TCP6-CONNECT=INET6=TCP6:rw:FD+SOCKET+IP6+TCP+CHILD+RETRY
TCP6-LISTEN=INET6-L=INET6-LISTEN=TCP6-L:rw:FD+SOCKET+IP6+TCP+LISTEN+CHILD+RANGE+RETRY
TEXT:rw:FD+FIFO TUN:rw:FD+CHR+OPEN+TUN UDP-CONNECT=UDP:rw:FD+SOCKET+IP4+IP6+UDP
UDP-DATAGRAM=UDP-DGRAM:rw:FD+SOCKET+IP4+IP6+UDP+RANGE
UDP-LISTEN=UDP-L:rw:FD+SOCKET+IP4+IP6+UDP+LISTEN+CHILD+RANGE
UDP-RECV:r:FD+SOCKET+IP4+IP6+UDP+RANGE UDP-RECVFROM:rw:FD+SOCKET+IP4+IP6+UDP+CHILD+RANGE
UDP-SENDTO=UDP-SEND:rw:FD+SOCKET+IP4+IP6+UDP UDP4-CONNECT=UDP4:rw:FD+SOCKET+IP4+UDP
UDP4-DATAGRAM=UDP4-DGRAM:rw:FD+SOCKET+IP4+UDP+RANGE
UDP4-LISTEN=UDP4-L:rw:FD+SOCKET+IP4+UDP+LISTEN+CHILD+RANGE UDP4-RECV:r:FD+SOCKET+IP4+UDP+RANGE
UDP4-RECVFROM:rw:FD+SOCKET+IP4+UDP+CHILD+RANGE UDP4-SENDTO=UDP4-SEND:rw:FD+SOCKET+IP4+UDP
UDP6-CONNECT=UDP6:rw:FD+SOCKET+IP6+UDP UDP6-DATAGRAM=UDP6-DGRAM:rw:FD+SOCKET+IP6+UDP+RANGE
UDP6-LISTEN=UDP6-L:rw:FD+SOCKET+IP6+UDP+LISTEN+CHILD+RANGE UDP6-RECV:r:FD+SOCKET+IP6+UDP+RANGE
UDP6-RECVFROM:rw:FD+SOCKET+IP6+UDP+CHILD+RANGE UDP6-SENDTO=UDP6-SEND:rw:FD+SOCKET+IP6+UDP
UDPLITE-CONNECT=UDPLITE:rw:FD+SOCKET+IP4+IP6+UDP+UDPLITE
UDPLITE-DATAGRAM=UDPLITE-DGRAM:rw:FD+SOCKET+IP4+IP6+UDP+UDPLITE+RANGE
UDPLITE-LISTEN=UDPLITE-L:rw:FD+SOCKET+IP4+IP6+UDP+UDPLITE+LISTEN+CHILD+RANGE
UDPLITE-RECV:r:FD+SOCKET+IP4+IP6+UDP+UDPLITE+RANGE
UDPLITE-RECVFROM:rw:FD+SOCKET+IP4+IP6+UDP+UDPLITE+CHILD+RANGE
UDPLITE-SENDTO=UDPLITE-SEND:rw:FD+SOCKET+IP4+IP6+UDP+UDPLITE
UDPLITE4-CONNECT=UDPLITE4:rw:FD+SOCKET+IP4+UDP+UDPLITE
UDPLITE4-DATAGRAM=UDPLITE4-DGRAM:rw:FD+SOCKET+IP4+UDP+UDPLITE+RANGE
UDPLITE4-LISTEN=UDPLITE4-L:rw:FD+SOCKET+IP4+UDP+UDPLITE+LISTEN+CHILD+RANGE
UDPLITE4-RECV:r:FD+SOCKET+IP4+UDP+UDPLITE+RANGE
UDPLITE4-RECVFROM:rw:FD+SOCKET+IP4+UDP+UDPLITE+CHILD+RANGE
UDPLITE4-SENDTO=UDPLITE4-SEND:rw:FD+SOCKET+IP4+UDP+UDPLITE
UDPLITE6-CONNECT=UDPLITE6:rw:FD+SOCKET+IP6+UDP+UDPLITE
UDPLITE6-DATAGRAM=UDPLITE6-DGRAM:rw:FD+SOCKET+IP6+UDP+UDPLITE+RANGE
UDPLITE6-LISTEN=UDPLITE6-L:rw:FD+SOCKET+IP6+UDP+UDPLITE+LISTEN+CHILD+RANGE
UDPLITE6-RECV:r:FD+SOCKET+IP6+UDP+UDPLITE+RANGE
UDPLITE6-RECVFROM:rw:FD+SOCKET+IP6+UDP+UDPLITE+CHILD+RANGE
UDPLITE6-SENDTO=UDPLITE6-SEND:rw:FD+SOCKET+IP6+UDP+UDPLITE
UNIX-CLIENT=UNIX:rw:FD+NAMED+SOCKET+UNIX+RETRY UNIX-CONNECT=LOCAL:rw:FD+NAMED+SOCKET+UNIX+RETRY
UNIX-LISTEN=UNIX-L:rw:FD+NAMED+SOCKET+UNIX+LISTEN+CHILD+RETRY
UNIX-RECV:r:FD+NAMED+SOCKET+UNIX+RETRY UNIX-RECVFROM:rw:FD+NAMED+SOCKET+UNIX+RETRY+CHILD
UNIX-SENDTO=UNIX-SEND:rw:FD+NAMED+SOCKET+UNIX+RETRY VSOCK-CONNECT=VSOCK:rw:FD+SOCKET+CHILD+RETRY
VSOCK-LISTEN=VSOCK-L:rw:FD+SOCKET+LISTEN+CHILD+RETRY
"""

# groups:type, then name=synonym ...
_OPTIONS = """
ANY:bool ignoreeof=ignoreof setsid=sid
ANY:flag cr crnl=crlf
ANY:int escape readbytes=bytes
ANY:mode umask
ANY:path chdir=cd lockfile waitlock
ANY:text chroot chroot-early netns setgid setgid-early setuid setuid-early substuser-delayed=su-d
  substuser-early=su-e substuser=su
BLK+REG:int lseek32-cur=seek-cur lseek32-end=seek-end lseek32-set=lseek=lseek32=seek=seek-set
  lseek64-cur=seek-cur lseek64-end=seek-end lseek64-set=lseek=lseek64=seek=seek-set
CHILD:bool fork
CHILD:int children-shutup max-children=maxchildren
DCCP:int dccp-set-ccid=ccid
EXEC:bool dash=login
EXEC:text path
FD:bool cloexec cool-write=coolwrite f-setlk-rd=setlk-rd f-setlk-wr=f-setlk=setlk=setlk-wr
  f-setlkw-rd=setlkw-rd f-setlkw-wr=f-setlkw=lock=lockw=setlkw=setlkw-wr
  flock-ex-nb=flock-nb=lockw flock-ex=flock=lock flock-sh flock-sh-nb
  streams-i-pop-all=i-pop-all=pop-all
FD:flag end-close=close shut-close shut-down shut-none shut-null
FD:int ioctl-void=ioctl
FD:mode perm-late
FD:text group-late=gid-l ioctl-bin ioctl-int ioctl-intp ioctl-string streams-i-push=i-push=push
  user-late=uid-l
FD+NAMED:mode perm=mode
FD+NAMED:text group=gid user=owner=uid
FD+OPEN:bool append=o-append async=o-async o-binary=bin=binary o-ndelay=ndelay=o_ndelay
  o-noatime=noatime o-noinherit=noinherit o-nonblock=ndelay=nonblock=o-ndelay=o_ndelay o-text=text
FIFO:int f-setpipe-sz=pipesz
FORK:bool nofork pipes pty stderr
FORK:int fdin fdout setpgid=pgid
HTTP:bool ignorecr proxy-resolve=resolv=resolve
HTTP:text http-version proxy-authorization-file=proxyauthfile
  proxy-authorization=proxy-auth=proxyauth proxyport
INTERFACE:bool iff-allmulti=allmulti iff-automedia=automedia iff-broadcast iff-debug
  iff-loopback=loopback iff-master=master iff-multicast=multicast iff-noarp=noarp
  iff-notrailers=notrailers iff-pointopoint=pointopoint iff-portsel=portsel iff-promisc=promisc
  iff-running=running iff-slave=slave iff-up=up
INTERFACE:flag retrieve-vlan
INTERFACE:int interface-mtu=if-mtu
INTERFACE:text tun-name tun-type
IP:bool ai-addrconfig=addrconfig ai-all ai-passive=passive ai-v4mapped=v4mapped
  ip-transparent=transparent res-aaonly=aaonly res-debug res-defnames=defnames res-dnsrch=dnsrch
  res-igntc=igntc res-primary=primary res-recurse=recurse res-stayopen=stayopen res-usevc=usevc
IP:int ip-freebind=freebind=ipfreebind ip-hdrincl=hdrincl=iphdrincl
  ip-mtu-discover=ipmtudiscover=mtudiscover ip-mtu=ipmtu=mtu
  ip-multicast-loop=ipmulticastloop=mcloop=multicast-loop=multicastloop
  ip-multicast-ttl=ipmulticastttl=multicast-ttl=multicastttl ip-pktinfo=ippktinfo=pktinfo
  ip-pktoptions=ippktoptions=pktoptions=pktopts ip-recvdstaddr=iprecvdstaddr=recvdstaddr
  ip-recverr=iprecverr=recverr ip-recvif=recvif ip-recvopts=iprecvopts=recvopts
  ip-recvtos=iprecvtos=recvtos ip-recvttl=iprecvttl=recvttl ip-retopts=ipretopts=retopts
  ip-router-alert=iprouteralert=routeralert ip-tos=iptos=tos ip-ttl=ipttl=ttl
  ipv6-mtu-discover=mtudiscover6 res-retrans=res-maxretrans=retrans res-retry=res-maxretry
IP:text ip-add-membership=add-membership=ip-membership=membership
  ip-add-source-membership=add-source-membership=source-membership ip-multicast-if=multicast-if
  ip-options=ipoptions res-nsaddr=dns=nameserver=nsaddr
IP6:int ipv6-authhdr=authhdr ipv6-dstopts=dstopts ipv6-flowinfo=flowinfo ipv6-hoplimit=hoplimit
  ipv6-hopopts=hopopts ipv6-multicast-loop=ipv6-mcloop=mcloop6 ipv6-pktinfo
  ipv6-recvdstopts=recvdstopts ipv6-recverr ipv6-recvhoplimit=recvhoplimit
  ipv6-recvhopopts=recvhopopts ipv6-recvpathmtu ipv6-recvpktinfo=recvpktinfo
  ipv6-recvrthdr=recvrthdr ipv6-recvtclass ipv6-rthdr=rthdr ipv6-tclass
  ipv6-unicast-hops=unicast-hops ipv6-v6only=ipv6only=v6only
IP6:text ipv6-join-group=ipv6-add-membership=join-group
  ipv6-join-source-group=ipv6-add-source-membership=join-source-group
IPAPP:bool lowport
IPAPP:text sourceport=sp
LISTEN:int backlog
LISTEN:seconds accept-timeout=listen-timeout
NAMED:bool unlink-close unlink-early=new unlink-late unlink=delete=remove
NAMED:mode perm-early
NAMED:text group-early=gid-e user-early=uid-e
OPEN:bool o-creat=creat=create=o-create=o_creat=o_create o-defer=defer=o_defer
  o-delay=delay=o_delay o-direct=direct=o_direct o-directory=directory=o_directory
  o-dsync=dsync=o_dsync o-excl=excl=o_excl o-largefile=largefile=o_largefile
  o-noctty=noctty=o_noctty o-nofollow=nofollow=o_nofollow o-nshare=nshare=o_nshare
  o-priv=o_priv=priv o-rdonly=o_rdonly=rdonly o-rdwr=o_rdwr=rdwr o-rshare=o_rshare=rshare
  o-rsync=o_rsync=rsync o-sync=o_sync=sync o-trunc=trunc o-wronly=o_wronly=wronly
OPENSSL:bool openssl-fips=fips openssl-no-sni=no-sni=nosni openssl-pseudo=pseudo
  openssl-verify=verify
OPENSSL:int openssl-maxfraglen=maxfraglen openssl-maxsendfrag=maxsendfrag
OPENSSL:path openssl-cafile=cafile openssl-capath=capath openssl-certificate=cert=certificate
  openssl-dhparam=dh=dhparam=dhparams=openssl-dhparams openssl-egd=egd openssl-key=key
OPENSSL:text openssl-cipherlist=cipher=cipherlist=ciphers openssl-commonname=cn=commonname
  openssl-compress=compress openssl-max-proto-version=max-proto-version=max-version
  openssl-method=method openssl-min-proto-version=min-proto-version=min-version
  openssl-snihost=snihost
PARENT:flag sighup sigint sigquit
POSIXMQ:bool posixmq-flush=mq-flush
POSIXMQ:int posixmq-maxmsg=mq-maxmsg posixmq-msgsize=mq-msgsize posixmq-priority=mq-prio
PTY:bool openpty ptmx pty-wait-slave=wait-slave=waitslave
PTY:path symbolic-link=link
PTY:seconds pty-interval=pty-intervall sitout-eio
RANGE:path tcpwrap-etc=tcpwrap-dir tcpwrap-hosts-allow-table=allow-table=hosts-allow
  tcpwrap-hosts-deny-table=deny-table=hosts-deny
RANGE:text range tcpwrappers=libwrap=tcpwrap=tcpwrapper=wrap
READLINE:bool noprompt
READLINE:text history-file=history noecho prompt
REG:bool fs-append=ext2-append=ext3-append fs-compr=compr=ext2-compr=ext3-compr
  fs-dirsync=dirsync=ext2-dirsync=ext3-dirsync
  fs-immutable=ext2-immutable=ext3-immutable=immutable
  fs-journal-data=ext2-journal-data=ext3-journal-data=journal=journal-data
  fs-noatime=ext2-noatime=ext3-noatime fs-nodump=ext2-nodump=ext3-nodump=nodump
  fs-notail=ext2-notail=ext3-notail fs-secrm=ext2-secrm=ext3-secrm=secrm
  fs-sync=ext2-sync=ext3-sync fs-topdir=ext2-topdir=ext3-topdir=topdir
  fs-unrm=ext2-unrm=ext3-unrm=unrm
REG:int ftruncate32=ftruncate=truncate ftruncate64=ftruncate=truncate
RETRY:bool forever
RETRY:int retry
RETRY:seconds interval=intervall
SCTP:int sctp-maxseg sctp-maxseg-late sctp-nodelay
SHELL:text shell
SOCKET:bool null-eof
SOCKET:int fiosetown siocspgrp so-acceptconn=acceptconn
  so-attach-filter=attach-filter=attachfilter so-audit=audit so-broadcast=broadcast
  so-bsdcompat=bsdcompat so-cksumrecv=cksumrecv so-debug=debug
  so-detach-filter=detach-filter=detachfilter so-dgram-errind=dgram-errind=dgramerrind
  so-dontlinger=dontlinger so-dontroute=dontroute so-error=error so-keepalive=keepalive
  so-kernaccept=kernaccept so-linger=linger so-no-check=no-check=nocheck
  so-noreuseaddr=noreuseaddr so-oobinline=oobinline so-passcred=passcred so-priority=priority
  so-protocol=protocol=prototype=so-prototype so-rcvbuf-late=rcvbuf-late so-rcvbuf=rcvbuf
  so-rcvlowat=rcvlowat so-reuseport=reuseport
  so-security-authentication=security-authentication=securityauthentication
  so-security-encryption-network=security-encryption-network=securityencryptionnetwork
  so-security-encryption-transport=security-encryption-transport=securityencryptiontransport
  so-sndbuf-late=sndbuf-late so-sndbuf=sndbuf so-sndlowat=sndlowat so-timestamp=timestamp
  so-type=socktype=type so-use-ifbufs=use-ifbufs=useifbufs so-useloopback=useloopback
SOCKET:seconds connect-timeout so-rcvtimeo=rcvtimeo so-sndtimeo=sndtimeo
SOCKET:text bind protocol-family=pf setsockopt-bin=sockopt-bin setsockopt-connected=sockopt-conn
  setsockopt-int=sockopt-int setsockopt-listen=sockopt-listen setsockopt-socket=sockopt-sock
  setsockopt-string=sockopt-string setsockopt=sockopt so-bindtodevice=bindtodevice=if=interface
  so-peercred=peercred so-reuseaddr=reuseaddr
SOCKS:text sockspass socksport socksuser
TCP:int tcp-abort-threshold=abort-threshold tcp-conn-abort-threshold=conn-abort-threshold
  tcp-cork=cork tcp-defer-accept=defer-accept tcp-info=info tcp-keepcnt=keepcnt
  tcp-keepidle=keepidle tcp-keepinit=keepinit tcp-keepintvl=keepintvl tcp-linger2=linger2
  tcp-maxseg-late=maxseg-late=mss-late tcp-maxseg=maxseg=mss tcp-md5sig=md5sig tcp-nodelay=nodelay
  tcp-noopt=noopt tcp-nopush=nopush tcp-paws=paws tcp-quickack=quickack tcp-rfc1323=rfc1323
  tcp-sack-disable=sack-disable tcp-sackena=sackena tcp-signature-enable=signature-enable
  tcp-stdurg=stdurg tcp-syncnt=syncnt tcp-tsoptena=tsoptena tcp-window-clamp=window-clamp
TERMIOS:bool brkint bsdly clocal cread crtscts cstopb echo echoctl=ctlecho echoe=crterase echok
  echoke=crtkill echonl echoprt=prterase ffdly flusho hupcl=hup icanon icrnl iexten ignbrk igncr
  ignpar imaxbel inlcr inpck isig istrip iuclc ixany ixoff=tandem ixon nldly noflsh ocrnl ofdel
  ofill olcuc onlcr onlret onocr opost parenb parmrk parodd pendin tiocsctty=ctty tostop vtdly
  xcase
TERMIOS:flag b0 b1000000 b110 b115200 b1152000 b1200 b134 b150 b1500000 b1800 b19200 b200 b2000000
  b230400 b2400 b2500000 b300 b3000000 b3500000 b3600 b38400 b4000000 b460800 b4800 b50 b500000
  b57600 b576000 b600 b7200 b75 b900 b921600 b9600 bs0 bs1 cr0 cr1 cr2 cr3 cs5 cs6 cs7 cs8 ff0 ff1
  nl0 nl1 raw sane tab0 tab1 tab2 tab3 termios-cfmakeraw=cfmakeraw termios-rawer=rawer vt0 vt1
  xtabs
TERMIOS:int crdly csize ispeed ospeed tabdly vdiscard=discard vdsusp=dsusp veof=eof veol2=eol2
  veol=eol verase=erase vintr=intr vkill=kill vlnext=lnext vmin=min vquit=quit
  vreprint=reprint=rprnt vstart=start vstop=stop vsusp=susp vswtc=swtc=swtch vtime=time
  vwerase=werase
TERMIOS:text termios-setflags=setflags tiocswinsz=winsz
TUN:bool iff-no-pi=no-pi=tun-no-pi
TUN:path tun-device
UDPLITE:int udplite-recv-cscov udplite-send-cscov
UNIX:bool unix-tightsocklen=tightsocklen
UNIX:text unix-bind-tempname=bind-tempname
"""


# Options that socat does not have: what else a relay of Bascule can be told. A kind of address is a
# group as well, of its own name.
_OWN = """
FORK:bool shell-words
OPEN:bool plain-file
TEXT:bool after-request
ROOM:bool announce include-self
SHARE-FILE:int downloads expires-minutes
RECEIVE-FILES:text existing file-name
SEND-FILES:bool plain
HTTP-ANSWER:int status
HTTP-ANSWER:text content-type header
HEALTH-ANSWER:text form
LOG-COLLECTOR:text stamp sender
LOG-COLLECTOR:int rotate-size keep-files
LOG-COLLECTOR:bool rotate-daily
THROUGHPUT+RECEIVE-FILES:int megabytes
THROUGHPUT:seconds answer
CHECK-EVERY:seconds within
CHECK-EVERY:bool first-byte
TCP+UNIX:flag tls
UDP:int max-peers
UDP:seconds peer-idle
FAN-OUT:int answering
FAILOVER:seconds check
TCP:text hop proxy-header
TERMIOS:text dtr rts parity stop-bits flow
OPENSSL+TCP+UNIX:text keypass
"""

_OWN_ADDRESSES = """
CHECK-EVERY:r:FD+SOCKET+RETRY
DISCARD:w:FD+SOCKET+RETRY DUAL:rw:FD+SOCKET+RETRY FAILOVER:rw:FD+SOCKET+RETRY
FAN-OUT:rw:FD+SOCKET+RETRY HEALTH-ANSWER:rw:FD+SOCKET+RETRY HTTP-ANSWER:rw:FD+SOCKET+RETRY
LOG-COLLECTOR:w:FD+SOCKET+RETRY
NAMED-PIPE-CONNECT=NAMED-PIPE:rw:FD+SOCKET+RETRY
NAMED-PIPE-LISTEN=NAMED-PIPE-L:rw:FD+SOCKET+RETRY+LISTEN+CHILD RECEIVE-FILES:w:FD+SOCKET+RETRY
ROOM:rw:FD+SOCKET+RETRY SEND-FILES:rw:FD+SOCKET+RETRY SHARE-FILE:rw:FD+SOCKET+RETRY
THROUGHPUT:rw:FD+SOCKET+RETRY
"""


class AddressName(NamedTuple):
    """A kind of address: its own name, which way it can be used ("r", "w", "rw"), its options.
    ``own``: socat does not know it.
    """

    name: str
    ways: str
    groups: frozenset[str]
    own: bool = False


class OptionName(NamedTuple):
    """An option: its own name, the groups it belongs to ("ANY": to every address), its type
    ("bool", "flag", "int", "mode", "path", "seconds", "text"). ``own``: socat does not know it.
    """

    name: str
    groups: frozenset[str]
    type: str
    own: bool = False


_CONTAINED = {
    "FILE": ("REG", "BLK", "CHR"),
    "IP4": ("IP",),
    "IP6": ("IP",),
    "IP": ("IP4", "IP6"),
    "IPAPP": ("TCP", "UDP"),
    **dict.fromkeys(("TCP", "UDP", "SCTP", "DCCP", "UDPLITE"), ("IPAPP",)),
}
"""What a group of an address stands for beside itself (``xioopts.h``)."""


def _addresses(text: str, *, own: bool) -> dict[str, AddressName]:
    found: dict[str, AddressName] = {}
    for entry in text.split():
        names, ways, listed = entry.split(":")
        groups = {"ANY", *listed.split("+")}
        for group in tuple(groups):
            groups.update(_CONTAINED.get(group, ()))
        all_names = names.split("=")
        groups.add(all_names[0])
        address = AddressName(all_names[0], ways, frozenset(groups), own)
        found.update(dict.fromkeys(all_names, address))
    return found


def _options(text: str, *, own: bool) -> dict[str, OptionName]:
    found: dict[str, OptionName] = {}
    groups, kind = frozenset[str](), ""
    for word in text.split():
        if ":" in word:
            belongs, kind = word.split(":")
            groups = frozenset(belongs.split("+"))
            continue
        all_names = word.split("=")
        option = OptionName(all_names[0], groups, kind, own)
        found.update(dict.fromkeys(all_names, option))
    return found


ADDRESSES = _addresses(_ADDRESSES, own=False) | _addresses(_OWN_ADDRESSES, own=True)
"""Every kind of address, by each of its names, in capitals."""

OPTIONS = _options(_OWN, own=True) | _options(_OPTIONS, own=False)
"""Every option, by each of its names, in small letters."""
