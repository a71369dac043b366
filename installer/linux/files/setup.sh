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

# As gettext does: a list of languages goes before the locale's, unless that is none at all.
language=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
case $language in '' | C | POSIX) ;; *) language=${LANGUAGE:-$language} ;; esac
case $language in fr*) language=fr ;; *) language=en ;; esac

verb=installed verb_fr=installé
words() { # the same in English and in French: that of who reads it
    if [ "$language" = fr ]; then echo "$2"; else echo "$1"; fi
}

tell() { # the same, and where there is no terminal, as after a double click, on the screen
    words "$1" "$2"
    [ -t 0 ] || [ -t 1 ] || [ -t 2 ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ||
        notify-send --app-name=Bascule --icon=bascule Bascule "$(words "$1" "$2")" >/dev/null 2>&1 || :
}

typed() { # a path as a terminal takes it
    case $1 in
    *[!A-Za-z0-9_./+:@%,-]*) printf "'%s'\n" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s\n' "$1" ;;
    esac
}

usage() {
    words "Installs Bascule $version in $program.
  --uninstall   take it away again; profiles stay
  --downgrade   install it even where a newer version is
  --check       only look whether this file is whole" \
        "Installe Bascule $version dans $program.
  --uninstall   le retirer ; les profils restent
  --downgrade   l’installer même s’il y a une version plus récente
  --check       vérifier seulement que ce fichier est entier"
}

refuse() { # why, and what to do; the same in French
    tell "Bascule was not $verb: $1
Nothing was changed. $2" "Bascule n’a pas été ${verb_fr} : $3
Rien n’a été modifié. $4" >&2
    exit 1
}
refuse_rights() {
    refuse "the folder $1 cannot be written by this user." "Have its permissions changed, or ask who administers this computer." \
        "le dossier $1 n’est pas accessible en écriture à cet utilisateur." "Faites modifier ses droits, ou demandez à qui administre cet ordinateur."
}
refuse_taken() {
    refuse "$1 is there already, and is not this program's." "Move it away, and try again." \
        "$1 existe déjà, et n’est pas à ce programme." "Déplacez-le, puis réessayez."
}
refuse_room() { # what could not be done
    refuse "$1 in $here (see above)." "It needs $needed_mib MiB there: make room, and try again." \
        "$2 dans $here (voir ci-dessus)." "Il y faut $needed_mib Mio : faites de la place, puis réessayez."
}

whole() {
    [ "$(tail -n +3 "$0" | sha256sum | cut -d' ' -f1)" = "$rest_sha256" ] # of which line 2 speaks
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

# Beside the program there may be what is not from the archive: the data of a portable copy, managed.json.

own_names() { # of a folder of the program: what was installed there
    cat "$1/names" 2>/dev/null || printf '%s\n' $names # from before they were noted
    printf '%s\n' refused version names uninstall.sh links
}

others_names() { # of a folder of the program: what was not
    own=$(own_names "$1")
    for each in "$1"/* "$1"/.[!.]* "$1"/..?*; do
        { [ -e "$each" ] || [ -L "$each" ]; } && ! printf '%s\n' "$own" | grep -qxF -e "${each##*/}" || continue
        echo "${each##*/}"
    done
}

carry() { # all of it from one folder of the program to another, each in one step: it may be in use
    others_names "$1" | while IFS= read -r name; do
        [ ! -e "$2/$name" ] && [ ! -L "$2/$name" ] && mv "$1/$name" "$2/$name" || return 1
    done
}

clear_away() { # what was installed in a folder, and the folder where nothing else is in it
    own_names "$1" | while IFS= read -r name; do rm -rf "${1:?}/${name:?}"; done
    rmdir "$1" 2>/dev/null || { [ -L "$1" ] && [ -z "$(others_names "$1")" ] && rm "$1"; }
}

recover() { # from a run that was cut off
    if [ ! -e "$program" ] && [ -d "$old" ]; then
        { [ ! -d "$new" ] || carry "$new" "$old"; } && mv "$old" "$program" || return 1
    fi
    for left in "$new" "$old"; do
        [ ! -d "$left" ] || { { [ ! -d "$program" ] || carry "$left" "$program"; } && clear_away "$left"; } ||
            refuse_taken "$left"
    done
    rm -f "$new.links"
}

