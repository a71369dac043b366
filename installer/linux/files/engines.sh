# What the scripts of every package for Linux share: how to end what is running.

processes_of() { # each process of a program, also of one whose file was replaced
    for link in /proc/[0-9]*/exe; do
        case $(readlink "$link" 2>/dev/null) in
        "$1" | "$1 (deleted)")
            process=${link#/proc/}
            echo "${process%/exe}" ;;
        esac
    done
}

is_engine() { # whether a process was started as `bascule engine`
    [ "$(tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | sed -n 2p)" = engine ]
}

ask_to_end() { # have a program end the engine of that process's user, who is to find it again as it was
    user=$(stat -c %u "/proc/$1") group=$(stat -c %g "/proc/$1")
    grep -zE '^(HOME|BASCULE_HOME|XDG_[A-Z]+_(HOME|DIR))=' "/proc/$1/environ" |
        if [ "$(id -u)" = "$user" ]; then
            xargs -0 sh -c 'program=$1; shift; exec timeout 60 env -i "$@" "$program" engine --stop --resume' sh "$2"
        else
            xargs -0 setpriv --reuid="$user" --regid="$group" --clear-groups \
                sh -c 'program=$1; shift; exec timeout 60 env -i "$@" "$program" engine --stop --resume' sh "$2"
        fi >/dev/null 2>&1
}

renew_engines() { # end those of the first program; the next engine, of the second, starts what ran
    for process in $(processes_of "$1"); do
        if is_engine "$process"; then
            ask_to_end "$process" "$2" || kill -TERM "$process" 2>/dev/null || :
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
