"""Commands in containers."""

from __future__ import annotations

import pytest

from bascule.spec.foreign.docker import container_words, is_socat_image, published, read_list
from bascule.spec.foreign.posix import split_words
from bascule.spec.foreign.words import whole


@pytest.mark.parametrize(
    "text",
    [
        "docker run alpine/socat - TCP:a:1",
        "docker run -d --rm --name x -e A=b --network=host alpine/socat:1.8 - TCP:a:1",
        "docker exec -it box socat - TCP:a:1",
        "podman run --entrypoint=/usr/bin/socat debian - TCP:a:1",
        "docker container run --entrypoint socat debian - TCP:a:1",
    ],
)
def test_what_runs_inside(text: str) -> None:
    inside = container_words(split_words(whole(text)))
    assert [word.text.rpartition("/")[2] for word in inside.words] == ["socat", "-", "TCP:a:1"]
    assert inside.verdicts[0].matters


@pytest.mark.parametrize("text", ["docker ps", "docker run", "docker run -it debian bash"])
def test_other_containers_are_left_alone(text: str) -> None:
    assert container_words(split_words(whole(text))).words == []


def test_ports_that_lead_into_it() -> None:
    text = "docker run -p 8080:80 --publish=127.0.0.1:99:9/udp -p 7 alpine/socat - -"
    inside = container_words(split_words(whole(text)))
    assert inside.ports == {80: ("0.0.0.0", 8080), 9: ("127.0.0.1", 99)}
    assert "8080" in published("-p", "0.0.0.0", 8080).text


def test_images() -> None:
    assert is_socat_image("docker.io/alpine/socat:latest")
    assert not is_socat_image("nginx")


def test_a_list_of_words() -> None:
    text = 'CMD [ "a\\"b", "c\\u0041",\n "" ] x'
    read = read_list(whole(text), 4)
    assert read is not None
    words, end = read
    assert [word.text for word in words] == ['a"b', "cA", ""]
    assert text[end:] == " x"
    assert text[words[1].place(0)] == "c"


@pytest.mark.parametrize("text", ["[1]", '["a', '["a" b]', "[", '["a",'])
def test_what_is_no_list(text: str) -> None:
    assert read_list(whole(text)) is None
