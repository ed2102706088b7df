"""`shouwen backup` and `shouwen restore`: the whole database in one file, with PostgreSQL's own tools."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from shouwen import clock
from shouwen.cli import database
from shouwen.config.home import home

if TYPE_CHECKING:
    import psycopg

__all__ = ["backup", "restore"]

TABLE = re.compile(rb'dumping contents of table "public\.(\w+)"')


def backup(options: argparse.Namespace) -> int:
    """One file, complete or not there at all."""
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    with database.opened() as found:
        name = f"shouwen-{clock.now().astimezone():%Y%m%d-%H%M%S}.dump"
        target, growing = folder / name, folder / f".{name}.part"
        try:
            failure = _dump(found.url, growing)
            if failure:
                print(f"shouwen: 备份失败，没有留下文件：\n{failure}", file=sys.stderr)
                return 1
            growing.rename(target)
        finally:
            growing.unlink(missing_ok=True)
    print(f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB）。恢复：shouwen restore {target}")
    if not os.environ.get("SHOUWEN_SECRET_KEY"):
        print(f"请另存密钥文件 {home() / 'secret-key'}：没有它，恢复后两步登录和加密的内容打不开。")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Into an empty database; into one that holds something only with `--replace`. All or nothing."""
    source: Path = options.file
    if not source.is_file():
        print(f"shouwen: 没有备份文件 {source}", file=sys.stderr)
        return 2
    with database.opened() as found:
        tables = len(_sizes(found.url))
        if tables and not options.replace:
            print(
                f"shouwen: 数据库里已有 {tables} 张表。要全部换成备份里的，请先停掉 shouwen run，"
                "另做一次备份，再加 --replace 运行",
                file=sys.stderr,
            )
            return 1
        failure = _load(found.url, source)
        if failure:
            print(f"shouwen: 恢复失败，数据库和原来一样：\n{failure}", file=sys.stderr)
            return 1
    print(f"已从 {source} 恢复。请接着运行 shouwen migrate（备份可能来自旧版本）和 shouwen doctor。")
    return 0


def _dump(url: str, file: Path) -> str:
    """What went wrong; empty: nothing."""
    sizes = _sizes(url)
    command: list[str | Path] = [_tool("pg_dump", url), "--format=custom", "--no-owner", "--no-privileges", "--verbose"]
    file.touch(mode=0o600)
    said: list[bytes] = []
    with (
        subprocess.Popen(
            [*command, "--file", file, "--dbname", url], stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"}
        ) as dumping,
        tqdm(total=sum(sizes.values()), desc="备份", unit="B", unit_scale=True, leave=False, disable=None) as bar,
    ):
        assert dumping.stderr is not None
        for line in dumping.stderr:
            said = [*said[-5:], line]
            if begun := TABLE.search(line):
                bar.update(sizes.get(begun[1].decode(), 0))
    if dumping.returncode:
        return b"".join(said).decode(errors="replace").strip()
    with open(file, "rb") as written:
        os.fsync(written.fileno())
    return ""


def _load(url: str, source: Path) -> str:
    """What went wrong; empty: nothing. One transaction: until its end everybody sees the old state."""
    reading: list[str | Path] = [_tool("pg_restore", url), "--no-owner", "--no-privileges", "--file=-", source]
    writing: list[str | Path] = [
        _tool("psql", url),
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        url,
    ]
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader,
        subprocess.Popen(writing, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as writer,
        tqdm(desc="恢复", unit="B", unit_scale=True, leave=False, disable=None) as bar,
    ):
        assert reader.stdout is not None
        assert reader.stderr is not None
        assert writer.stdin is not None
        assert writer.stderr is not None
        try:
            writer.stdin.write(
                b"SET client_min_messages = warning; BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
            )
            while block := reader.stdout.read(1 << 16):
                writer.stdin.write(block)
                bar.update(len(block))
            # Without COMMIT the end of the connection takes everything back.
            if reader.wait() == 0:
                writer.stdin.write(b"\nCOMMIT;\n")
            writer.stdin.close()
        except BrokenPipeError:
            reader.kill()
        said = reader.stderr.read() + writer.stderr.read()
    failed = reader.returncode != 0 or writer.returncode != 0
    return (said.decode(errors="replace").strip() or "psql 中断") if failed else ""


def _tool(name: str, url: str) -> Path:
    """PostgreSQL's own program, of the same version as the server, or else the next newer one."""
    from shouwen.config.embedded import programs

    with _open(url) as connection:
        wanted = connection.info.server_version // 10000
    own = programs()
    places = [
        Path(f"/usr/lib/postgresql/{wanted}/bin/{name}"),
        *([Path(on_path)] if (on_path := shutil.which(name)) else []),
        own / name,
        own.parents[1] / "pginstall" / "bin" / name,
    ]
    newer = sorted((version, place) for place in places if (version := _version(place)) >= wanted)
    if not newer:
        sys.exit(f"shouwen: 没有与数据库（PostgreSQL {wanted}）相配的 {name}：请安装 postgresql-client-{wanted}")
    return newer[0][1]


def _version(place: Path) -> int:
    """Its major version; 0: it is not there."""
    if not place.exists():
        return 0
    told = subprocess.run([place, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0


def _sizes(url: str) -> dict[str, int]:
    """The tables, in bytes."""
    query = (
        "SELECT relname, pg_table_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    with _open(url) as connection:
        return {str(name): int(size) for name, size in connection.execute(query)}


def _open(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    import psycopg

    try:
        return psycopg.connect(url)
    except psycopg.OperationalError as error:
        sys.exit(f"shouwen: 连不上数据库：{error}")
