# ruff: noqa: E501 - a command stands as its author wrote it
"""The commands of two runbooks and a course, word for word, and the words a shell makes of them.

``A`` is the first runbook, ``B`` the second, ``C`` the course; a letter behind the number tells
the commands of one case apart. Only variables of the shell are filled in.
"""

from __future__ import annotations

import shlex

SEEDS = {
    "A1": r"""
socat -d -d -lf ./relay_acl.log \
  TCP-LISTEN:8080,reuseaddr,fork,range=192.168.1.0/24 \
  TCP:backend.local:80,connect-timeout=5
""",
    "A2": r"""
socat -T 5 TCP-LISTEN:2323,reuseaddr,fork \
  SYSTEM:'printf "Service=demo\nDate=%s\nBye.\n" "$(date -Is)"'
""",
    "A2b": "socat - TCP:localhost:2323",
    "A3": r"""
socat -d -d TCP-LISTEN:7777,reuseaddr \
  SYSTEM:'gzip -dc > received.log && echo "OK: $(wc -c < received.log) octets"'
""",
    "A3b": "socat -d -d - TCP:IP_RECEVEUR:7777,connect-timeout=5",
    "A4": r"""
socat TCP-LISTEN:15432,bind=127.0.0.1,reuseaddr,fork \
  EXEC:'ssh user@serveur_distant socat - UNIX-CONNECT:/var/run/postgresql/.s.PGSQL.5432'
""",
    "A5": r"""
socat -d -d UDP-RECVFROM:5514,reuseaddr,fork \
  TCP:collector.local:5515,connect-timeout=3
""",
    "A5b": "socat - UDP-SENDTO:IP_PASSERELLE:5514",
    "A6": r"""
socat TCP-LISTEN:8080,reuseaddr,fork \
  SYSTEM:'printf "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 32\r\n\r\nMaintenance. Reessayez plus tard"'
""",
    "A7": r"""
socat TCP-LISTEN:6000,reuseaddr,fork,crlf \
  OPEN:events.txt,creat,append
""",
    "A8": r"""
socat -d -d -lf ./limits.log \
  TCP-LISTEN:9090,reuseaddr,fork,max-children=30 \
  TCP:backend.local:9091,connect-timeout=5
""",
    "A9": r"""
socat TCP-LISTEN:8443,bind=127.0.0.1,reuseaddr,fork \
  SOCKS5:proxy.corp.local:target.example.com:443,socksport=1080
""",
    "A10": r"""
socat TCP6-LISTEN:8080,reuseaddr,fork \
  TCP4:127.0.0.1:8081,connect-timeout=5
""",
    "A11": r"""
socat -d -d -lf ./socat_relay_8080.log \
  TCP-LISTEN:8080,reuseaddr,fork,keepalive,nodelay \
  TCP:example.com:80,connect-timeout=5
""",
    "A12": r"""
socat -T 15 TCP-LISTEN:9001,reuseaddr,fork \
  SYSTEM:'printf "host=%s\ndate=%s\nuptime=%s\nload=%s\n" \
    "$(hostname)" "$(date -Is)" "$(uptime -p 2>/dev/null || uptime)" \
    "$(cat /proc/loadavg 2>/dev/null || sysctl -n vm.loadavg)"'
""",
    "A13": r"""
socat -d -d TCP-LISTEN:8888,reuseaddr \
  SYSTEM:'tar -xpf - -C ./restore && \
    (cd ./restore && find . -type f -print0 | sort -z | xargs -0 sha256sum) > restore.sha256 && \
    echo "Transfert OK: $(wc -l < restore.sha256) fichiers"'
""",
    "A13b": "socat -d -d - TCP:IP_RECEVEUR:8888,connect-timeout=10",
    "A14": r"""
socat TCP-LISTEN:15432,reuseaddr,fork \
  EXEC:'ssh -o ExitOnForwardFailure=yes user@serveur_distant -W 127.0.0.1:5432'
""",
    "A15": r"""
socat -u UDP-RECV:5514,reuseaddr \
  SYSTEM:'while IFS= read -r line; do printf "%s %s\n" "$(date -Is)" "$line"; done >> ./udp_events.log'
""",
    "A16": r"""
socat -v -x -d -d -lf ./wire_5000.log \
  TCP-LISTEN:5000,reuseaddr,fork \
  TCP:backend.local:5001,connect-timeout=5
""",
    "A17": r"""
socat TCP-LISTEN:7000,bind=127.0.0.1,reuseaddr,fork \
  UNIX-CONNECT:/tmp/mon_service.sock
""",
    "A18": r"""
socat OPENSSL-LISTEN:8443,reuseaddr,fork,cert=server.crt,key=server.key,verify=0 \
  TCP:127.0.0.1:8080
""",
    "A18b": "socat - OPENSSL:localhost:8443,verify=0",
    "A19": r"""
socat TCP-LISTEN:2001,reuseaddr,fork \
  FILE:/dev/ttyUSB0,raw,b115200,cs8,parenb=0,cstopb=0,echo=0
""",
    "A19b": "socat -,raw,echo=0 TCP:IP_SERVEUR:2001",
    "A20": "socat -d -d TCP-LISTEN:9000,reuseaddr,fork OPEN:/dev/null",
    "A20b": "socat - TCP:IP_SERVEUR:9000",
    "A21": "socat /dev/null TCP:localhost:8080,connect-timeout=2",
    "B1": r"""
socat -d -d -lf ./socat_relay_8080.log \
  TCP4-LISTEN:8080,bind=127.0.0.1,reuseaddr,fork,backlog=128,\
keepalive,nodelay,range=127.0.0.1/32 \
  TCP4:example.com:80,connect-timeout=5
""",
    "B2": r"""
socat -d -d -ly -lf socat_failover.log \
  TCP4-LISTEN:9000,bind=127.0.0.1,reuseaddr,fork \
  SYSTEM:'(socat - TCP4:10.0.0.11:9000,connect-timeout=1 \
    || socat - TCP4:10.0.0.12:9000,connect-timeout=1)'
""",
    "B3": "socat -d -d TCP4-LISTEN:8888,reuseaddr -",
    "B3b": "socat -d -d - TCP4:IP_RECEPTEUR:8888,connect-timeout=5",
    "B4": r"""
socat TCP4-LISTEN:15432,reuseaddr,fork \
  EXEC:'ssh -o ExitOnForwardFailure=yes user@serveur_distant -W 127.0.0.1:5432'
""",
    "B5": r"""
socat -u UDP4-RECV:5514,reuseaddr \
  SYSTEM:'while IFS= read -r line; do \
    printf "%s %s\n" "$(date -Is)" "$line"; \
  done >> ./udp_events.log'
""",
    "B5b": "socat - UDP4-SENDTO:127.0.0.1:5514",
    "B6": r"""
socat -v -x -d -d -lf ./wire_5000.log \
  TCP4-LISTEN:5000,bind=127.0.0.1,reuseaddr,fork \
  TCP4:serveur_backend:5001,connect-timeout=5
""",
    "B7": r"""
socat TCP4-LISTEN:15432,bind=127.0.0.1,reuseaddr,fork \
  UNIX-CONNECT:/var/run/postgresql/.s.PGSQL.5432
""",
    "B8": r"""
socat -d -d -ly -lf socat_tls.log \
  OPENSSL-LISTEN:8443,cert=server.crt,key=server.key,reuseaddr,fork,verify=0 \
  TCP4:127.0.0.1:8080
""",
    "B9": r"""
socat -d -d -ly -lf socat_mtls.log \
  TCP4-LISTEN:9443,bind=127.0.0.1,reuseaddr,fork \
  OPENSSL:api.exemple-interne.local:443,\
cert=client.crt,key=client.key,cafile=ca.crt,\
verify=1,servername=api.exemple-interne.local
""",
    "B10": r"""
socat TCP4-LISTEN:2001,reuseaddr,fork \
  FILE:/dev/ttyUSB0,raw,b115200,cs8,parenb=0,cstopb=0,echo=0,crtscts
""",
    "B10b": "socat - TCP4:IP_SERVEUR_SERIE:2001",
    "B11": r"""
socat -d -d \
  TCP4-LISTEN:9100,bind=127.0.0.1,reuseaddr,fork \
  EXEC:'/bin/sh -c \
    "printf \"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n\"; \
     printf \"{\\\"host\\\":\\\"%s\\\",\\\"time\\\":\\\"%s\\\"}\\n\" \
     \"$(hostname)\" \"$(date -Iseconds)\""'
""",
    "B12": r"""
socat -T 15 TCP4-LISTEN:9001,bind=127.0.0.1,reuseaddr,fork \
  SYSTEM:'printf "host=%s\ndate=%s\nuptime=%s\nload=%s\n" \
    "$(hostname)" \
    "$(date -Is)" \
    "$(uptime | tr -s " ")" \
    "$(uptime | awk -F\"load averages?: \" \"{print \$2}\")"'
""",
    "B12b": "socat - TCP4:127.0.0.1:9001",
    "B13": r"""
socat -d -d -u \
  UDP4-RECVFROM:6000,reuseaddr,fork \
  TCP4:IP_DU_SITE_B:7000
""",
    "B13b": r"""
socat -d -d -u \
  TCP4-LISTEN:7000,reuseaddr,fork \
  UDP4-SENDTO:127.0.0.1:6000
""",
    "B14": r"""
socat -d -d -ly -lf socat_dns.log \
  UDP4-LISTEN:5353,reuseaddr,fork \
  UDP4:9.9.9.9:53
""",
    "B15": "socat -d -d -u TCP4-LISTEN:9000,reuseaddr,fork /dev/null",
    "B15b": "socat -d -d -u - TCP4:IP_SERVEUR:9000,connect-timeout=5",
    "B16": "socat -d -d -T 2 TCP4:serveur.exemple.local:443 -",
    "B17": r"""
socat -d -d TCP4-LISTEN:8000,reuseaddr \
  SYSTEM:"printf 'HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"mon_fichier.tar.gz\"\r\nContent-Length: 1234\r\nContent-Type: application/octet-stream\r\n\r\n'; cat 'mon_fichier.tar.gz'"
""",
    "B18": r"""
socat -u - \
  SYSTEM:'tee ./local.log | socat -u - TCP4:logserver.exemple.local:5000'
""",
    "B18b": r"""
socat -u - \
  SYSTEM:'tee /dev/stderr | socat -u - TCP4:logserver.exemple.local:5000'
""",
    "B19": "socat TCP4-LISTEN:8080,reuseaddr,fork TCP4:127.0.0.1:9090",
    "B19b": "socat TCP4-LISTEN:9090,reuseaddr,fork TCP4:127.0.0.1:3000",
    "B19c": "socat TCP4-LISTEN:8080,reuseaddr,fork TCP4:IP_MACHINE_LOCALE:9090",
    "B20": r"""
socat -d -d -ly -lf socat_socks5.log \
  TCP4-LISTEN:8080,bind=127.0.0.1,reuseaddr,fork \
  SOCKS4A:proxy.exemple.local:target.exemple.local:80,socksport=1080
""",
    "C1": r"""
socat tcp-listen:9090,fork,reuseaddr \
'system:

echo "Le serveur écoute."

while read CLIENT_MESSAGE; do
  echo "le serveur répond : $CLIENT_MESSAGE"
done
'
""",
    "C2": """
socat tcp-listen:9090,fork,reuseaddr 'system: while read CLIENT_MESSAGE; do echo "le serveur répond : $CLIENT_MESSAGE"; done'
""",
    "C3": r"""
socat tcp-listen:9090,fork,reuseaddr \
'system:

PIPE=$(mktemp -u /tmp/pns_XXX)
ME=$(echo $PIPE | sed 's:/tmp/pns_::')
mkfifo $PIPE

while read PIPE_MESSAGE<$PIPE; do
  echo $PIPE_MESSAGE
done &
PID=$!

echo "je suis : $ME"
for EACH_PIPE in $(ls /tmp/pns_*); do
   [ $PIPE != $EACH_PIPE ] &&  echo "$ME est connecté" > $EACH_PIPE
done

while read CLIENT_MESSAGE; do
  for EACH_PIPE in $(ls /tmp/pns_*); do
    echo "Message de $ME : $CLIENT_MESSAGE" > $EACH_PIPE
  done
done
kill $PID
rm $PIPE
'
""",
    "C4": "socat - TCP4:localhost:9090",
}  # fmt: skip

