"""What an export is made of."""

from __future__ import annotations

from bascule.errors import ErrorCode
from bascule.spec.export.exported import TO_DO, Loss, LossKind, refusal


def test_a_loss_is_gone_or_to_be_done():
    assert Loss(LossKind.PASSWORD, "Write it.").to_do
    assert not Loss(LossKind.ALLOW, "Gone.").to_do
    assert {kind for kind in LossKind if Loss(kind, "").to_do} == TO_DO


def test_a_refusal_says_which_program_and_why():
    error = refusal("stunnel", "one_tls", "it has TLS on one side", at="source.tls", kind="x")
    assert error.code is ErrorCode.NOT_EXPORTABLE
    assert error.message == "stunnel cannot do what this relay does: it has TLS on one side"
    assert error.field == "source.tls"
    assert error.facts["rule"] == "one_tls"
    assert error.facts["kind"] == "x"
    assert refusal("socat", "socat", "no").field is None
