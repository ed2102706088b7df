"""The command line: its commands, their options, and one line for everything that goes wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from shouwen import __version__
from shouwen.cli import check, show, tryout

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0: done and sound, 1: problems or unmet expectations, 2: not usable as given."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except FileNotFoundError as error:
        print(f"shouwen: 找不到 {error}：请给出规程文件、规程目录或规程名", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
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
    return parser
