"""The language host from the engine's side: its launcher and its gRPC calls."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tools.engine.install_host import install_host

# A stand-in for Pulumi's executor: records its call, then acts by the name of the program.
EXECUTOR = """
import json, os, signal, subprocess, sys
program = sys.argv[-1]
call = {"arguments": sys.argv[1:], "config": os.environ["PULUMI_CONFIG"],
        "secret": os.environ["PULUMI_CONFIG_SECRET_KEYS"], "directory": os.getcwd(), "python": sys.executable}
with open(os.environ["RECORD"], "w") as record:
    record.write(json.dumps(call) + "\\n")
if program.startswith("exit-"):
    sys.exit(int(program.removeprefix("exit-")))
if program == "crash":
    os.kill(os.getpid(), signal.SIGSEGV)
if program in ("wait", "stubborn"):
    if program == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    with open(os.environ["RUNNING"], "w") as running:
        running.write(f"{os.getpid()} {child.pid}")
    child.wait()
"""


class Host:
    """A host that is started as by the engine: by its launcher, in a new process group."""

    def __init__(self, root: Path, environment: dict[str, str], directory: Path) -> None:
        self.directory = directory
        self.process = subprocess.Popen(
            [root / "bin" / "pulumi-language-python", "-v=3", "--logtostderr", "127.0.0.1:1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=directory,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.channel = grpc.insecure_channel(f"127.0.0.1:{int(self.process.stdout.readline())}")
        self.calls = language_pb2_grpc.LanguageRuntimeStub(self.channel)

    def info(self, **options: str) -> language_pb2.ProgramInfo:
        given = struct_pb2.Struct()
        given.update(options)
        return language_pb2.ProgramInfo(
            root_directory=str(self.directory),
            program_directory=str(self.directory),
            entry_point=".",
            options=given,
        )

    def request(self, program: str, **options: str) -> language_pb2.RunRequest:
        info = self.info(**options)
        info.entry_point = program
        return language_pb2.RunRequest(
            project="sample",
            stack="dev",
            organization="organization",
            pwd=str(self.directory),
            config={"sample:key": "value"},
            configSecretKeys=["sample:key"],
            parallel=4,
            dryRun=True,
            monitor_address="127.0.0.1:2",
            info=info,
        )

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal to the group, as the engine does; return the exit code and stderr."""
        os.killpg(self.process.pid, number)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@pytest.fixture
def running(new_pipe):
    return new_pipe("running")


@pytest.fixture
def environment(tmp_path: Path, running) -> dict[str, str]:
    names = {"RECORD": str(tmp_path / "record"), "RUNNING": str(running.path)}
    return {**os.environ, **names, "PULUMI_PYTHON_CMD": sys.executable}


@pytest.fixture
def host(tmp_path: Path, environment: dict[str, str]) -> Iterator[Host]:
    root = tmp_path / "engine"
    (root / "bin").mkdir(parents=True)
    install_host(root)
    (root / "bin" / "pulumi-language-python-exec").write_text(EXECUTOR)
    directory = tmp_path / "program"
    directory.mkdir()
    started = Host(root, environment, directory)
    yield started
    started.channel.close()
    started.process.kill()
    started.process.wait()
    for stream in (started.process.stdin, started.process.stdout, started.process.stderr):
        stream.close()


def _recorded(environment: dict[str, str]) -> dict[str, object]:
    return json.loads(Path(environment["RECORD"]).read_text())


def _pids(running) -> list[int]:
    """Return the process IDs of the program and its child, once they run."""
    return [int(pid) for pid in running.read().split()]


def test_a_program_runs_with_the_arguments_of_the_executor(host, environment):
    answer = host.calls.Run(host.request("exit-0"))

    assert (answer.error, answer.bail) == ("", False)
    recorded = _recorded(environment)
    assert recorded["arguments"] == [
        *("--project", "sample", "--root_directory", str(host.directory), "--stack", "dev"),
        *("--organization", "organization", "--parallel", "4", "--dry_run", "true"),
        *("--pwd", str(host.directory), "--monitor", "127.0.0.1:2", "--engine", "127.0.0.1:1"),
        "exit-0",
    ]
    assert json.loads(recorded["config"]) == {"sample:key": "value"}
    assert json.loads(recorded["secret"]) == ["sample:key"]
    assert recorded["directory"] == str(host.directory)
    assert recorded["python"] == sys.executable


def test_exit_codes_become_errors(host):
    assert host.calls.Run(host.request("exit-3")).error == "the program exited with code 3"
    assert host.calls.Run(host.request("crash")).error == "the program was killed by SIGSEGV"


def test_an_error_that_the_executor_has_shown_is_not_repeated(host):
    answer = host.calls.Run(host.request("exit-32"))

    assert (answer.error, answer.bail) == ("", True)


def test_a_missing_virtual_environment_is_an_error_of_the_run(host):
    answer = host.calls.Run(host.request("exit-0", virtualenv="nowhere"))

    assert str(host.directory / "nowhere") in answer.error
    assert "run `pulumi install`" in answer.error


@pytest.mark.parametrize("program", ["wait", "stubborn"])
def test_cancel_ends_the_program_and_its_children(host, running, has_ended, program):
    call = host.calls.Run.future(host.request(program))
    pids = _pids(running)

    host.calls.Cancel(empty_pb2.Empty())

    answer = call.result(timeout=20)
    assert (answer.error, answer.bail) == ("", True)
    assert all(map(has_ended, pids))


