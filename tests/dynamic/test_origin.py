"""The origin of a stack: two stacks of one name have two, and one stack keeps its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from atlan_pulumi.dynamic.program import _ownership_mark as _origin
from atlan_pulumi.dynamic.program._ownership_mark import origin_of

CLOUD = "https://api.pulumi.com"
SALT = "encryptionsalt: v1:AAAA"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    _origin._origin_of.cache_clear()
    yield
    _origin._origin_of.cache_clear()


class Place(NamedTuple):
    """A project on a machine."""

    folder: Path
    home: Path

    def project(self, text: str = "name: shop\n", name: str = "Pulumi.yaml") -> None:
        (self.folder / name).write_text(text)

    def config(self, text: str, name: str = "prod", folder: str = ".") -> None:
        (self.folder / folder).mkdir(exist_ok=True)
        (self.folder / folder / f"Pulumi.{name}.yaml").write_text(text)

    def login(self, text: str, folder: Path | None = None) -> None:
        where = folder or self.home / ".pulumi"
        where.mkdir(exist_ok=True)
        (where / "credentials.json").write_text(text)

    def origin(
        self, url: str | None = None, *, stack: str = "shop/prod", name: str = "prod", **more: str
    ) -> str:
        _origin._origin_of.cache_clear()  # as another run, which reads the files again
        environ = {"HOME": str(self.home), **({"PULUMI_BACKEND_URL": url} if url else {}), **more}
        return origin_of(stack, name, self.folder, environ)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path / "project", tmp_path / "home")
    made.folder.mkdir()
    made.home.mkdir()
    made.project()
    return made


def test_it_is_eight_hexadecimal_digits_and_stays(place: Place) -> None:
    first = place.origin()
    assert len(first) == 8
    assert set(first) <= set("0123456789abcdef")
    assert place.origin() == first
    assert place.origin(UNRELATED="x") == first


@pytest.mark.parametrize(
    "url",
    [
        "https://api.other.com",
        "https://api.pulumi.com:8443",
        "https://api.pulumi.com/path",
        "http://api.pulumi.com",
        "s3://bucket",
        "s3://bucket/prefix",
        "azblob://bucket",
        "postgres://db/state",
        "file://state",
        "file:///state",
        "file://~",
    ],
)
def test_another_backend_is_another_origin(place: Place, url: str) -> None:
    others = {
        place.origin(each) for each in ("https://api.pulumi.com", "s3://elsewhere", "file:///elsewhere")
    }
    assert len(others) == 3
    assert place.origin(url) not in others


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://api.pulumi.com", "https://api.pulumi.com/"),
        ("postgres://ann:secret@db/state", "postgres://bea:another@db/state"),
        ("s3://bucket?region=eu", "s3://bucket?region=us"),
        ("file://state", "file://./state"),
    ],
)
def test_the_same_backend_written_otherwise_is_the_same_origin(place: Place, one: str, other: str) -> None:
    assert place.origin(one) == place.origin(other)


def test_a_folder_below_the_home_is_where_the_home_is(place: Place) -> None:
    assert place.origin("file://~") == place.origin(f"file://{place.home}")
    assert place.origin("file://~/state") == place.origin(f"file://{place.home}/state")
    assert place.origin("file://~", HOME="/other") != place.origin("file://~")
    assert place.origin("file://state") == place.origin(f"file://{place.folder}/state")


def test_two_folders_of_one_name_on_two_machines_were_set_up_at_two_times(place: Place) -> None:
    url = f"file://{place.home}"
    before = place.origin(url)
    (place.home / ".pulumi").mkdir()
    meta = place.home / ".pulumi" / "meta.yaml"
    meta.write_text("version: 1")
    os.utime(meta, ns=(1, 1))
    first = place.origin(url)
    os.utime(meta, ns=(1, 2))
    assert len({before, first, place.origin(url)}) == 3


def test_the_backend_is_that_of_the_environment_the_project_the_login_or_the_cloud(place: Place) -> None:
    cloud, login, project, environ = (place.origin(url) for url in (CLOUD, "s3://l", "s3://p", "s3://e"))
    assert place.origin() == cloud
    place.login(json.dumps({"current": "s3://l"}))
    assert place.origin() == login
    place.project("name: shop\nbackend:\n  url: s3://p\n")
    assert place.origin() == project
    place.project("name: shop\nbackend:\n  url: 's3://p'\n")
    assert place.origin() == project
    place.project("name: shop\nbackend: {url: s3://p}  # flow style\n")
    assert place.origin() == project
    assert place.origin("s3://e") == environ


def test_the_login_is_that_of_pulumis_own_folder_where_it_has_one(place: Place, tmp_path: Path) -> None:
    place.login(json.dumps({"current": "s3://home"}))
    place.login(json.dumps({"current": "s3://own"}), tmp_path / "own")
    assert place.origin() == place.origin("s3://home")
    assert place.origin(PULUMI_HOME=str(tmp_path / "own")) == place.origin("s3://own")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"current": 7}', '{"current": null}'])
def test_a_login_that_cannot_be_read_is_none(place: Place, text: str) -> None:
    place.login(text)
    assert place.origin() == place.origin(CLOUD)
    (place.home / ".pulumi" / "credentials.json").write_bytes(b"\xff")
    assert place.origin() == place.origin(CLOUD)


@pytest.mark.parametrize("line", [SALT, "encryptedkey: AAAA"])
def test_a_stack_that_was_made_again_has_another_key(place: Place, line: str) -> None:
    without = place.origin()
    place.config(f"{line}\nconfig:\n  a: 1\n")
    first = place.origin()
    assert first != without
    place.config(f"config:\n  a: 2\n  b: 3\n{line}\n")
    assert place.origin() == first
    place.config(line.replace("AAAA", "BBBB"))
    assert place.origin() not in (without, first)
    place.config("config:\n  a: 1\n")
    assert place.origin() == without


def test_the_key_is_that_of_the_stack(place: Place) -> None:
    without = place.origin()
    place.config(SALT, "other")
    assert place.origin() == without
    place.config(SALT, "team-prod")
    assert place.origin(name="team/prod") != without


def test_the_configuration_is_where_the_project_says(place: Place) -> None:
    place.project("name: shop\nstackConfigDir: 'stacks'\n")
    without = place.origin()
    place.config(SALT)
    assert place.origin() == without
    place.config(SALT, folder="stacks")
    assert place.origin() != without


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.yml"])
def test_the_project_is_found_above_the_program(place: Place, name: str) -> None:
    (place.folder / "Pulumi.yaml").unlink()
    place.config(SALT)
    below = place.folder / "src" / "deep"
    below.mkdir(parents=True)
    inside = Place(below, place.home)
    without = inside.origin()
    place.project(name=name)
    assert inside.origin() == place.origin() != without
    inside.project()  # the nearest counts
    assert inside.origin() == without


def test_another_stack_has_another_origin(place: Place) -> None:
    assert place.origin() != place.origin(stack="team/shop/prod")


@pytest.mark.parametrize(
    ("organization", "name"),
    [("organization", "shop/prod"), ("", "shop/prod"), ("team", "team/shop/prod")],
)
def test_a_stack_is_named_with_its_project_and_organization(
    monkeypatch: pytest.MonkeyPatch, organization: str, name: str
) -> None:
    monkeypatch.setattr("pulumi.get_organization", lambda: organization)
    monkeypatch.setattr("pulumi.get_project", lambda: "shop")
    monkeypatch.setattr("pulumi.get_stack", lambda: "prod")
    assert _origin.this_stack() == name
