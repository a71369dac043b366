# What the scripts of every package for Linux share: how to end what is running.

processes_of() { # each process of a program, also of one whose file was replaced
    for link in /proc/[0-9]*/exe; do
        case $(readlink "$link" 2>/dev/null) in
        "$1" | "$1 (deleted)")
            process=${link#/proc/} process=${process%/exe}
            ! is_here "$process" || echo "$process" ;;
        esac
    done
}

is_here() { # whether a process runs where this script does; a container or a chroot has a Bascule of its own
    [ "$(readlink "/proc/$1/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] &&
        [ "$(stat -Lc %d:%i "/proc/$1/root/." 2>/dev/null)" = "$(stat -Lc %d:%i /.)" ]
}

is_engine() { # whether a process was started as `bascule engine`
    [ "$(tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | sed -n 2p)" = engine ]
}

# As the engine's user, with what the new program is: ends the engine, and where nobody else would, starts
# the new one, which starts what ran. Its folder, its keyring and its serial ports are those of the old one.
renewal='program=$1 again=$2; shift 2
"$program" engine --stop --resume || exit
[ "$again" = no ] || { cd "$HOME" && setsid -f "$program" engine "$@"; }'

renew_engine() { # the process, the new program
    again=yes
    ! grep -q bascule-engine.service "/proc/$1/cgroup" || again=no # systemd starts it again
    words=$(tr '\0' '\n' <"/proc/$1/cmdline" | tail -n +3)
    set -- "$1" sh -c 'script=$1 program=$2 again=$3 words=$4; shift 4
        exec env -i "$@" PYINSTALLER_RESET_ENVIRONMENT=1 timeout 90 sh -c "$script" sh "$program" "$again" $words' \
        sh "$renewal" "$2" "$again" "$words"
    user=$(stat -c %u "/proc/$1") group=$(stat -c %g "/proc/$1") environment=/proc/$1/environ
    shift
    if [ "$(id -u)" != "$user" ]; then
        set -- setpriv --reuid="$user" --regid="$group" --init-groups "$@"
    fi
    xargs -0 "$@" <"$environment" >/dev/null 2>&1
}

renew_engines() { # those of the first program, by the second
    for process in $(processes_of "$1"); do
        if is_engine "$process"; then
            renew_engine "$process" "$2" || kill -TERM "$process" 2>/dev/null || :
        fi
    done
}

end_all() { # of a folder: windows first, because a window starts an engine again
    for binary in "$1/bascule-desktop" "$1/bascule"; do
        running=$(processes_of "$binary")
        [ -n "$running" ] || continue
        kill -TERM $running 2>/dev/null || :
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            [ -n "$(processes_of "$binary")" ] || break
            sleep 0.5
        done
    done
}
