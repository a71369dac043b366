#!/bin/sh
# Installs what lies beside it: for this user below ~/.local, for root below /opt and /usr/local.
#   --uninstall   take it away again; profiles stay
set -eu
if [ "$(id -u)" = 0 ]; then
    program=/opt/bascule bin=/usr/local/bin share=/usr/local/share
else
    program=$HOME/.local/lib/bascule bin=$HOME/.local/bin share=${XDG_DATA_HOME:-$HOME/.local/share}
fi

each_other_file() { # the files beside the program, as seen from usr/
    (cd "$1" && find share/applications share/icons share/metainfo share/mime share/man -type f)
}

end_running() { # in order; what is running holds files that go
    for link in /proc/[0-9]*/exe; do
        case $(readlink "$link" 2>/dev/null) in
        "$program"/bascule | "$program"/bascule-desktop | "$program/bascule (deleted)")
            process=${link#/proc/}
            kill -TERM "${process%/exe}" 2>/dev/null || : ;;
        esac
    done
}

refresh() {
    command -v update-desktop-database >/dev/null && update-desktop-database -q "$share/applications" || :
    command -v update-mime-database >/dev/null && update-mime-database "$share/mime" >/dev/null 2>&1 || :
}

remove() {
    [ -f "$program/installed" ] || return 0
    while read -r file; do rm -f "$file"; done <"$program/installed"
    rm -rf "$program" "$program.new" "$program.old"
}

if [ "${1:-}" = --uninstall ]; then
    end_running
    remove
    refresh
    echo "Bascule is gone; your profiles are still there."
    exit 0
fi

# First everything beside the old program, then one step to the new one: a full disk changes nothing.
mkdir -p "$(dirname "$program")" "$bin"
rm -rf "$program.new"
if ! cp -R usr/lib/bascule "$program.new"; then
    rm -rf "$program.new"
    echo "Bascule was not installed: the files could not be copied (see above). Nothing was changed." >&2
    exit 1
fi
each_other_file usr | while read -r file; do
    echo "$share/${file#share/}"
done >"$program.new/installed"
printf '%s\n' "$bin/bascule" "$bin/bascule-desktop" >>"$program.new/installed"
cp setup.sh "$program.new/setup.sh"
rm -rf "$program.old"
[ ! -d "$program" ] || mv "$program" "$program.old"
mv "$program.new" "$program"
end_running
rm -rf "$program.old"
each_other_file usr | while read -r file; do
    mkdir -p "$(dirname "$share/${file#share/}")"
    cp "usr/$file" "$share/${file#share/}"
done
for name in bascule bascule-desktop; do ln -sf "$program/$name" "$bin/$name"; done
sed -i "s|^Exec=bascule-desktop|Exec=$bin/bascule-desktop|; s|^TryExec=.*|TryExec=$bin/bascule-desktop|" \
    "$share/applications/bascule.desktop"
refresh
echo "Bascule is installed: look for it among your programs, or type $bin/bascule-desktop"
echo "To take it away: $program/setup.sh --uninstall"