is_left() { # whether a folder has nothing but what a person puts there, as after a removal
    [ -d "$1" ] &&
        [ -z "$(find "$1/" -mindepth 1 -maxdepth 1 ! -name bascule-data ! -name portable ! -name managed.json)" ]
}

forget_login() { # the entry that starts this program at login: it would start nothing, and say it does
    entry=${XDG_CONFIG_HOME:-${HOME:-/root}/.config}/autostart/bascule.desktop
    [ -f "$entry" ] || return 0
    started=$(sed -n 's/^Exec=//p' "$entry")
    for each in "$program" "$(readlink -f "$program")" "$bin"; do
        each=$(printf '%s' "$each/bascule-desktop" | sed 's/%/%%/g; s/["`$\\]/\\&/g; s/\\/\\\\/g')
        case " $started " in *" $each "* | *" \"$each\" "*) rm -f "$entry" ;; esac
    done
}

forget_unit() { # what `systemctl --user enable` has made: it leads nowhere now
    folder=${XDG_CONFIG_HOME:-${HOME:-/root}/.config}/systemd/user
    [ "$(id -u)" != 0 ] || folder=/etc/systemd/user # of --global
    for each in "$folder"/*.wants/bascule-engine.service; do
        [ -e "$each" ] || [ ! -L "$each" ] || rm -f "$each" || :
    done
}

uninstall() {
    verb="taken away" verb_fr=retiré
    if [ ! -f "$program/links" ] && [ ! -f "$old/links" ]; then
        words "Bascule is not installed in $program: there is nothing to take away." \
            "Bascule n’est pas installé dans ${program} : il n’y a rien à retirer." >&2
        exit 1
    fi
    [ -w "$here" ] || refuse_rights "$here"
    recover || refuse_taken "$new"
    real=$(readlink -f "$program")
    end_all "$real" "$(readlink -f "$here")/${old##*/}" # a window of the version before an upgrade goes on there
    each_link "$program/links" take_away
    forget_login
    forget_unit
    left=$(processes_of "$real/bascule" | sed 's/:.*//' | tr '\n' ' ')
    stays=$(others_names "$program")
    clear_away "$program" || :
    refresh
    tell "Bascule is gone; your profiles are still there." "Bascule a été retiré ; vos profils sont toujours là."
    [ -z "$stays" ] || words "What was not installed with it stays in $program:
$stays" "Ce qui n’a pas été installé avec lui reste dans ${program} :
$stays"
    [ -z "$left" ] || words "What still runs of it does not end: process $left" \
        "Ce qui en tourne encore ne se termine pas : processus $left" >&2
}

explain() { # why the new program does not start, from what was said of it; then what to do
    lacks=$(printf '%s\n' "$said" | sed -nE 's/.*(GLIBC_[0-9.]+).* not found.*/\1/p' | sort -Vu | tail -n 1)
    library=$(printf '%s\n' "$said" | sed -nE 's/.* ([^ ]+\.so[^ ]*): cannot open shared object file.*/\1/p' | head -n 1)
    [ -n "$library" ] || library=$(missing program)
    if [ "$(uname -m)" != "$machine" ]; then
        refuse "it is made for processors of the kind $machine, and this computer's is $(uname -m)." "Look for a package for $(uname -m), or build one from the source." \
            "il est fait pour les processeurs de type $machine, et celui de cet ordinateur est $(uname -m)." "Cherchez un paquet pour $(uname -m), ou construisez-en un depuis les sources."
    elif [ -n "$lacks" ]; then
        refuse "it needs the C library ${lacks#GLIBC_} (glibc) or newer, and this system has an older one." "Install it on a newer version of this system, or build it here from the source." \
            "il lui faut la bibliothèque C ${lacks#GLIBC_} (glibc) ou une plus récente, et celle de ce système est plus ancienne." "Installez-le sur une version plus récente de ce système, ou construisez-le ici depuis les sources."
    elif [ -n "$library" ]; then
        refuse "it cannot start without libraries that are not on this computer: $(echo $library)." "$(advise "$library" en)" \
            "il ne peut pas démarrer sans des bibliothèques absentes de cet ordinateur : $(echo $library)." "$(advise "$library" fr)"
    elif [ "$status" = 127 ] && [ ! -e "/lib64/ld-linux-x86-64.so.2" ]; then
        refuse "it needs the C library glibc, and this system has another one (musl?)." "Install it on a system with glibc, or build it here from the source." \
            "il lui faut la bibliothèque C glibc, et ce système en a une autre (musl ?)." "Installez-le sur un système avec glibc, ou construisez-le ici depuis les sources."
    fi
    said=$(printf '%s\n' "$said" | sed '/^ *$/d' | tail -n 1)
    refuse "its program does not start here (status $status): $said" "Have that mended, and try again." \
        "son programme ne démarre pas ici (code $status) : $said" "Faites-y remédier, puis réessayez."
}

