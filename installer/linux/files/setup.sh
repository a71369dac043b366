# Installs Bascule from the archive at the end of this file: for this user below ~/.local, for root below
# /opt and /usr/local. Everything is unpacked beside what is there, and then takes its place in one step.
set -eu
umask 022

if [ "$(id -u)" = 0 ]; then
    program=/opt/bascule bin=/usr/local/bin share=/usr/local/share
else
    HOME=${HOME%/}
    program=$HOME/.local/lib/bascule bin=$HOME/.local/bin share=${XDG_DATA_HOME:-$HOME/.local/share}
fi
here=$(dirname "$program") new=$program.new old=$program.old

usage() {
    echo "Installs Bascule $version in $program."
    echo "  --uninstall   take it away again; profiles stay"
    echo "  --downgrade   install it even where a newer version is"
    echo "  --check       only look whether this file is whole"
}

refuse() {
    echo "Bascule was not installed: $1" >&2
    echo "Nothing was changed. $2" >&2
    exit 1
}

whole() {
    [ "$(tail -n "+$archive_line" "$0" | sha256sum | cut -d' ' -f1)" = "$archive_sha256" ]
}

is_newer() { # whether the first version is newer than the second; ~ sorts 1.0rc1 before 1.0
    [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sed 's/[a-z]/~&/' | sort -V | tail -n 1 | tr -d '~')" = "$1" ]
}

refresh() {
    command -v update-desktop-database >/dev/null && update-desktop-database -q "$share/applications" || :
    command -v update-mime-database >/dev/null && update-mime-database "$share/mime" >/dev/null 2>&1 || :
    command -v gtk-update-icon-cache >/dev/null && gtk-update-icon-cache -qft "$share/icons/hicolor" || :
}

list_links() { # where each file of the new version is found, and the file
    (cd "$new" && find share -type f ! -path 'share/doc/*') | while read -r file; do
        printf '%s\t%s\n' "$share/${file#share/}" "$program/$file"
    done
    for name in bascule bascule-desktop; do printf '%s\t%s\n' "$bin/$name" "$program/$name"; done
}

each_link() { # call a function with both
    while IFS='	' read -r link file; do "$2" "$link" "$file" || return 1; done <"$1"
}
make_room() { mkdir -p "${1%/*}" 2>/dev/null && [ -w "${1%/*}" ] || { echo "${1%/*}" >"$new/refused"; return 1; }; }
make_link() { ln -sfn "$2" "$1"; }
is_ours() { case $(readlink "$1") in "$program"/*) ;; *) return 1 ;; esac }
is_free() { { [ ! -e "$1" ] && [ ! -L "$1" ]; } || is_ours "$1" || { echo "$1" >"$new/refused"; return 1; }; }
take_away() { ! is_ours "$1" || rm -f "$1"; }
take_away_if_dangling() { [ -e "$1" ] || take_away "$1"; }

uninstall() {
    if [ ! -f "$program/links" ]; then
        echo "Bascule is not installed in $program: there is nothing to take away." >&2
        exit 1
    fi
    if [ ! -w "$here" ]; then
        echo "Bascule was not taken away: $here cannot be written by this user. Nothing was changed." >&2
        exit 1
    fi
    end_all "$(readlink -f "$program")"
    each_link "$program/links" take_away
    rm -rf "$program"
    refresh
    echo "Bascule is gone; your profiles are still there."
}

prepare() { # everything of the new version, in its folder beside the old one
    [ ! -e "$program" ] || [ -f "$program/links" ] ||
        refuse "$program is there already, and is not this program's." "Move it away, and try again."
    mkdir -p "$here" 2>/dev/null && [ -w "$here" ] ||
        refuse "the folder $here cannot be written by this user." "Have its permissions changed, or ask who administers this computer."
    rm -rf "$new"
    # Before the percentage: in the name of the device, which comes first, there may be blanks.
    free_mib=$(df -Pk "$here" | sed -nE '$s/.* ([0-9]+) +([0-9]+%|-) .*/\1/p')
    free_mib=$((${free_mib:-999999999} / 1024)) # where nobody knows, unpacking will show
    [ "$free_mib" -ge "$needed_mib" ] ||
        refuse "it needs $needed_mib MiB in $here, and $free_mib MiB are free." "Make room on that disk, and try again."
    trap 'rm -rf "$new" "$new.links"' EXIT
    trap 'exit 130' INT TERM HUP
    mkdir "$new" && tail -n "+$archive_line" "$0" | xz -dc | tar -xf - -C "$new" --no-same-owner ||
        refuse "it could not be unpacked in $here (see above)." "It needs $needed_mib MiB there: make room, and try again."
    # As text of sed's, whatever is in the name of a home folder.
    place=$(printf '%s' "$program" | sed 's/[\\&|]/\\&/g')
    sed -i "s|^Exec=bascule-desktop|Exec=\"$place/bascule-desktop\"|; s|^TryExec=.*|TryExec=$place/bascule-desktop|" \
        "$new/share/applications/bascule.desktop" &&
        sed -i "s|^ExecStart=/usr/lib/bascule/bascule|ExecStart=\"$place/bascule\"|; s|/usr/lib/bascule|$place|" \
            "$new/share/systemd/user/bascule-engine.service" &&
        head -n "$((archive_line - 1))" "$0" >"$new/uninstall.sh" && chmod 755 "$new/uninstall.sh" &&
        list_links >"$new.links" && cp "$new.links" "$new/links" && echo "$version" >"$new/version" ||
        refuse "its files could not be written in $here (see above)." "It needs $needed_mib MiB there: make room, and try again."
    each_link "$new/links" make_room ||
        refuse "the folder $(cat "$new/refused") cannot be written by this user." "Have its permissions changed, or ask who administers this computer."
    each_link "$new/links" is_free ||
        refuse "$(cat "$new/refused") is there already, and is not this program's." "Move it away, and try again."
}

put_back() {
    rm -rf "$program"
    [ ! -d "$old" ] || mv "$old" "$program"
    each_link "$new.links" take_away_if_dangling
    refuse "it could not be put in its place (see above)." "Make room on the disk, and try again."
}

replace() {
    trap '' INT TERM HUP # it takes a moment, and half of it would be no program at all
    rm -rf "$old"
    [ ! -d "$program" ] || mv "$program" "$old"
    mv "$new" "$program" && each_link "$new.links" make_link || put_back
    if [ -d "$old" ]; then
        [ ! -f "$old/links" ] || each_link "$old/links" take_away_if_dangling
        renew_engines "$(readlink -f "$old")/bascule" "$program/bascule"
        rm -rf "$old"
    fi
    refresh
}

case ${0##*/}:${1:-} in
uninstall.sh:*) uninstall; exit ;;
*:--uninstall) uninstall; exit ;;
*:-h | *:--help) usage; exit ;;
*:--check | *:--downgrade | *:) ;;
*) usage >&2; exit 2 ;;
esac
for tool in xz tar sha256sum; do
    command -v "$tool" >/dev/null || refuse "the program $tool is not on this computer." "Install it with your package manager, and try again."
done
whole || refuse "this file is damaged, or a part of it is missing." "Download it again."
if [ "${1:-}" = --check ]; then
    echo "This file is whole: Bascule $version."
    exit
fi
held=$(cat "$program/version" 2>/dev/null || :)
if [ "${1:-}" != --downgrade ] && is_newer "$held" "$version"; then
    refuse "version $held is installed, and this is the older $version." "To go back all the same, add --downgrade."
fi
prepare
replace
echo "Bascule $version is installed: look for it among your programs, or type $bin/bascule-desktop"
echo "To take it away: $program/uninstall.sh"
exit
