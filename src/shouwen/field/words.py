"""Words that the field page puts together itself, and those of its scripts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shouwen.casework.attachments import Fault
from shouwen.core.events import Event
from shouwen.core.procedure import Procedure
from shouwen.web import case_words

__all__ = ["brought", "late", "noted", "of_script", "photo_refused", "photo_taken"]


def brought(procedure: Procedure, name: str, events: tuple[Event, ...]) -> str:
    """What an act has brought."""
    return case_words.brought(procedure, name, events)


def late(moment: str, *, counts: bool) -> str:
    """What is said of an act that was pressed earlier than it arrived."""
    if counts:
        return _("按办理时刻 {moment} 记").format(moment=moment)
    return _("规程不许补录，按收到的时刻记；办理时刻是 {moment}").format(moment=moment)


def photo_taken(names: tuple[str, ...]) -> str:
    """Files were handed in."""
    return _("已存 {names}").format(names=_("、").join(names))


def photo_refused(name: str, fault: Fault) -> str:
    """A file was not taken."""
    return case_words.file_refused(name, fault)


def noted(said: str, note: str) -> str:
    """What an act has brought, with what is to be known of it."""
    return _("{said}。{note}").format(said=said, note=note) if note else said


def of_script() -> dict[str, str]:
    """The words of the page's scripts, with places to fill."""
    return {
        "offline": _("没有网络。照常办，联网后自动发出。"),
        "stale": _("这是 {time} 的内容，联网后更新"),
        "waiting": _("待发"),
        "sending": _("正在发"),
        "refused": _("没有办成"),
        "faster": _("有人先办了一步"),
        "held": _("等前一件"),
        "foreign": _("别人名下的 {count} 件还没有发，请其本人登录"),
        "kept": _("已存在手机上，联网后自动发出"),
        "pressed": _("{time} 按下"),
        "sent": _("已办成"),
        "mend": _("改好再发"),
        "again": _("照样再发"),
        "now": _("改记现在的时刻再发"),
        "drop": _("丢弃"),
        "sure_drop": _("丢弃以后找不回来。再按一次丢弃"),
        "door": _("要重新登录才能发"),
        "door_link": _("去登录"),
        "trouble": _("服务器没有收下（{status}），稍后再试"),
        "nothing": _("发件箱是空的"),
        "leave": _("还有 {count} 件没有发出。现在退出就丢了。"),
        "photo": _("照片"),
        "not_kept": _("这一步的表没有带下来，联网后再办"),
        "ready": _("没有网也能办：{jobs} 件活已带在手机上（{time}）"),
        "not_ready": _("这台手机的浏览器不能离线，请保持联网"),
        "typed": _("这是没有发出的内容"),
        "others": _("看过上面的变化后，仍要办就再发"),
        "noted": _("{said}。{note}"),
        "gone": _("这件工单您已看不到，可能已转给别人"),
        "camera": _("拍照"),
        "too_full": _("手机存不下了，请先联网发出"),
    }
