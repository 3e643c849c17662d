"""The origin of a stack: two stacks of one name have two, and one stack keeps its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from atlan_pulumi import stack_origin
from atlan_pulumi.dynamic.program import _ownership_mark
from atlan_pulumi.stack_origin import origin_of, program_folder, project_name

CLOUD = "https://api.pulumi.com"
SALT = "encryptionsalt: v1:AAAA"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    stack_origin._origin_of.cache_clear()
    yield
    stack_origin._origin_of.cache_clear()


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
        stack_origin._origin_of.cache_clear()  # as another run, which reads the files again
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


def test_without_a_project_there_is_none_to_name(tmp_path: Path) -> None:
    bare = Place(tmp_path, tmp_path)
    bare.config(SALT)
    assert (project_name(tmp_path), program_folder(tmp_path)) == (None, tmp_path)
    without = bare.origin()
    bare.project()
    assert bare.origin() != without  # only a project has stacks with a salt
    assert project_name(tmp_path) == "shop"


@pytest.mark.parametrize(
    "text",
    ["", "[", "- a\n", "7", "name: 7\nmain: 7\n", "backend: 7", "backend: {url: 7}", "stackConfigDir: 7\n"],
)
def test_what_no_project_says_does_not_count(place: Place, text: str) -> None:
    place.project(text)
    assert place.origin() == place.origin(CLOUD)
    assert (project_name(place.folder), program_folder(place.folder)) == (None, place.folder)


def test_a_project_in_another_encoding_says_nothing(place: Place) -> None:
    (place.folder / "Pulumi.yaml").write_bytes(b"name: sh\xf6p\n")
    assert project_name(place.folder) is None
    assert place.origin() == place.origin(CLOUD)


def test_without_a_home_a_folder_below_it_is_no_folder_of_another_home(place: Place) -> None:
    found = {place.origin("file://~/state", HOME=home) for home in ("", "/home/ann")}
    assert len({*found, place.origin("file://state"), place.origin("file:///state")}) == 4


def test_another_stack_has_another_origin(place: Place) -> None:
    assert place.origin() != place.origin(stack="team/shop/prod")


APART = [
    ("s3://state?endpoint=minio-a", "s3://state?endpoint=minio-b"),
    ("s3://state?endpoint=minio:9000", "s3://state?endpoint=minio:9001"),
    ("s3://state?prefix=team-a/", "s3://state?prefix=team-b/"),
    ("s3://state?prefix=team-a/", "s3://state"),
    ("gs://state?prefix=team-a/", "gs://state?prefix=team-b/"),
    ("azblob://c?storage_account=one", "azblob://c?storage_account=two"),
    ("azblob://c?storage_account=one", "azblob://c?storage_account=one&domain=blob.core.usgovcloudapi.net"),
    ("postgres://db/state", "postgres://db/state?table=team_a"),
    ("file://~?prefix=team-a/", "file://~"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_a_parameter_that_says_where_the_backend_is_counts(place: Place, one: str, other: str) -> None:
    assert place.origin(one) != place.origin(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("s3://state", "s3://state?region=eu&profile=ann&awssdk=v2&s3ForcePathStyle=true&disableSSL=true"),
        ("s3://state", "s3://state?use_path_style=true&disable_https=true&kmskeyid=k&ssetype=AES256"),
        ("s3://state?endpoint=minio-a", "s3://state?region=eu&endpoint=minio-a&profile=ann"),
        ("s3://state?endpoint=minio-a", "s3://state?endpoint=https://ann:secret@MINIO-A/?token=x"),
        ("gs://state", "gs://state?access_id=ann&private_key_path=/key&anonymous=true"),
        ("azblob://c?storage_account=one", "azblob://c?storage_account=one&sv=2022&sig=secret&protocol=http"),
        ("azblob://c?storage_account=one", "azblob://c?storage_account=one&domain=blob.core.windows.net"),
        ("postgres://db/state", "postgres://db/state?sslmode=disable&password=secret"),
        ("postgres://db/state", "postgres://db/state?table=pulumi_state"),
        ("file://~", "file://~?metadata=skip&no_tmp_dir=true"),
    ],
)
def test_a_parameter_that_may_differ_between_two_runs_does_not_count(
    place: Place, one: str, other: str
) -> None:
    assert place.origin(one) == place.origin(other)


@pytest.mark.parametrize(
    ("url", "given", "variable", "value"),
    [
        ("s3://state", "endpoint=http://minio-a", "AWS_ENDPOINT_URL", "http://minio-a"),
        ("s3://state", "endpoint=http://minio-a", "AWS_ENDPOINT_URL_S3", "https://minio-a/"),
        ("gs://state", "endpoint=http://minio-a", "STORAGE_EMULATOR_HOST", "minio-a"),
        ("azblob://c", "storage_account=one", "AZURE_STORAGE_ACCOUNT", "one"),
        ("azblob://c", "domain=blob.here", "AZURE_STORAGE_DOMAIN", "blob.here"),
        (
            "azblob://c",
            "storage_account=one",
            "AZURE_STORAGE_CONNECTION_STRING",
            "Protocol=https;AccountName=one;AccountKey=secret",
        ),
    ],
)
def test_a_variable_stands_for_a_parameter_that_the_url_lacks(
    place: Place, url: str, given: str, variable: str, value: str
) -> None:
    plain, named, other = (place.origin(each) for each in (url, f"{url}?{given}", f"{url}?{given}2"))
    assert len({plain, named, other}) == 3
    assert place.origin(url, **{variable: value}) == named
    assert place.origin(f"{url}?{given}2", **{variable: value}) == other
    assert place.origin(**{variable: value}) == place.origin()  # Pulumi Cloud has no such place


def test_no_key_of_a_connection_string_counts(place: Place) -> None:
    one, other = (
        {"AZURE_STORAGE_CONNECTION_STRING": f"AccountName=one;AccountKey={key}"} for key in ("a", "b")
    )
    assert place.origin("azblob://c", **one) == place.origin("azblob://c", **other)


def test_the_endpoint_of_the_service_counts_before_that_of_all(place: Place) -> None:
    both = {"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": "http://s3"}
    assert place.origin("s3://state", **both) == place.origin("s3://state?endpoint=s3")


def test_the_login_may_have_a_folder_of_its_own(place: Place, tmp_path: Path) -> None:
    place.login(json.dumps({"current": "s3://home"}))
    for name in ("own", "credentials"):
        place.login(json.dumps({"current": f"s3://{name}"}), tmp_path / name)
    both = {"PULUMI_HOME": str(tmp_path / "own"), "PULUMI_CREDENTIALS_PATH": str(tmp_path / "credentials")}
    assert place.origin(**both) == place.origin("s3://credentials")
    assert place.origin(PULUMI_CREDENTIALS_PATH=both["PULUMI_CREDENTIALS_PATH"]) == place.origin(**both)
    assert place.origin(PULUMI_CREDENTIALS_PATH="../credentials") == place.origin(**both)


@pytest.mark.parametrize(
    "text",
    [
        '"encryptionsalt": v1:AAAA\n',
        "encryptionsalt : 'v1:AAAA'\n",
        "encryptionsalt:   v1:AAAA  # of this stack\nconfig:\n  shop:day: 2020-13-45\n",
        '{"encryptionsalt": "v1:AAAA", "config": {}}',
        "encryptionsalt: >-\n  v1:AAAA\n",
    ],
)
def test_the_salt_counts_however_it_is_written(place: Place, text: str) -> None:
    place.config(f"{SALT}\n")
    ordinary = place.origin()
    place.config(text)
    assert place.origin() == ordinary


@pytest.mark.parametrize(
    "text", ["", "config:\n  encryptionsalt: v1:AAAA\n", "[", "- a\n", "encryptionsalt:\n"]
)
def test_what_is_no_salt_does_not_count(place: Place, text: str) -> None:
    without = place.origin()
    place.config(text)
    assert place.origin() == without


#: What earlier versions gave: a stack that nothing has changed keeps its origin.
KEPT = {
    CLOUD: "5153abfa",
    "s3://bucket/prefix": "445dccb6",
    "postgres://ann:secret@db:5432/state": "9011e405",
    "file:///no/state": "efb0890a",
    "gs://bucket": "999bc098",
    "azblob://container": "1370e49b",
}


@pytest.mark.parametrize("url", KEPT)
def test_an_ordinary_stack_keeps_the_origin_of_earlier_versions(place: Place, url: str) -> None:
    place.config(f"secretsprovider: passphrase\n{SALT}\nconfig:\n  a: 1\n")
    assert place.origin(url) == KEPT[url]


def test_the_configuration_has_the_suffix_of_the_project(place: Place) -> None:
    (place.folder / "Pulumi.yaml").unlink()
    place.project(name="Pulumi.yml")
    without = place.origin()
    (place.folder / "Pulumi.prod.yml").write_text(SALT)
    assert place.origin() != without


@pytest.mark.parametrize("main", ["src", "src/lineage.py"])
def test_a_program_runs_in_the_folder_of_its_file(place: Place, main: str) -> None:
    assert program_folder(place.folder) == place.folder
    (place.folder / "src").mkdir()
    (place.folder / "src" / "lineage.py").touch()
    place.project(f"name: shop\nmain: {main}\n")
    assert program_folder(place.folder) == place.folder / "src"


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
    assert _ownership_mark.this_stack() == name
