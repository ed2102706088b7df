"""The command line: its commands, their options, and one line for everything that goes wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shouwen import __version__
from shouwen.cli import accounts, backup, bench, bring, check, doctor, migrate, replay, run, serve, show, tryout

__all__ = ["main"]

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0: done and sound, 1: problems or unmet expectations, 2: not usable as given."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except FileNotFoundError as error:
        print(f"shouwen: 找不到 {error}：请给出规程文件、规程目录或规程名", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
    except KeyboardInterrupt:
        return 130
    except ValueError as error:
        print(f"shouwen: {error}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shouwen", description="首问：规程即程序。")
    parser.add_argument("--version", action="version", version=f"shouwen {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("check", help="检查规程：不运行就能知道的一切")
    one.add_argument("path", nargs="?", type=Path, help="规程文件或目录（默认：自带的全部规程）")
    one.add_argument("--catalogue", type=Path, help="条款目录：每行一个条号的文件，或含 id 的 YAML")
    one.add_argument("--json", action="store_true", help="输出 JSON")
    one.set_defaults(run=check.run)
    two = commands.add_parser("try", help="按脚本试跑规程")
    two.add_argument("procedure", help="规程名、规程文件或目录")
    two.add_argument("script", nargs="?", type=Path, help="脚本（默认：规程自带的全部示例）")
    two.add_argument("--example", help="自带示例的名字")
    two.add_argument("--json", action="store_true", help="输出 JSON")
    two.set_defaults(run=tryout.run)
    three = commands.add_parser("show", help="列出规程的操作、环节、岗位、表单、时限")
    three.add_argument("procedure", help="规程名、规程文件或目录")
    three.add_argument("rule", nargs="*", help="只看一条规则，如 task answer_major：每一项与其条款")
    three.add_argument("--json", action="store_true", help="输出 JSON")
    three.set_defaults(run=show.run)
    _running(commands)
    _keeping(commands)
    four = commands.add_parser("import", help="把表格里的每一行开成案件，逐行说明开不成的原因")
    bring.arguments(four)
    four.set_defaults(run=bring.run)
    return parser


def _running(commands: Commands) -> None:
    """What starts and prepares the program."""
    one = commands.add_parser("run", help="一条命令运行全部：数据库、网页、后台")
    _where(one)
    one.add_argument("--no-demo", action="store_true", help="数据库是空的也不装演示单位")
    one.set_defaults(run=run.run)
    two = commands.add_parser("serve", help="只运行网页")
    _where(two)
    two.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    two.set_defaults(run=serve.serve)
    three = commands.add_parser("worker", help="只运行后台：到期、提醒、发送")
    three.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    three.set_defaults(run=serve.worker)
    four = commands.add_parser("migrate", help="更新数据表，装入规程")
    four.set_defaults(run=migrate.run)
    five = commands.add_parser("django", help="Django 自己的命令（供开发者）", prefix_chars="\0", add_help=False)
    five.add_argument("words", nargs="*", help="如 makemigrations、shell")
    five.set_defaults(run=migrate.pass_through)


def _where(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1", help="在哪个地址上提供网页（默认 127.0.0.1，只限本机）")
    command.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")
    command.add_argument("--workers", type=int, default=2, help="几个网页进程（默认 2）")


def _keeping(commands: Commands) -> None:
    """What looks after it."""
    one = commands.add_parser("doctor", help="检查运行环境，每项给出结果和该做什么")
    one.set_defaults(run=doctor.run)
    two = commands.add_parser("backup", help="备份数据库")
    two.add_argument("folder", type=Path, help="备份放在哪个目录")
    two.set_defaults(run=backup.backup)
    three = commands.add_parser("restore", help="从备份恢复数据库")
    three.add_argument("file", type=Path, help="备份文件")
    three.add_argument("--replace", action="store_true", help="数据库里已有的数据全部换成备份里的")
    three.set_defaults(run=backup.restore)
    five = commands.add_parser("replay", help="从记录重放每件案件，证明各表与记录一致")
    five.add_argument("number", nargs="*", help="只看这些编号的案件")
    five.add_argument("--verify", action="store_true", help="只核对（默认如此）")
    five.add_argument("--rebuild", action="store_true", help="按记录重写各表")
    five.add_argument("--json", action="store_true", help="输出 JSON")
    five.set_defaults(run=replay.replay)
    seven = commands.add_parser("bench", help="在本机测速：受理、办理、看页面，与数据库直接插入之比")
    seven.add_argument("--quick", action="store_true", help="45 秒内测完")
    seven.add_argument("--json", action="store_true", help="输出 JSON")
    seven.set_defaults(run=bench.run)
    six = commands.add_parser("erase", help="删除一个人的个人资料：密钥销毁，经过和数字不变")
    six.add_argument("phone", help="他的电话号码")
    six.set_defaults(run=replay.erase)
    four = commands.add_parser("account", help="账号：建立、改密码、停用")
    four.add_argument(
        "what", choices=accounts.CHOICES, help="；".join(f"{k}：{v}" for k, v in accounts.CHOICES.items())
    )
    four.add_argument("username", nargs="?", help="账号")
    four.add_argument("--person", default="", help="单位里的人员编号")
    four.add_argument("--administers", action="store_true", help="管理员")
    four.set_defaults(run=accounts.run)
