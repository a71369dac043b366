"""The words of the paste dialog: every verdict has a mark and a word, every refusal a place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from bascule.errors import ErrorCode, SpecError
from bascule.spec.foreign.read import read_text
from bascule.spec.socat.names import OPTIONS
from bascule.spec.socat.refusals import Refusal
from bascule.spec.socat.sayings import saying
from bascule.spec.socat.unsupported import ignored
from bascule.spec.socat.verdicts import Said, Verdict, VerdictKind
from bascule_desktop.paste_words import judged, meaning, refused
from bascule_desktop.pasted import LONGEST_CHARACTERS, check_text
from bascule_desktop.resources import resource
from tests.helpers.corpus import read_corpus

KINDS = [value for name, value in vars(VerdictKind).items() if name.isupper()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_verdict_has_a_mark_and_a_word(kind: str) -> None:
    seen = judged(Verdict("fork", kind, "It is so."))
    assert seen.word
    assert resource(f"icons/{seen.icon}.svg").is_file()


def test_what_is_left_out_and_matters_is_marked_otherwise() -> None:
    plain = judged(Verdict("x", VerdictKind.IGNORED, "Left out."))
    warned = judged(Verdict("x", VerdictKind.IGNORED, "Left out.", warns=True))
    assert plain.word == warned.word
    assert plain[:2] != warned[:2]


def test_what_is_left_out_is_not_said_twice() -> None:
    verdict = read_text("socat TCP-LISTEN:7 EXEC:cat,nofork").found[0].verdicts[-1]
    assert verdict.text.startswith("Left out: ")
    assert meaning(verdict) == "Bascule has no process for each connection."


@pytest.fixture
def french(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load(str(resource("translations/bascule_fr.qm")))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.mark.usefixtures("french")
def test_a_verdict_is_said_in_the_language_of_the_window() -> None:
    text = "socat -T 5 TCP-LISTEN:7,max-children=3,fork=0,range=10.0.0.0/8 EXEC:cat,nofork"
    said = {each.token: meaning(each) for each in read_text(text).found[0].verdicts}
    assert said["-T 5"] == "Une connexion sans un octet pendant 5 s est terminée."
    assert said["fork=0"].startswith("Désactivé. Il sert")
    assert said["nofork"].endswith("pas de processus par connexion.")
    assert "10.0.0.0/8" in said["range=10.0.0.0/8"]


@pytest.mark.usefixtures("french")
def test_every_option_has_its_sentence_in_french() -> None:
    english: set[str] = set()
    for name in sorted({known.name for known in OPTIONS.values()}):
        for value in (None, "0", "7"):
            english |= {
                each.template
                for each in (*saying(name, value), *ignored(name, "TCP"))
                if QCoreApplication.translate("Verdicts", each.template) == each.template
            }
    assert english == set()


def templates(said: Said) -> Iterator[str]:
    """All that has to be found in another language to say it."""
    yield said.template
    for fact in said.facts:
        if isinstance(fact, Said):
            yield from templates(fact)


@pytest.mark.usefixtures("french")
def test_all_that_is_said_of_the_corpus_is_said_in_french() -> None:
    said: list[Said] = []
    for pasted in read_corpus():
        try:
            reading = read_text(pasted.text)
        except Refusal as refusal:
            said.append(refusal.said)
            continue
        found = reading.found
        said += [each.said for one in found if isinstance(each := one.problem, Refusal)]
        verdicts = [*reading.notes, *(each for one in found for each in one.verdicts)]
        said += [each for verdict in verdicts for each in verdict.said]
    known = {template for each in said for template in templates(each)} - {"{} {}"}
    assert len(known) > 100
    found = QCoreApplication.translate
    assert {each for each in known if found("Verdicts", each) == each} == set()


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nc -l 99999", "un port est un nombre de 1 à 65535, pas '99999'."),
        ("nc -lz 80", "ne transporte rien ; utilisez le bouton Tester."),
        ("ssh -D 1080 gw", "il fait de ssh un proxy SOCKS, ce que Bascule n'est pas ; exécutez"),
        ("socat - TCP:h:80,ttl=x", "ttl ne peut pas être « x » : il faut un nombre de 0 à 255."),
        ("socat - TCP:h:80,frok", "« frok » n'est pas connu. Vouliez-vous dire fork ?"),
        ("socat TCP-LISTEN:$P -", "la valeur de $P n'est pas dans le texte : écrivez-la"),
        ("socat TCP-LISTEN:7 TCP:localhost:7", "Le relais se connecterait à lui-même."),
    ],
)
def test_a_refusal_is_said_in_the_language_of_the_window(text: str, said: str) -> None:
    (found,) = read_text(text).found
    assert found.problem is not None
    cause = refused(found.problem, text).cause.replace("\u00a0", " ").replace("\u2019", "'")
    assert cause.startswith("Ligne 1, caractère ")
    assert said in cause


@pytest.mark.usefixtures("french")
def test_what_is_left_out_is_not_said_twice_in_french() -> None:
    said = {each.token: meaning(each) for each in read_text("sudo nc -vl 80").found[0].verdicts}
    assert said["-v"] == "Ce qui se passe est dans le journal du relais."
    assert said["sudo"].startswith("Le relais s\u2019exécute sous votre nom. Un port inférieur")


def test_a_refusal_names_the_word_and_its_place() -> None:
    text = "socat TCP-LISTEN:7,fork   TCPP:host:80"
    (found,) = read_text(text).found
    assert found.problem is not None
    said = refused(found.problem, text)
    assert said.title == "“TCPP” cannot be read"
    assert said.cause.startswith("Line 1, character 27: ")
    assert said.cause.endswith("Did you mean TCP?")
    assert said.action


def test_a_text_without_a_command_is_refused_as_a_whole() -> None:
    with pytest.raises(SpecError) as caught:
        read_text("please call me back")
    said = refused(caught.value, "please call me back", whole=True)
    assert said.title == "This is not a command that Bascule can read"
    assert said.cause.endswith(".")


def test_a_long_word_is_cut_in_the_title() -> None:
    problem = SpecError("no", code=ErrorCode.VALUE_INVALID, token="x" * 500, position=0)
    assert len(refused(problem, "x" * 500).title) < 80


def test_a_text_that_is_too_long_says_how_long_one_may_be() -> None:
    with pytest.raises(SpecError) as caught:
        check_text("x" * (LONGEST_CHARACTERS + 1))
    assert "64000" in refused(caught.value, "").cause