def test_after_cancel_the_next_program_runs(host, running):
    call = host.calls.Run.future(host.request("wait"))
    _pids(running)
    host.calls.Cancel(empty_pb2.Empty())
    call.result(timeout=20)

    assert host.calls.Run(host.request("exit-0")).bail is False


def test_a_program_ends_when_the_engine_closes_the_call(host, running, has_ended):
    call = host.calls.Run.future(host.request("wait"))
    pids = _pids(running)

    call.cancel()

    host.calls.Run(host.request("exit-0"))
    code, errors = host.end(signal.SIGINT)
    assert (code, errors) == (0, "")
    assert all(map(has_ended, pids))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_host_program_and_children_silently(host, running, has_ended, number):
    call = host.calls.Run.future(host.request("wait"))
    pids = _pids(running)

    code, errors = host.end(number)

    assert (code, errors) == (0, "")
    assert all(map(has_ended, pids))
    assert call.done()


def test_the_host_ends_when_stdin_closes(host, running, has_ended):
    call = host.calls.Run.future(host.request("wait"))
    pids = _pids(running)

    host.process.stdin.close()

    assert host.process.wait(timeout=20) == 0
    assert all(map(has_ended, pids))
    assert call.exception(timeout=20) is not None or call.result().bail


def _plugin(host, code: str, **fields: object) -> language_pb2.RunPluginRequest:
    (host.directory / "__main__.py").write_text(code)
    environment = [f"{name}={value}" for name, value in os.environ.items()]
    return language_pb2.RunPluginRequest(
        pwd="/", args=["127.0.0.1:1"], env=[*environment, "GIVEN=a=b"], info=host.info(), **fields
    )


def test_a_plugin_streams_its_output_and_exit_code(host):
    code = (
        "import os, sys\n"
        "print(sys.argv[1:], os.getcwd(), os.environ['GIVEN'])\n"
        "print('oops', file=sys.stderr)\n"
        "sys.exit(5)\n"
    )

    answers = list(host.calls.RunPlugin(_plugin(host, code, kind="resource")))

    assert b"".join(answer.stdout for answer in answers) == b"['127.0.0.1:1'] / a=b\n"
    assert b"".join(answer.stderr for answer in answers) == b"oops\n"
    assert answers[-1].WhichOneof("output") == "exitcode"
    assert answers[-1].exitcode == 5


def test_a_policy_pack_runs_in_its_folder_through_the_sdk(host):
    code = "import os, sys\nprint(os.getcwd(), 'pulumi.runtime' in sys.modules)\n"

    answers = list(host.calls.RunPlugin(_plugin(host, code, kind="analyzer")))

    assert b"".join(answer.stdout for answer in answers) == f"{host.directory} True\n".encode()
    assert answers[-1].exitcode == 0


def test_a_plugin_ends_when_the_engine_closes_the_call(host, pipe):
    code = f"import signal\nheld = open({str(pipe.path)!r}, 'w')\nprint('running')\nsignal.pause()\n"
    call = host.calls.RunPlugin(_plugin(host, code, kind="resource"))
    assert next(call).stdout.startswith(b"running")

    call.cancel()

    assert pipe.read() == ""  # the plugin, the only writer, has ended


def test_a_plugin_with_a_missing_virtualenv_is_refused(host):
    request = _plugin(host, "", kind="analyzer")
    request.info.options.update({"virtualenv": "nowhere"})

    with pytest.raises(grpc.RpcError) as refused:
        list(host.calls.RunPlugin(request))

    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "nowhere" in refused.value.details()


def test_about_and_dependencies_describe_the_python_of_the_project(host):
    about = host.calls.About(language_pb2.AboutRequest(info=host.info()))
    answers = [
        host.calls.GetProgramDependencies(
            language_pb2.GetProgramDependenciesRequest(info=host.info(), transitiveDependencies=transitive)
        ).dependencies
        for transitive in (True, False)
    ]

    assert about.executable == sys.executable
    everything, direct = ({package.name for package in packages} for packages in answers)
    assert {"pulumi", "grpcio"} <= everything
    assert "grpcio" not in direct
    assert direct < everything


@pytest.mark.parametrize("call", ["About", "GetProgramDependencies"])
def test_about_with_a_missing_virtualenv_is_an_error(host, call):
    request = getattr(language_pb2, f"{call}Request")(info=host.info(virtualenv="nowhere"))

    with pytest.raises(grpc.RpcError) as refused:
        getattr(host.calls, call)(request)

    assert "does not exist" in refused.value.details()


def test_a_method_without_an_implementation_is_unimplemented(host):
    with pytest.raises(grpc.RpcError) as refused:
        host.calls.GenerateProgram(language_pb2.GenerateProgramRequest())

    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_the_first_calls_of_the_engine_are_answered(host):
    assert host.calls.GetPluginInfo(empty_pb2.Empty()).version.startswith("3.")
    handshake = language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:3")
    assert host.calls.Handshake(handshake) == language_pb2.LanguageHandshakeResponse()
    assert list(host.calls.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest()).packages) == []


def test_a_handshake_sets_the_address_of_the_engine(host, environment):
    host.calls.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:3"))
    host.calls.Run(host.request("exit-0"))

    arguments = _recorded(environment)["arguments"]
    assert arguments[arguments.index("--engine") + 1] == "127.0.0.1:3"
