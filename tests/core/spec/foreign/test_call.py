"""What is said about a command of a text."""

from __future__ import annotations

from bascule.spec.foreign.call import Call, emulated, left_out, native
from bascule.spec.socat.verdicts import VerdictKind


def test_more_can_be_said() -> None:
    call = Call("socat", (), 0, 5, verdicts=(native("a", "It is done."),))
    more = call.saying(left_out("b", "nothing needs it.", warns=True), emulated("c", "Else."))
    assert [each.token for each in more.verdicts] == ["a", "b", "c"]
    assert [each.kind for each in more.verdicts] == [
        VerdictKind.NATIVE,
        VerdictKind.IGNORED,
        VerdictKind.EMULATED,
    ]
    assert more.verdicts[1].text == "Left out: nothing needs it."
    assert more.verdicts[1].matters
