"""The whole errand: a certificate, its files, and which file others are to trust."""

from __future__ import annotations

from pathlib import Path

from bascule.certificates.authority import open_authority
from bascule.certificates.make import look_at, make_certificate


def test_making_one_says_where_everything_is(tmp_path: Path):
    made = make_certificate(tmp_path, ["*.db.example", "10.0.0.7"], 30)
    assert Path(made.certificate).name == "any.db.example.pem"
    assert Path(made.key).name == "any.db.example.key"
    assert Path(made.authority) == open_authority(tmp_path).path
    assert made.facts.names == ("*.db.example", "10.0.0.7")
    assert (made.facts.key_matches, made.facts.self_signed) == (True, False)


def test_making_one_without_authority(tmp_path: Path):
    made = make_certificate(tmp_path, ["db.example"], own_authority=False)
    assert made.authority == made.certificate
    assert made.facts.self_signed
    assert not (tmp_path / "bascule-authority.pem").exists()


def test_later_it_is_known_which_file_others_are_to_trust(tmp_path: Path):
    made = make_certificate(tmp_path, ["db.example"])
    alone = make_certificate(tmp_path, ["db.example"], own_authority=False)
    facts = look_at(tmp_path, made.certificate, made.key)
    assert (facts.authority, facts.key_matches) == (made.authority, True)
    assert look_at(tmp_path, alone.certificate).authority == alone.certificate


def test_what_another_authority_signed_is_not_for_us_to_say(tmp_path: Path):
    made = make_certificate(tmp_path / "theirs", ["db.example"])
    assert look_at(tmp_path / "ours", made.certificate).authority == ""
    make_certificate(tmp_path / "ours", ["db.example"])  # its authority has the same name
    assert look_at(tmp_path / "ours", made.certificate).authority == ""
