#!/bin/bash
# Runs a Windows program under the wine of a rig, with this checkout as Z:\rig\bascule.
# usage: run.sh DIR PROGRAM [ARG ...]      standard streams and the exit code are the program's
# BASCULE_HOME and DISPLAY (of a local Xvfb), where they are set, are the program's as well.
# The checkout is copied once and kept: `run.sh DIR` alone copies it anew, and leaves a built program (dist) where it is.
set -euo pipefail
rig=$(readlink -f "${1:?usage: run.sh DIR PROGRAM [ARG ...]}"); shift
top=$(readlink -f "$(dirname "$0")/../../..")
if [ $# = 0 ] || [ ! -d "$rig/bascule" ]; then
  mkdir -p "$rig/bascule"
  find "$rig/bascule" -mindepth 1 -maxdepth 1 ! -name dist -exec rm -rf {} +
  git -C "$top" ls-files -z --cached --others --exclude-standard \
    | tar -C "$top" --ignore-failed-read --null -T - -c | tar -x -C "$rig/bascule"
  [ $# != 0 ] || exit 0
fi
# A mount namespace of its own: nothing stays mounted when the program has ended.
exec unshare -m bash -c '
  rig=$1; shift
  mount --bind "$rig" "$rig/chroot/rig"
  mount --rbind /dev "$rig/chroot/dev"
  mount -t proc proc "$rig/chroot/proc"
  [ -z "${DISPLAY:-}" ] || mount --bind /tmp/.X11-unix "$rig/chroot/tmp/.X11-unix"
  exec chroot "$rig/chroot" env -i HOME=/opt PATH=/usr/bin:/bin LANG=C.UTF-8 \
    WINEPREFIX=/opt/wine WINEDEBUG="${WINEDEBUG:--all}" XDG_RUNTIME_DIR=/tmp \
    ${BASCULE_HOME:+BASCULE_HOME="$BASCULE_HOME"} ${DISPLAY:+DISPLAY="$DISPLAY"} "WINEDLLOVERRIDES=mscms,netsh.exe=n,b" \
    PYTHONPYCACHEPREFIX=C:/pyc "PYTHONPATH=Z:/rig/bascule/core;Z:/rig/bascule/desktop;Z:/rig/bascule;Z:/rig/bascule/tests/rigs/windows" \
    sh -c "cd /rig/bascule; exec wine \"\$@\"" wine "$@"
' run "$rig" "$@"
