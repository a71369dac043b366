#!/bin/bash
# The part of the suite that is not for POSIX alone, on the Windows Python of a rig.
# usage: suites.sh DIR [FILE or FOLDER ...]      without any: all of tests/core, then ends.py, session.py and service.py
# A folder has a process of its own; where that hangs or breaks, each of its files gets one.
# Prints a line for each; what pytest said is in DIR/logs. Ends with 1 where one did not pass.
set -uo pipefail
rig=$(readlink -f "${1:?usage: suites.sh DIR [FILE or FOLDER ...]}"); shift
here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/../../..")
"$here/run.sh" "$rig" || exit 2
cd "$rig/bascule" || exit 2
mkdir -p "$rig/logs"
status=0

run() {  # FILE or FOLDER, SECONDS: prints its line; 0 passed, 1 failed, 2 hung or broke
  local log said code
  log=$rig/logs/$(tr / - <<< "$1").log
  timeout -k 5 "$2" "$here/run.sh" "$rig" Z:/rig/win/python.exe -m pytest -v -p on_wine \
    -p no:cacheprovider -o timeout=600 --continue-on-collection-errors "$1" < /dev/null > "$log" 2>&1
  code=$?
  said=$(grep -aoE '[0-9]+ (passed|failed|skipped|xfailed|xpassed|errors?)\b.* in [0-9.]+s' "$log" | tail -1)
  [ $code != 5 ] || said="for POSIX only"  # pytest: nothing was collected
  printf '%-48s %s\n' "$1" "${said:-hung or broke, see $log}"
  [ -n "$said" ] || return 2
  [ $code = 0 ] || [ $code = 5 ]
}

tests=("$@")
[ $# != 0 ] || tests=(tests/core/test_*.py tests/core/*/)
for each in "${tests[@]%/}"; do
  run "$each" 7200
  case $? in
    0) continue ;;
    2) [ -d "$each" ] && mapfile -t files < <(find "$each" -name 'test_*.py' | sort) || files=() ;;
    *) files=() ;;
  esac
  [ ${#files[@]} != 0 ] || status=1
  for file in "${files[@]}"; do run "$file" 1800 || status=1; done
done
if [ $# = 0 ]; then
  for driver in ends session service; do "$top/.venv/bin/python" "$here/$driver.py" "$rig" || status=1; done
fi
exit $status
