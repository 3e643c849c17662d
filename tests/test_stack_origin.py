"""The origin of a stack: unique for stacks with the same name, and stable for one stack."""

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
def empty_cache() -> Iterator[None]:
    stack_origin._origin_of.cache_clear()
    yield
    stack_origin._origin_of.cache_clear()


class Machine(NamedTuple):
    """A project and a home folder on a machine."""

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
        stack_origin._origin_of.cache_clear()  # like another run, which reads the files again
        environ = {"HOME": str(self.home), **({"PULUMI_BACKEND_URL": url} if url else {}), **more}
        return origin_of(stack, name, self.folder, environ)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "project", tmp_path / "home")
    made.folder.mkdir()
    made.home.mkdir()
    made.project()
    return made


def test_an_origin_is_eight_stable_hexadecimal_digits(machine: Machine) -> None:
    first = machine.origin()
    assert len(first) == 8
    assert set(first) <= set("0123456789abcdef")
    assert machine.origin() == first
    assert machine.origin(UNRELATED="x") == first


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
def test_backends_have_different_origins(machine: Machine, url: str) -> None:
    others = {
        machine.origin(each) for each in ("https://api.pulumi.com", "s3://elsewhere", "file:///elsewhere")
    }
    assert len(others) == 3
    assert machine.origin(url) not in others


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://api.pulumi.com", "https://api.pulumi.com/"),
        ("postgres://ann:secret@db/state", "postgres://bea:another@db/state"),
        ("s3://bucket?region=eu", "s3://bucket?region=us"),
        ("file://state", "file://./state"),
    ],
)
def test_equivalent_backend_urls_have_the_same_origin(machine: Machine, one: str, other: str) -> None:
    assert machine.origin(one) == machine.origin(other)


def test_a_backend_folder_is_relative_to_home_or_project(machine: Machine) -> None:
    assert machine.origin("file://~") == machine.origin(f"file://{machine.home}")
    assert machine.origin("file://~/state") == machine.origin(f"file://{machine.home}/state")
    assert machine.origin("file://~", HOME="/other") != machine.origin("file://~")
    assert machine.origin("file://state") == machine.origin(f"file://{machine.folder}/state")


def test_the_setup_time_of_a_backend_folder_counts(machine: Machine) -> None:
    url = f"file://{machine.home}"
    before = machine.origin(url)
    (machine.home / ".pulumi").mkdir()
    meta = machine.home / ".pulumi" / "meta.yaml"
    meta.write_text("version: 1")
    os.utime(meta, ns=(1, 1))
    first = machine.origin(url)
    os.utime(meta, ns=(1, 2))
    assert len({before, first, machine.origin(url)}) == 3


def test_the_backend_comes_from_environment_project_login_or_cloud(machine: Machine) -> None:
    cloud, login, project, environ = (machine.origin(url) for url in (CLOUD, "s3://l", "s3://p", "s3://e"))
    assert machine.origin() == cloud
    machine.login(json.dumps({"current": "s3://l"}))
    assert machine.origin() == login
    machine.project("name: shop\nbackend:\n  url: s3://p\n")
    assert machine.origin() == project
    machine.project("name: shop\nbackend:\n  url: 's3://p'\n")
    assert machine.origin() == project
    machine.project("name: shop\nbackend: {url: s3://p}  # flow style\n")
    assert machine.origin() == project
    assert machine.origin("s3://e") == environ


def test_the_login_is_read_from_pulumi_home(machine: Machine, tmp_path: Path) -> None:
    machine.login(json.dumps({"current": "s3://home"}))
    machine.login(json.dumps({"current": "s3://own"}), tmp_path / "own")
    assert machine.origin() == machine.origin("s3://home")
    assert machine.origin(PULUMI_HOME=str(tmp_path / "own")) == machine.origin("s3://own")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"current": 7}', '{"current": null}'])