missing() { # the libraries that are not on this computer: of the program, or of the window alone
    command -v ldd >/dev/null || return 0
    chosen=-v
    [ "$1" != window ] || chosen=-e
    # Qt's folders are the window's, and so are these beside Python's.
    find "$new/bascule" "$new/_internal" -type f \( -name '*.so' -o -name '*.so.*' -o -name bascule \) |
        { grep $chosen '/PySide6/\|/shiboken6/\|/libx[ck]b[^/]*$' || :; } | tr '\n' '\0' |
        LD_LIBRARY_PATH="$new/_internal" xargs -0 -r ldd 2>/dev/null |
        sed -nE 's/^[[:space:]]*([^ ]+) => not found.*/\1/p' | sort -u
}

advise() { # how to install libraries, as far as it is known here; the language
    found='' capabilities=''
    for each in $1; do
        capabilities="$capabilities '$each()(64bit)'"
        for package in $packages; do [ "${package%%=*}" != "$each" ] || found="$found ${package#*=}"; done
    done
    found=$(printf '%s\n' $found | sort -u | tr '\n' ' ')
    line=''
    if command -v apt-get >/dev/null && [ -n "$found" ]; then
        line="sudo apt-get install ${found% }"
    elif command -v dnf >/dev/null; then
        line="sudo dnf install$capabilities"
    elif command -v zypper >/dev/null; then
        line="sudo zypper install$capabilities"
    fi
    language=$2 words "Install them${line:+: $line}" "Installez-les${line:+ : $line}"
}

prove() { # that the new program starts here, before it takes the place of one that does
    status=0
    said=$(cd / && PYINSTALLER_RESET_ENVIRONMENT=1 timeout 20 "$new/bascule" --version 2>&1 </dev/null) || status=$?
    [ "$status" = 0 ] && [ -z "$(missing program)" ] || explain
    windowless=$(missing window)
}

prepare() { # everything of the new version, in its folder beside the old one
    mkdir -p "$here" 2>/dev/null && [ -w "$here" ] || refuse_rights "$here"
    recover || refuse_taken "$new"
    [ ! -e "$program" ] || [ -f "$program/links" ] || is_left "$program" || refuse_taken "$program"
    # Before the percentage: in the name of the device, which comes first, there may be blanks.
    free_mib=$(df -Pk "$here" | sed -nE '$s/.* ([0-9]+) +([0-9]+%|-) .*/\1/p')
    free_mib=$((${free_mib:-999999999} / 1024)) # where nobody knows, unpacking will show
    [ "$free_mib" -ge "$needed_mib" ] ||
        refuse "it needs $needed_mib MiB in $here, and $free_mib MiB are free." "Make room on that disk, and try again." \
            "il faut $needed_mib Mio dans $here, et $free_mib Mio sont libres." "Faites de la place sur ce disque, puis réessayez."
    trap '[ ! -d "$new" ] || clear_away "$new" || :; rm -f "$new.links"' EXIT
    trap 'exit 130' INT TERM HUP
    mkdir "$new" && tail -n "+$archive_line" "$0" | xz -dc | tar -xf - -C "$new" --no-same-owner ||
        refuse_room "it could not be unpacked" "il n’a pas pu être décompressé"
    # As text of sed's, whatever is in the name of a home folder.
    place=$(printf '%s' "$program" | sed 's/[\\&|]/\\&/g')
    sed -i "s|^Exec=bascule-desktop|Exec=\"$place/bascule-desktop\"|; s|^TryExec=.*|TryExec=$place/bascule-desktop|" \
        "$new/share/applications/bascule.desktop" &&
        sed -i "s|^ExecStart=/usr/lib/bascule/bascule|ExecStart=\"$place/bascule\"|; s|/usr/lib/bascule|$place|" \
            "$new/share/systemd/user/bascule-engine.service" &&
        head -n "$((archive_line - 1))" "$0" >"$new/uninstall.sh" && chmod 755 "$new/uninstall.sh" &&
        list_links >"$new.links" && cp "$new.links" "$new/links" && echo "$version" >"$new/version" &&
        printf '%s\n' $names >"$new/names" ||
        refuse_room "its files could not be written" "ses fichiers n’ont pas pu être écrits"
    prove
    each_link "$new/links" make_room || refuse_rights "$(cat "$new/refused")"
    each_link "$new/links" is_free || refuse_taken "$(cat "$new/refused")"
    for name in $(! [ -d "$program" ] || others_names "$program" | grep -xF "$names" || :); do
        refuse_taken "$program/$name"
    done
}

