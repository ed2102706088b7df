"""The commands that run and keep the program, each as the process that a person starts."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shouwen.config.embedded import Embedded

SHOUWEN = [sys.executable, "-m", "shouwen.cli"]


@contextmanager
def running(home: Path, port: int, *words: str) -> Iterator[subprocess.Popen[str]]:
    """`shouwen run`, until its pages answer; killed at the end if it is still there."""
    environment = {**os.environ, "SHOUWEN_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    with open(home / "output", "a") as output:
        program = subprocess.Popen(
            [*SHOUWEN, "run", "--no-demo", "--port", str(port), "--workers", "1", *words],
            env=environment, stdout=output, stderr=output, text=True, process_group=0,
        )  # fmt: skip
    try:
        wait_for(lambda: program.poll() is not None or healthy(port), 120)
        yield program
    finally:
        if program.poll() is None:
            program.kill()
        program.wait()


def wait_for(holds: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
            return bool(json.load(answer)["database"])
    except OSError:
        return False


def processes(home: Path) -> dict[int, str]:
    """All that were started for this home, by what stands in their environment or command."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()
            if (place / "environ").read_bytes().find(f"SHOUWEN_HOME={home}".encode()) >= 0 and command:
                found[int(place.name)] = command.replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
    return found


def call(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SHOUWEN_HOME": str(home), **more}
    return subprocess.run([*SHOUWEN, *words], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)


@pytest.fixture
def house() -> Iterator[Path]:
    """A folder that an ordinary account can reach: pytest's own are closed, and the database does not run as root."""
    with tempfile.TemporaryDirectory(prefix="shouwen-") as place:
        yield Path(place)


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_run_answers_and_stops_with_one_key_and_leaves_nothing_behind(house: Path, port: int):
    with running(house, port) as program:
        assert healthy(port)
        wait_for(lambda: f"http://127.0.0.1:{port}/" in (house / "output").read_text(), 20)

        program.send_signal(signal.SIGINT)

        assert program.wait(20) == 0
    output = (house / "output").read_text()
    assert processes(house) == {}
    assert "已停止" in output
    assert "shouwen account add" in output
    assert "Traceback" not in output
    assert "Warning" not in output


def test_a_second_start_finds_what_the_first_one_kept(house: Path, port: int):
    with running(house, port) as program:
        made = call(house, "account", "add", "li.na", "--administers")
        assert made.returncode == 0, made.stderr
        program.terminate()
        assert program.wait(20) == 0

    with running(house, port):
        listed = call(house, "account", "list")

    assert listed.stdout == "li.na\t—\t管理员\n"


def test_a_process_that_dies_is_started_again(house: Path, port: int):
    def pages() -> set[int]:
        return {number for number, command in processes(house).items() if "shouwen.cli serve" in command}

    with running(house, port) as program:
        before = pages()
        for number in before:
            os.kill(number, signal.SIGKILL)

        wait_for(lambda: pages() - before and healthy(port), 60)
        program.terminate()
        program.wait(20)

    assert "网页进程意外结束" in (house / "output").read_text()
    assert processes(house) == {}


def test_nothing_goes_on_when_the_supervisor_is_killed(house: Path, port: int):
    with running(house, port) as program:
        program.kill()
        program.wait()

        wait_for(lambda: not processes(house), 30)

    assert not healthy(port)


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        answer = call(tmp_path, "run", "--port", str(taken))

    assert answer.returncode == 1
    assert f"端口 {taken} 已被别的程序占用" in answer.stderr
    assert f"--port {taken + 1}" in answer.stderr
    assert not (tmp_path / "postgres").exists()


def test_pages_are_not_served_on_tables_of_another_version(fresh_database: dict[str, str], port: int):
    answer = subprocess.run(
        [*SHOUWEN, "serve", "--port", str(port)], env=fresh_database, capture_output=True, text=True
    )

    assert answer.returncode == 1
    assert "shouwen migrate" in answer.stderr


def test_a_database_that_does_not_answer_is_named(tmp_path: Path):
    answer = call(tmp_path, "migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert answer.returncode == 1
    assert "连不上数据库" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_doctor_looks_at_everything_and_says_what_to_do(fresh_database: dict[str, str]):
    home = Path(fresh_database["SHOUWEN_HOME"])
    before = call(home, "doctor", **fresh_database)
    call(home, "migrate", **fresh_database)
    call(home, "account", "add", "li.na", "--administers", **fresh_database)

    after = call(home, "doctor", **fresh_database)

    assert before.returncode == 1
    assert "→ 请运行 shouwen migrate" in before.stdout
    for what in ("Python", "磁盘", "文书 PDF", "节假日", "自带规程", "数据库", "数据表", "密钥", "单位记录", "账号"):
        assert re.search(f"^[✓✗] {what}：", after.stdout, re.MULTILINE), what
    assert "✓ 数据表" in after.stdout
    assert "✓ 账号：1 个，管理员 1 个" in after.stdout


def test_a_backup_brings_everything_back(fresh_database: dict[str, str], tmp_path: Path, postgres: Embedded):
    call(tmp_path, "migrate", **fresh_database)
    call(tmp_path, "account", "add", "li.na", **fresh_database)
    saved = call(tmp_path, "backup", str(tmp_path / "kept"), **fresh_database)
    assert saved.returncode == 0, saved.stderr
    [file] = (tmp_path / "kept").iterdir()
    call(tmp_path, "account", "add", "wang.wu", **fresh_database)

    refused = call(tmp_path, "restore", str(file), **fresh_database)
    restored = call(tmp_path, "restore", str(file), "--replace", **fresh_database)

    assert f"shouwen restore {file}" in saved.stdout
    assert file.stat().st_mode & 0o077 == 0
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert restored.returncode == 0, restored.stderr
    assert call(tmp_path, "account", "list", **fresh_database).stdout == "li.na\t—\n"


def test_a_broken_backup_changes_nothing(fresh_database: dict[str, str], tmp_path: Path):
    call(tmp_path, "migrate", **fresh_database)
    call(tmp_path, "account", "add", "li.na", **fresh_database)
    call(tmp_path, "backup", str(tmp_path / "kept"), **fresh_database)
    [file] = (tmp_path / "kept").iterdir()
    file.write_bytes(file.read_bytes()[:40_000])

    answer = call(tmp_path, "restore", str(file), "--replace", **fresh_database)

    assert answer.returncode == 1
    assert "数据库和原来一样" in answer.stderr
    assert call(tmp_path, "account", "list", **fresh_database).stdout == "li.na\t—\n"


def test_two_programs_that_start_at_once_make_one_secret_key(tmp_path: Path):
    program = "from pathlib import Path\nfrom shouwen.config.secret import secret_key\nprint(secret_key(Path('.')))"
    environment = {name: value for name, value in os.environ.items() if name != "SHOUWEN_SECRET_KEY"}

    started = [
        subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, env=environment, stdout=subprocess.PIPE)
        for _ in range(6)
    ]
    keys = {one.communicate()[0] for one in started}

    assert len(keys) == 1
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
