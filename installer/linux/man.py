"""Owns the manual pages, written from the commands' own help so that they cannot say otherwise."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bascule.cli.command import make_parser
from installer.facts import BUILT, NAME, SUMMARY, TITLE, VERSION

_FILES = {
    "~/.config/bascule": "profiles, one file each, and settings",
    "~/.local/state/bascule/logs": "logs",
}


def pages() -> dict[str, str]:
    """Each page's text (man(7)), by its file name."""
    command, window = make_parser(), _window()
    return {
        f"{NAME}.1": "".join(_page(command, NAME, f"{NAME}-desktop")),
        f"{NAME}-desktop.1": "".join(_page(window, f"{NAME}-desktop", NAME)),
    }


def _window() -> argparse.ArgumentParser:
    from bascule_desktop.__main__ import make_parser as make_window_parser

    return make_window_parser()


def _page(parser: argparse.ArgumentParser, name: str, other: str) -> Iterator[str]:
    yield f'.TH {name.upper()} 1 "{BUILT:%Y-%m-%d}" "{TITLE} {VERSION}"\n'
    yield f".SH NAME\n{_text(name)} \\- {_text(SUMMARY[0].lower() + SUMMARY[1:])}\n"
    yield f".SH SYNOPSIS\n.B {_text(name)}\n{_text(_usage(parser))}\n"
    yield f".SH DESCRIPTION\n{_text(parser.description or '')}\n"
    plain, commands = _apart(parser)
    yield ".SH OPTIONS\n"
    for action in plain:
        yield from _action(action)
    if commands is not None:
        yield ".SH COMMANDS\n"
        helps = {choice.dest: choice.help or "" for choice in commands._choices_actions}
        for word, sub in commands.choices.items():
            yield f".SS {_text(f'{name} {word} {_usage(sub)}'.rstrip())}\n{_text(helps[word])}\n"
            for action in _apart(sub)[0]:
                if not isinstance(action, argparse._HelpAction):
                    yield from _action(action)
    if parser.epilog:
        yield f".SH EXIT STATUS\n{_text(parser.epilog.removeprefix('Exit codes: '))}\n"
    yield ".SH FILES\n"
    for file, what in _FILES.items():
        yield f".TP\n.I {_text(file)}\n{_text(what)}\n"
    yield f".SH SEE ALSO\n.BR {_text(other)} (1),\n.BR socat (1)\n"


def _apart(
    parser: argparse.ArgumentParser,
) -> tuple[list[argparse.Action], argparse._SubParsersAction[argparse.ArgumentParser] | None]:
    """The options and words of a parser, and its commands, if it has any."""
    plain = [each for each in parser._actions if not isinstance(each, argparse._SubParsersAction)]
    commands = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    return plain, commands[0] if commands else None


def _usage(parser: argparse.ArgumentParser) -> str:
    return " ".join(parser.format_usage().removeprefix("usage: ").split()).removeprefix(parser.prog)


def _action(action: argparse.Action) -> Iterator[str]:
    formatter = argparse.HelpFormatter("")
    value = formatter._format_args(action, formatter._get_default_metavar_for_optional(action))
    if action.option_strings:
        names = ", ".join(action.option_strings) + (f" {value}" if value else "")
    else:
        names = str(action.metavar or action.dest)
    said = formatter._expand_help(action) if action.help else ""
    yield f".TP\n.B {_text(names)}\n{_text(said)}\n"


def _text(words: str) -> str:
    """Escape for roff: no request by accident, and hyphens that can be copied."""
    escaped = words.strip().replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(
        "\\&" + line if line.startswith((".", "'")) else line for line in escaped.splitlines()
    )