ESCAPED = {
    "A2": r"""
socat -T 5 TCP-LISTEN:2323,reuseaddr,fork \
  SYSTEM:'printf \"Service=demo\\nDate=%s\\nBye.\\n\" \"$(date -Is)\"'
""",
    "A4": r"""
socat TCP-LISTEN:15432,bind=127.0.0.1,reuseaddr,fork \
  EXEC:'ssh user@serveur_distant socat - UNIX-CONNECT\:/var/run/postgresql/.s.PGSQL.5432'
""",
    "A6": r"""
socat TCP-LISTEN:8080,reuseaddr,fork \
  SYSTEM:'printf \"HTTP/1.1 503 Service Unavailable\\r\\nContent-Type\: text/plain\\r\\nConnection\: close\\r\\nContent-Length\: 32\\r\\n\\r\\nMaintenance. Reessayez plus tard\"'
""",
    "A12": r"""
socat -T 15 TCP-LISTEN:9001,reuseaddr,fork \
  SYSTEM:'printf \"host=%s\\ndate=%s\\nuptime=%s\\nload=%s\\n\" \\
    \"$(hostname)\" \"$(date -Is)\" \"$(uptime -p 2>/dev/null || uptime)\" \\
    \"$(cat /proc/loadavg 2>/dev/null || sysctl -n vm.loadavg)\"'
""",
    "A14": r"""
socat TCP-LISTEN:15432,reuseaddr,fork \
  EXEC:'ssh -o ExitOnForwardFailure=yes user@serveur_distant -W 127.0.0.1\:5432'
""",
    "A15": r"""
socat -u UDP-RECV:5514,reuseaddr \
  SYSTEM:'while IFS= read -r line; do printf \"%s %s\\n\" \"$(date -Is)\" \"$line\"; done >> ./udp_events.log'
""",
    "B2": r"""
socat -d -d -ly -lf socat_failover.log \
  TCP4-LISTEN:9000,bind=127.0.0.1,reuseaddr,fork \
  SYSTEM:'(socat - TCP4:10.0.0.11:9000,connect-timeout=1 \\
    || socat - TCP4:10.0.0.12:9000,connect-timeout=1)'
""",
    "B4": r"""
socat TCP4-LISTEN:15432,reuseaddr,fork \
  EXEC:'ssh -o ExitOnForwardFailure=yes user@serveur_distant -W 127.0.0.1\:5432'
""",
    "B5": r"""
socat -u UDP4-RECV:5514,reuseaddr \
  SYSTEM:'while IFS= read -r line; do \\
    printf \"%s %s\\n\" \"$(date -Is)\" \"$line\"; \\
  done >> ./udp_events.log'
""",
    "B12": r"""
socat -T 15 TCP4-LISTEN:9001,bind=127.0.0.1,reuseaddr,fork \
  SYSTEM:'printf \"host=%s\\ndate=%s\\nuptime=%s\\nload=%s\\n\" \\
    \"$(hostname)\" \\
    \"$(date -Is)\" \\
    \"$(uptime | tr -s \" \")\" \\
    \"$(uptime | awk -F\"load averages?: \" \"{print \\$2}\")\"'
""",
    "B17": r"""
socat -d -d TCP4-LISTEN:8000,reuseaddr \
  SYSTEM:"printf \'HTTP/1.1 200 OK\\\\r\\\\nContent-Disposition\: attachment; filename=\\\"mon_fichier.tar.gz\\\"\\\\r\\\\nContent-Length\: 1234\\\\r\\\\nContent-Type\: application/octet-stream\\\\r\\\\n\\\\r\\\\n\'; cat \'mon_fichier.tar.gz\'"
""",
    "B18": r"""
socat -u - \
  SYSTEM:'tee ./local.log | socat -u - TCP4\:logserver.exemple.local\:5000'
""",
}  # fmt: skip
"""The same, written for socat's lexer: what socat 1.8 runs is what the author meant."""


def shell_words(text: str) -> list[str]:
    """The words that a shell makes of a command, without ``socat``."""
    joined: list[str] = []
    quoted, at = False, 0
    while at < len(text):
        if text[at] == "'":
            quoted = not quoted
        if not quoted and text.startswith("\\\n", at):
            at += 2  # a shell joins the lines
            continue
        step = 2 if text[at] == "\\" and not quoted else 1
        joined.append(text[at : at + step])
        at += step
    words = shlex.split("".join(joined))
    assert words[0] == "socat"
    return words[1:]
