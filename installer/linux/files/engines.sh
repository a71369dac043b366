# What the scripts of every package for Linux share: how to end what is running. Root runs them too, while a
# process may become another one at its owner's will: what is done about an engine is done by its owner.

begun() { # when a process was started: another one of the same number was at another time
    sed -n '$s/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

owner() { # of a process, where it has the rights of one user only
    # shellcheck disable=SC2046 # four numbers
    set -- $(sed -n 's/^Uid://p' "/proc/$1/status" 2>/dev/null)
    [ $# = 4 ] && [ "$1 $1 $1" = "$2 $3 $4" ] && echo "$1"
}

is_of() { # whether a process is a program's, also where its file was replaced; the program's name when it was started
    if of=$(readlink "/proc/$1/exe" 2>/dev/null); then
        [ "$of" = "$2" ] || [ "$of" = "$2 (deleted)" ]
    else # with a right of its own (setcap), it is hidden from its owner too; what it was called as is not
        { read -r name <"/proc/$1/comm"; } 2>/dev/null && [ "$name" = "${2##*/}" ] &&
            [ "$(owner "$1")" = "$(id -u)" ] &&
            name=$(tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | head -n 1) &&
            name=$(command -v "$name") && [ "$(readlink -f "$name")" = "$(readlink -f "$3")" ]
    fi
}

is_here() { # whether a process runs where this script does; a container or a chroot has a Bascule of its own
    if space=$(readlink "/proc/$1/ns/pid" 2>/dev/null); then
        [ "$space" = "$(readlink /proc/self/ns/pid)" ] &&
            [ "$(stat -Lc %d:%i "/proc/$1/root/." 2>/dev/null)" = "$(stat -Lc %d:%i /.)" ]
    else # a number for each space that it is in
        [ "$(sed -n 's/^NSpid://p' "/proc/$1/status" 2>/dev/null | wc -w)" = 1 ]
    fi
}

processes_of() { # number:begin:owner of each process of a program; the program's name when it was started, if another
    for process in /proc/[0-9]*; do
        process=${process#/proc/}
        is_of "$process" "$1" "${2:-$1}" && is_here "$process" || continue
        found=$process:$(begun "$process"):$(owner "$process") || continue
        # All at one time: nothing of it was another process's, or another program's.
        ! is_of "$process" "$1" "${2:-$1}" || ! is_same "$found" || echo "$found"
    done
}

is_same() { # whether a process is still the one that was found
    [ "$1" = "${1%%:*}:$(begun "${1%%:*}"):$(owner "${1%%:*}")" ]
}

is_engine() { # whether a process was started as `bascule engine`
    [ "$(tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | sed -n 2p)" = engine ]
}

# With what the new program is: ends the engine, and where nobody else would, starts the new one, which
# starts what ran.
hand_over='program=$1 again=$2; shift 2
"$program" engine --stop --resume || exit
[ "$again" = no ] || { cd "${HOME:-/}" && setsid -f "$program" engine "$@"; }'

# The same with an environment, that of the engine before: programs that a relay runs need what is theirs in
# it. What leads a loader or Python elsewhere is not taken over.
hand_over_with='script=$1 program=$2 again=$3 words=$4; shift 4
for each; do
    shift
    case $each in LD_* | GLIBC_* | GCONV_PATH=* | PYTHON* | _PYI* | _MEIPASS*) ;; *=*) set -- "$@" "$each" ;; esac
done
exec env -i "$@" PYINSTALLER_RESET_ENVIRONMENT=1 sh -c "$script" sh "$program" "$again" $words'

# By the owner, for each engine of theirs that was found: the system itself lets nobody read the environment
# of a process that has become more than its owner. Then, and always for root, whom nothing is kept from,
# the engine is the one that a person with the usual environment would have started.
renewal='set -f; old=$1 program=$2 steers=$3 hand_over=$4 hand_over_with=$5; shift 5
for each; do
    process=${each%%:*} begun=${each#*:} begun=${begun%:*}
    lives() { [ "$(sed -n "\$s/.*) //p" "/proc/$process/stat" | cut -d" " -f20)" = "$begun" ]; }
    readable=no
    [ "$steers" = no ] || ! command exec 3<"/proc/$process/environ" || readable=yes
    case $(readlink "/proc/$process/exe") in "$old" | "$old (deleted)" | "") ;; *) continue ;; esac
    lives || continue
    again=yes words=
    ! grep -q bascule-engine.service "/proc/$process/cgroup" || again=no # systemd starts it again
    for word in $(tr "\0" "\n" <"/proc/$process/cmdline" | tail -n +3); do
        case $word in --tcp | --leave-after | --leave-after=* | inf | [0-9]*) words="$words $word" ;; esac
    done
    if [ "$readable" = yes ]; then
        xargs -0 sh -c "$hand_over_with" sh "$hand_over" "$program" "$again" "$words" <&3 3<&-
    else
        PYINSTALLER_RESET_ENVIRONMENT=1 sh -c "$hand_over" sh "$program" "$again" $words 3<&-
    fi
    ! lives || kill -TERM "$process"
done'

as_owner() { # a user, and a command: with the rights of that user, and nothing that is root's, for a limited time
    user=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        groups=--init-groups
        entry=$(getent passwd "$user") || { entry=$user:x:$user:65534::/: groups=--clear-groups; }
        set -- setpriv --reuid="$user" --regid="$(echo "$entry" | cut -d: -f4)" "$groups" --inh-caps=-all "$@"
        if [ -d "/run/user/$user" ]; then
            bus=DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$user/bus
            set -- "XDG_RUNTIME_DIR=/run/user/$user" "$bus" "$@"
        fi
        # A session of its own: from within root's, who is not root could type on root's terminal.
        set -- setsid env -i PATH=/usr/local/bin:/usr/bin:/bin "HOME=$(echo "$entry" | cut -d: -f6)" \
            "USER=${entry%%:*}" "LOGNAME=${entry%%:*}" "$@"
    fi
    (cd / && exec timeout -k 5 90 "$@") </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}

renew_found() { # the program before, the new one, and what processes_of said of the first
    from=$1 to=$2
    shift 2
    for user in $(printf '%s\n' "$@" | sed 's/.*://' | sort -u); do
        steers=yes
        [ "$user" != 0 ] || steers=no
        # shellcheck disable=SC2046 # as many words as engines
        as_owner "$user" sh -c "$renewal" sh "$from" "$to" "$steers" "$hand_over" "$hand_over_with" \
            $(printf '%s\n' "$@" | grep ":$user\$") & # nobody waits for another's engine
    done
    wait
}

renew_engines() { # those of the first program, by the second
    engines=
    for each in $(processes_of "$1" "$2"); do
        ! is_engine "${each%%:*}" || engines="$engines $each"
    done
    [ -z "$engines" ] || renew_found "$1" "$2" $engines
}

end_all() { # of folders: windows first, because a window starts an engine again
    for name in bascule-desktop bascule; do
        for folder; do end_program "$folder/$name"; done
    done
}

end_program() { # all that runs of it, also what has only just begun
    told=''
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        running=$(processes_of "$1")
        [ -n "$running" ] || break
        for each in $running; do
            case "$told " in *" $each "*) continue ;; esac
            ! is_same "$each" || kill -TERM "${each%%:*}" 2>/dev/null || :
            told="$told $each"
        done
        sleep 0.5
    done
}