def test_an_unreadable_login_is_ignored(machine: Machine, text: str) -> None:
    machine.login(text)
    assert machine.origin() == machine.origin(CLOUD)
    (machine.home / ".pulumi" / "credentials.json").write_bytes(b"\xff")
    assert machine.origin() == machine.origin(CLOUD)


@pytest.mark.parametrize("line", [SALT, "encryptedkey: AAAA"])
def test_a_stack_that_was_created_again_has_another_origin(machine: Machine, line: str) -> None:
    without = machine.origin()
    machine.config(f"{line}\nconfig:\n  a: 1\n")
    first = machine.origin()
    assert first != without
    machine.config(f"config:\n  a: 2\n  b: 3\n{line}\n")
    assert machine.origin() == first
    machine.config(line.replace("AAAA", "BBBB"))
    assert machine.origin() not in (without, first)
    machine.config("config:\n  a: 1\n")
    assert machine.origin() == without


def test_only_the_stacks_own_key_counts(machine: Machine) -> None:
    without = machine.origin()
    machine.config(SALT, "other")
    assert machine.origin() == without
    machine.config(SALT, "team-prod")
    assert machine.origin(name="team/prod") != without


def test_the_stack_configuration_folder_of_the_project_is_used(machine: Machine) -> None:
    machine.project("name: shop\nstackConfigDir: 'stacks'\n")
    without = machine.origin()
    machine.config(SALT)
    assert machine.origin() == without
    machine.config(SALT, folder="stacks")
    assert machine.origin() != without


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.yml"])
def test_the_project_file_may_be_in_a_parent_folder(machine: Machine, name: str) -> None:
    (machine.folder / "Pulumi.yaml").unlink()
    machine.config(SALT)
    below = machine.folder / "src" / "deep"
    below.mkdir(parents=True)
    inside = Machine(below, machine.home)
    without = inside.origin()
    machine.project(name=name)
    assert inside.origin() == machine.origin() != without
    inside.project()  # the nearest one counts
    assert inside.origin() == without


def test_without_a_project_file_there_is_no_project_name(tmp_path: Path) -> None:
    bare = Machine(tmp_path, tmp_path)
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
def test_invalid_project_settings_do_not_count(machine: Machine, text: str) -> None:
    machine.project(text)
    assert machine.origin() == machine.origin(CLOUD)
    assert (project_name(machine.folder), program_folder(machine.folder)) == (None, machine.folder)


def test_a_project_file_in_another_encoding_is_ignored(machine: Machine) -> None:
    (machine.folder / "Pulumi.yaml").write_bytes(b"name: sh\xf6p\n")
    assert project_name(machine.folder) is None
    assert machine.origin() == machine.origin(CLOUD)


def test_without_home_a_backend_below_it_is_another_folder(machine: Machine) -> None:
    found = {machine.origin("file://~/state", HOME=home) for home in ("", "/home/ann")}
    assert len({*found, machine.origin("file://state"), machine.origin("file:///state")}) == 4


def test_stacks_have_different_origins(machine: Machine) -> None:
    assert machine.origin() != machine.origin(stack="team/shop/prod")


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
def test_parameters_that_locate_the_backend_count(machine: Machine, one: str, other: str) -> None:
    assert machine.origin(one) != machine.origin(other)


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
def test_other_parameters_do_not_count(machine: Machine, one: str, other: str) -> None:
    assert machine.origin(one) == machine.origin(other)


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
def test_environment_variables_replace_missing_parameters(
    machine: Machine, url: str, given: str, variable: str, value: str
) -> None:
    plain, named, other = (machine.origin(each) for each in (url, f"{url}?{given}", f"{url}?{given}2"))
    assert len({plain, named, other}) == 3
    assert machine.origin(url, **{variable: value}) == named
    assert machine.origin(f"{url}?{given}2", **{variable: value}) == other
    assert machine.origin(**{variable: value}) == machine.origin()  # Pulumi Cloud has no such parameter


