"""Owns what is left out of the built program: parts of Qt that Bascule never loads, and libraries
that belong to the system it runs on.
"""

from __future__ import annotations

import re

_QT_PLUGINS = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg"},
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platformthemes": {"qxdgdesktopportal"},
    "styles": {"qmodernwindowsstyle", "qmacstyle"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-shell-integration": {"xdg-shell", "qt-shell"},
    "wayland-graphics-integration-client": {"qt-plugin-wayland-egl", "shm-emulation-server"},
    "xcbglintegrations": set(),
}
"""The plugins that stay, by folder; a folder that is not here goes as a whole.

The window is drawn by Qt's raster engine, its pictures are SVG, and Qt's own TLS is not used: the
engine has all connections.
"""

_LANGUAGES = ("en", "fr")

_OPENGL = re.compile(r"(^|/)opengl32sw\.dll$")
"""A renderer of OpenGL in software, of 20 MB, for Windows without one: nothing here draws by it."""

_OF_DEVELOPERS = re.compile(r"^resources/.*\.(py|pyc|ts)$")
"""What the translations are made of; the program reads what was made (``.qm``)."""

# Every Linux desktop has these, and they have to fit its display server, its fonts and settings: a
# copy of another system's does more harm than good. The packages depend on them instead.
_OF_THE_SYSTEM = re.compile(
    r"""(^|/)lib(
        X11|X11-xcb|Xau|Xdmcp|Xext|Xfixes|Xi|Xrandr|Xrender|Xcursor|Xcomposite|Xdamage|Xinerama
        |xcb|xcb-(glx|randr|render|shape|shm|sync|xfixes|xkb)
        |EGL|GL|GLX|GLdispatch|OpenGL|drm|gbm|wayland-(client|cursor|egl)
        |fontconfig|freetype|glib-2\.0|gthread-2\.0|gio-2\.0|gobject-2\.0|gmodule-2\.0
        |dbus-1|systemd|selinux|mount|blkid|cap|gcrypt|gpg-error
        |gssapi_krb5|krb5|krb5support|k5crypto|com_err|keyutils
        |stdc\+\+|gcc_s|z|expat|png16|brotlidec|brotlicommon
    )\.so(\.|$)""",
    re.VERBOSE,
)

_PLUGIN = re.compile(
    r"(?:^|/)plugins/(?P<folder>[^/]+)/(?:lib)?(?P<name>[^/]+?)\.(?:so|dll|dylib)$"
)
_TRANSLATION = re.compile(r"(?:^|/)translations/(?P<name>qt\w*?)_(?P<language>\w+)\.qm$")


def is_needed(name: str) -> bool:
    """Whether a file that PyInstaller collected, by its path in the program, has to stay."""
    name = name.replace("\\", "/")
    if plugin := _PLUGIN.search(name):
        return plugin["name"] in _QT_PLUGINS.get(plugin["folder"], ())
    if words := _TRANSLATION.search(name):
        return words["name"] == "qtbase" and words["language"] in _LANGUAGES
    unwanted = (_OPENGL, _OF_DEVELOPERS, _OF_THE_SYSTEM)
    return all(each.search(name) is None for each in unwanted)
