"""Two years of complaints settled on the spot, so that reports have a past to compare with."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

#: what complaints of the past are about, the commonest first, with words of somebody who complains
MATTERS = (
    ("渗漏", "卫生间天花板滴水，墙角已经发霉"),
    ("电梯", "电梯开门以后要等很久才关门"),
    ("噪音", "楼上晚上十点以后还在装修"),
    ("停车", "车位被外来的车占了半天"),
    ("卫生", "楼道里的垃圾两天没有人收"),
    ("绿化", "门口的树枝挡住了路灯"),
)
#: when people complain
HOURS = (8, 9, 9, 9, 10, 10, 10, 11, 13, 14, 14, 15, 16, 18, 19, 20)
#: how many a month, from January on: more in the rains
MONTHLY = (10, 8, 11, 12, 16, 21, 25, 23, 16, 12, 10, 11)


def lived_through(until: datetime, *, months: int, by: str, unit: str) -> int:
    """Complaints of so many months before `until`, each told, judged and settled by one person of the desk; how many
    there are."""
    from shouwen.casework import handle, procedures
    from shouwen.casework.handle import Opening
    from shouwen.core.commands import Act, BuiltIn

    law, chance, count = procedures.current("property-complaint"), Random(11), 0
    points = [point.text for point in law.procedure.scripts["first_reply"].do]

    def act(action: str, **values: dict[str, object]) -> Act:
        return Act(action=action, actor=by, values=values, key=f"{action}-of-the-past-{count}")

    for back in range(months, 0, -1):
        year, month = divmod(until.year * 12 + until.month - 1 - back, 12)
        grown = 1 + 0.12 * (year - until.year + 2)
        for _ in range(round(MONTHLY[month] * grown)):
            count += 1
            at = until.replace(year=year, month=month + 1, day=chance.randint(1, 28), hour=chance.choice(HOURS))
            at = at.replace(minute=chance.randint(0, 59), second=0, microsecond=0)
            matter, content = MATTERS[min(int(chance.expovariate(0.55)), len(MATTERS) - 1)]
            register: dict[str, object] = {
                "channel": chance.choice(("上门", "上门", "走访中提出")), "owner_name": "钱文", "matter": matter,
                "room": f"{chance.randint(1, 9)}-{chance.randint(1, 4)}-{count:04}", "phone": f"137{count:08}",
                "content": content,
            }  # fmt: skip
            opening = act("register", complaint_register=register)
            opened = handle.open_case(law, Opening(command=opening, unit=unit), at=at)
            assert opened.done, opened.refusal
            assert opened.case_id is not None
            judged = at + timedelta(minutes=chance.choice((4, 6, 8, 9, 14)))
            settled = at + timedelta(hours=chance.choice((1, 2, 3, 5, 20, 26)))
            told = {"onsite_result": "已当场办妥", "replied_at": f"{settled:%Y-%m-%d %H:%M}"}
            for command, moment in (
                (BuiltIn(verb="say", actor=by, target="first_reply", values={"items": points}), judged),
                (act("prejudge", complaint_register={"prelim_class": "现场可解决的一般投诉"}), judged),
                (act("settle_onsite", complaint_register=told), settled),
            ):
                answer = handle.act(opened.case_id, command, at=moment)
                assert answer.done, answer.refusal
    return count