def test_the_key_in_a_connection_string_does_not_count(machine: Machine) -> None:
    one, other = (
        {"AZURE_STORAGE_CONNECTION_STRING": f"AccountName=one;AccountKey={key}"} for key in ("a", "b")
    )
    assert machine.origin("azblob://c", **one) == machine.origin("azblob://c", **other)


def test_the_service_endpoint_wins_over_the_general_one(machine: Machine) -> None:
    both = {"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": "http://s3"}
    assert machine.origin("s3://state", **both) == machine.origin("s3://state?endpoint=s3")


def test_the_login_is_read_from_pulumi_credentials_path(machine: Machine, tmp_path: Path) -> None:
    machine.login(json.dumps({"current": "s3://home"}))
    for name in ("own", "credentials"):
        machine.login(json.dumps({"current": f"s3://{name}"}), tmp_path / name)
    both = {"PULUMI_HOME": str(tmp_path / "own"), "PULUMI_CREDENTIALS_PATH": str(tmp_path / "credentials")}
    assert machine.origin(**both) == machine.origin("s3://credentials")
    assert machine.origin(PULUMI_CREDENTIALS_PATH=both["PULUMI_CREDENTIALS_PATH"]) == machine.origin(**both)
    assert machine.origin(PULUMI_CREDENTIALS_PATH="../credentials") == machine.origin(**both)


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
def test_the_salt_is_read_in_any_yaml_style(machine: Machine, text: str) -> None:
    machine.config(f"{SALT}\n")
    ordinary = machine.origin()
    machine.config(text)
    assert machine.origin() == ordinary


@pytest.mark.parametrize(
    "text", ["", "config:\n  encryptionsalt: v1:AAAA\n", "[", "- a\n", "encryptionsalt:\n"]
)
def test_other_content_is_not_a_salt(machine: Machine, text: str) -> None:
    without = machine.origin()
    machine.config(text)
    assert machine.origin() == without


#: Origins that earlier versions computed: an unchanged stack keeps its origin.
KEPT = {
    CLOUD: "5153abfa",
    "s3://bucket/prefix": "445dccb6",
    "postgres://ann:secret@db:5432/state": "9011e405",
    "file:///no/state": "efb0890a",
    "gs://bucket": "999bc098",
    "azblob://container": "1370e49b",
}


@pytest.mark.parametrize("url", KEPT)
def test_origins_of_earlier_versions_are_stable(machine: Machine, url: str) -> None:
    machine.config(f"secretsprovider: passphrase\n{SALT}\nconfig:\n  a: 1\n")
    assert machine.origin(url) == KEPT[url]


def test_the_configuration_file_has_the_suffix_of_the_project_file(machine: Machine) -> None:
    (machine.folder / "Pulumi.yaml").unlink()
    machine.project(name="Pulumi.yml")
    without = machine.origin()
    (machine.folder / "Pulumi.prod.yml").write_text(SALT)
    assert machine.origin() != without


@pytest.mark.parametrize("main", ["src", "src/lineage.py"])
def test_the_program_folder_is_the_folder_of_main(machine: Machine, main: str) -> None:
    assert program_folder(machine.folder) == machine.folder
    (machine.folder / "src").mkdir()
    (machine.folder / "src" / "lineage.py").touch()
    machine.project(f"name: shop\nmain: {main}\n")
    assert program_folder(machine.folder) == machine.folder / "src"


@pytest.mark.parametrize(
    ("organization", "name"),
    [("organization", "shop/prod"), ("", "shop/prod"), ("team", "team/shop/prod")],
)
def test_a_stack_name_includes_project_and_organization(
    monkeypatch: pytest.MonkeyPatch, organization: str, name: str
) -> None:
    monkeypatch.setattr("pulumi.get_organization", lambda: organization)
    monkeypatch.setattr("pulumi.get_project", lambda: "shop")
    monkeypatch.setattr("pulumi.get_stack", lambda: "prod")
    assert _ownership_mark.this_stack() == name
