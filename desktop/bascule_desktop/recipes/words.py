"""Owns the words around recipes that are not a recipe's own: headings, and names of systems."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule_desktop.recipes.recipe import Group, System

translate = QCoreApplication.translate


def group_label(group: Group) -> str:
    """The heading under which a recipe stands."""
    return {
        Group.NETWORK: translate("Recipes", "Ports and networks"),
        Group.ENCRYPTION: translate("Recipes", "Encryption and certificates"),
        Group.PROXY: translate("Recipes", "Through a proxy or another computer"),
        Group.SERIAL: translate("Recipes", "Serial devices"),
        Group.FILES: translate("Recipes", "Files and logs"),
        Group.DIAGNOSIS: translate("Recipes", "Trying out and finding faults"),
    }[group]


def system_label(system: System) -> str:
    """The name of a system."""
    return {System.LINUX: "Linux", System.MACOS: "macOS", System.WINDOWS: "Windows"}[system]


def systems_text(systems: tuple[System, ...], here: System) -> str:
    """Why a recipe does not work on this computer; empty where it does."""
    if here in systems:
        return ""
    said = translate("Recipes", "It works on {systems} only, and this computer runs {here}.")
    names = [system_label(system) for system in systems]
    return said.format(systems=", ".join(names), here=system_label(here))