put_back() { # what was, with what was carried
    if [ -d "$old" ]; then
        for folder in "$new" "$program"; do
            [ ! -d "$folder" ] || carry "$folder" "$old" || :
        done
        [ ! -d "$program" ] || clear_away "$program" || :
        [ -e "$program" ] || mv "$old" "$program" || :
    elif [ ! -d "$new" ]; then
        clear_away "$program" || :
    fi
    each_link "$new.links" take_away_if_dangling
    refuse "it could not be put in its place (see above)." "Make room on the disk, and try again." \
        "il n’a pas pu être mis à sa place (voir ci-dessus)." "Faites de la place sur le disque, puis réessayez."
}

replace() {
    trap '' INT TERM HUP # it takes a moment, and half of it would be no program at all
    [ ! -d "$program" ] || { mv "$program" "$old" && carry "$old" "$new"; } || put_back
    mv "$new" "$program" && each_link "$new.links" make_link || put_back
    if [ -d "$old" ]; then
        [ ! -f "$old/links" ] || each_link "$old/links" take_away_if_dangling
        renew_engines "$(readlink -f "$old")/bascule" "$program/bascule"
        clear_away "$old" || :
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
    command -v "$tool" >/dev/null ||
        refuse "the program $tool is not on this computer." "Install it with your package manager, and try again." \
            "le programme $tool n’est pas sur cet ordinateur." "Installez-le avec votre gestionnaire de paquets, puis réessayez."
done
whole || refuse "this file is damaged, or a part of it is missing." "Download it again." \
    "ce fichier est abîmé, ou il en manque une partie." "Téléchargez-le de nouveau."
if [ "${1:-}" = --check ]; then
    words "This file is whole: Bascule $version." "Ce fichier est entier : Bascule $version."
    exit
fi
held=$(cat "$program/version" 2>/dev/null || :)
if [ "${1:-}" != --downgrade ] && is_newer "$held" "$version"; then
    refuse "version $held is installed, and this is the older $version." "To go back all the same, add --downgrade." \
        "la version $held est installée, et celle-ci, $version, est plus ancienne." "Pour revenir en arrière malgré tout, ajoutez --downgrade."
fi
prepare
replace
window=$(typed "$bin/bascule-desktop") remover=$(typed "$program/uninstall.sh")
tell "Bascule $version is installed: look for it among your programs, or type $window
To take it away: $remover" "Bascule $version est installé : cherchez-le parmi vos programmes, ou tapez $window
Pour le retirer : $remover"
[ -z "$windowless" ] || tell "Its window cannot open yet; the command line and the engine work. These libraries are not on this computer: $(echo $windowless)
$(advise "$windowless" en)" "Sa fenêtre ne peut pas encore s’ouvrir ; la ligne de commande et le moteur fonctionnent. Ces bibliothèques ne sont pas sur cet ordinateur : $(echo $windowless)
$(advise "$windowless" fr)" >&2
exit
