#!/bin/bash
# Runs pytest under wine, each file in a process of its own: one that hangs keeps no other from running.
# usage: suites.sh DIR [FILE ...]      without files: those of the streams and relays that Windows has
# Prints a line for each; what pytest said is in DIR/logs. Ends with 1 where one did not pass.
set -uo pipefail
rig=$(readlink -f "${1:?usage: suites.sh DIR [FILE ...]}"); shift
here=$(dirname "$(readlink -f "$0")")
"$here/run.sh" "$rig" || exit 2
cd "$rig/bascule" || exit 2
mkdir -p "$rig/logs"
[ $# != 0 ] || set -- tests/core/streams/test_{transport,leaving,tls,tls_stream,tls_context,tls_errors,datagram_port,named_pipe,named_pipe_windows,file,program_windows,fan_out,failover,shaped,room,built_in,limit,dual,retry,proxy_header,unasked_name,tap,layer,ways,buffered,base,memory,perform,oserrors,once,socks,http_proxy,tcp,udp,udp_listen,udp_socket,datagram,datagram_sender,datagram_watch,disk}.py \
  tests/core/relay/test_{admission,arrivals,backoff,build,build_datagrams,build_local,connection,connections,every_option,load_balancer,notes,probe,pump,relay}.py
status=0
for file in "$@"; do
  log=$rig/logs/$(basename "$file" .py).log
  timeout -k 5 300 "$here/run.sh" "$rig" Z:/rig/win/python.exe -m pytest -q -p without_qt -p no:cacheprovider \
    "$file" < /dev/null > "$log" 2>&1 || status=1
  printf '%-48s %s\n' "$file" "$(grep -aE '^[0-9]+ (passed|failed|skipped|error)|^no tests ran' "$log" || echo "hung or broke, see $log")"
done
exit $status
