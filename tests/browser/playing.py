"""Plays a story by hand: each person in his own window opens the case, presses the act, fills the form and sends it.

What a step expects is held against what the page shows afterwards; what was refused must still stand in the form. What
is done aside goes through the same door without a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import cos, pi, sin

from playwright.sync_api import Locator, Page, expect

from shouwen.core.procedure import Action, Procedure
from shouwen.trial.play import command, opens
from shouwen.trial.script import Step
from tests.browser.house import Clock, Window
from tests.browser.pictures import dot
from tests.browser.story import Scene

#: built-in acts as a page offers them: verb → button
DECISIONS = {"approve": "同意", "return": "退回修改", "decline": "不同意"}


@dataclass
class Play:
    """A story on its way. `people`: name → sign-in; `come_in`: opens a window for a sign-in; `desk`: where it plays."""

    procedure: Procedure
    clock: Clock
    people: Mapping[str, str]
    come_in: Callable[[str], Window]
    desk: str
    #: cases opened by hand: name in the story → number ("": the last one)
    numbers: dict[str, str] = field(default_factory=dict)
    #: cases that rules have opened and somebody has found
    found: set[str] = field(default_factory=set)
    #: the case of this step
    number: str = ""
    windows: dict[str, Window] = field(default_factory=dict)
    before: datetime | None = None
    last: str = ""
    #: looks on: when a form is filled and not sent yet ("filled"), and after each step ("done")
    watch: Callable[[str, Page], None] = lambda when, page: None

    def window(self, name: str) -> Window:
        """A person's own; he comes in when he is first needed."""
        if name not in self.windows:
            self.windows[name] = self.come_in(self.people[name])
        return self.windows[name]

    def scene(self, scene: Scene) -> None:
        """One step, done and held against what it expects."""
        step, wanted = scene.step, scene.step.expect or {}
        self.clock.set(step.at)
        if scene.aside:
            self._aside(step, wanted)
            self.last = ""
        else:
            page = self.window(step.by or step.role or "").page
            self._by_hand(page, step, wanted)
            self._as_expected(page, step, wanted)
            self.watch("done", page)
            self.last = step.by
        self.before = step.at

    # ---- what a person does ----

    def _by_hand(self, page: Page, step: Step, wanted: Mapping[str, object]) -> None:
        verb, _, target = step.do.partition(" ")
        by_verb = {
            "say": self._say,
            "read": self._read,
            "answer": self._answer,
            **dict.fromkeys(DECISIONS, self._decide),
        }
        if not step.do:
            self._look(page, step, wanted)
        elif target:
            self._see(page, step)
            by_verb[verb](page, step, target)
        elif self.procedure.actions[step.do].opens:
            self._take_in(page, step)
        else:
            self._act(page, step)

    def _take_in(self, page: Page, step: Step) -> None:
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="受理", exact=True).click()
        form = page.locator("#opening")
        choice = page.locator(f'a.go[href$="/{self.procedure.id}/{step.do}/"]')
        expect(form.or_(choice)).to_be_visible()
        if choice.count():
            choice.click()
        filled = self._fill(form, step)
        self.watch("filled", page)
        _send(page, form)
        if self._refused(page, step, form, filled):
            return
        expect(page.locator(".toast")).to_contain_text("已立案")
        self._opened_now(step, page.url.rstrip("/").rpartition("/")[2])

    def _opened_now(self, step: Step, number: str) -> None:
        self.number = self.numbers[step.case] = self.numbers[""] = number

    def _look(self, page: Page, step: Step, wanted: Mapping[str, object]) -> None:
        page.goto("/work/") if "opened" in wanted else self._go(page, step)

    def _go(self, page: Page, step: Step) -> None:
        """The case's page: by its number, or, of a case that a rule has opened, found among what is owed."""
        self.number = self._number(step)
        if step.case in self.procedure.flows and self.number not in self.found:
            page.goto("/work/")
            page.locator(f'#rows .row-link[href="/cases/{self.number}/"]').click()
            page.wait_for_url("**/cases/**")
            self.found.add(self.number)
        else:
            page.goto(f"/cases/{self.number}/")

    def _number(self, step: Step) -> str:
        """The case that a step means: by the story's name, the latest of this flow, or the last one opened by hand."""
        from shouwen.store import models as rows

        if step.case in self.numbers:
            return self.numbers[step.case]
        return rows.Case.objects.filter(procedure=self.procedure.id, flow=step.case).latest("opened_at").number

    def _see(self, page: Page, step: Step) -> None:
        """The case as it is now: loaded anew, unless it was this person who did the last thing."""
        if step.by != self.last or not page.url.partition("#")[0].endswith(f"/cases/{self._number(step)}/"):
            self._go(page, step)

    def _say(self, page: Page, step: Step, script: str) -> None:
        page.locator(f'a[href="#talk-{script}"]').click()
        talk = page.locator(f"#talk-{script}")
        for point in _listed(step.values["items"]):
            talk.get_by_label(point).check()
        talk.get_by_role("button", name="记“已说明”").click()
        expect(page.locator(".toast")).to_contain_text("已说明")
        expect(page.locator(f"#talk-{script} form.ticks")).to_have_count(0)

    def _read(self, page: Page, step: Step, notice: str) -> None:
        bar = page.locator("form.note-bar", has_text=self.procedure.notices[notice].name)
        bar.get_by_role("button", name="已阅知").click()
        expect(page.locator(".toast")).to_contain_text("已阅知")
        expect(bar).to_have_count(0)

    def _answer(self, page: Page, step: Step, guide: str) -> None:
        """The question that stands is answered, or passed over with the reason."""
        walk = page.locator(f"#guide-{guide}")
        ask = self.procedure.guides[guide].asks[walk.locator('.question input[name="ask"]').first.input_value()]
        if step.values.get("skip"):
            fold = walk.locator(".question details.fold")
            fold.locator("summary").click()
            fold.get_by_label("为什么做不了").fill(step.reason)
            reply = fold.get_by_role("button", name="跳过")
        else:
            if step.seen:
                walk.get_by_label("等不到了，现在就答").check()
            reply = walk.locator(".replies").get_by_role("button", name=str(step.values["answer"]), exact=True)
        with page.expect_navigation():
            reply.click()
        expect(page.locator("main .errors")).to_have_count(0)
        expect(walk).to_contain_text(ask.text)
        expect(walk).to_contain_text(step.reason or str(step.values["answer"]))

    def _decide(self, page: Page, step: Step, authority: str) -> None:
        """A request that waits is granted, sent back or declined."""
        verb = step.do.partition(" ")[0]
        asked = page.get_by_label("待审批").filter(has_text=self.procedure.authorities[authority].name)
        if step.reason:
            asked.get_by_label("意见").fill(step.reason)
        asked.get_by_role("button", name=DECISIONS[verb], exact=True).click()
        expect(page.locator(".toast")).to_be_visible()
        expect(asked).to_have_count(0)

    def _act(self, page: Page, step: Step) -> None:
        action = self.procedure.actions[step.do]
        self._see(page, step)
        address = f"/cases/{self.number}/do/{action.id}/"
        link = page.locator(f'#beside .acts a[data-act][href="{address}"]')
        held_up = page.locator("#beside .no-go", has_text=action.name)
        if "refused" in (step.expect or {}) and not link.count():
            # No button. Who knows the address is told why: by the form if it is held up, else instead of it.
            page.goto(address)
            if not held_up.count():
                expect(page.locator("#doing .errors")).to_be_visible()
                expect(page.locator("#act-form")).to_have_count(0)
                return
        else:
            self._press(page, action, link)
        form = page.locator("#act-form")
        filled = self._fill(form, step)
        self.watch("filled", page)
        _send(page, form)
        if not self._refused(page, step, form, filled):
            expect(page.locator(".toast")).to_contain_text(f"已办“{action.name}”")

    def _press(self, page: Page, action: Action, link: Locator) -> None:
        """The act's button; what may be done at any time lies folded."""
        expect(link, f"{action.name} is offered").to_have_count(1)
        fold = page.locator("#beside details.any-time:not([open])", has=link)
        if fold.count():
            fold.locator("summary").click()
        link.click()
        expect(page.locator("#doing h2")).to_contain_text(action.name)

    # ---- what is done aside ----

    def _aside(self, step: Step, wanted: Mapping[str, object]) -> None:
        """At the door of the program."""
        from shouwen.casework import handle, procedures
        from shouwen.store import models as rows

        law = procedures.current(self.procedure.id)
        told = replace(command(self.procedure, step), key=f"aside-{step.place}")
        told = replace(
            told,
            actor=self.people[step.by],
            values=self._coded(told.values),
            **({"present": tuple(map(self.people.__getitem__, step.present))} if step.present else {}),
        )
        if opens(self.procedure, step):
            answer = handle.open_case(law, handle.Opening(command=told, unit=self.desk), at=step.at)
            self._opened_now(step, answer.number)
        else:
            self.number = self._number(step)
            case_id = rows.Case.objects.get(number=self.number).case_id
            answer = handle.act(case_id, told, at=step.at)
        expected = set(_listed(wanted.get("refused", [])))
        against = (
            {one.removeprefix(f"{law.procedure.id}.") for one in answer.refusal.clauses} if answer.refusal else set()
        )
        assert expected <= against, (step.do, answer.refusal)
        assert answer.done is not bool(expected), (step.do, answer.refusal)

    def _coded(self, node: object) -> object:
        """Values with people by their codes."""
        if isinstance(node, Mapping):
            return {key: self._coded(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._coded(value) for value in node]
        return self.people.get(node, node) if isinstance(node, str) else node

    # ---- filling in ----

    def _fill(self, form: Locator, step: Step) -> dict[str, str]:
        """Everything that the step says; what then stands in simple controls, by their names."""
        expect(form).to_be_visible()
        for sheet, fields in step.values.items():
            assert isinstance(fields, Mapping)
            for name, value in fields.items():
                self._put(form, f"{sheet}.{name}", value)
        for name in step.present:
            _tick(form.locator('[name="present"]'), name)
        return _standing(form)

    def _put(self, form: Locator, name: str, value: object) -> None:
        if isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
            self._put_rows(form, name, value)
            return
        control = form.locator(f'[name="{name}"]:not([type="hidden"])')
        kind = control.first.evaluate("at => at.type || at.tagName.toLowerCase()")
        if kind in ("radio", "checkbox"):
            for word in _listed(value):
                _tick(control, word)
        elif kind.startswith("select"):
            control.select_option(_option(control, str(value)))
        elif kind == "datetime-local":
            control.fill(str(value).replace(" ", "T"))
        elif kind == "file":
            control.set_input_files({"name": str(value), "mimeType": "image/png", "buffer": dot()})
        else:
            control.fill("\n".join(_listed(value)))
        pad = form.locator("[data-sign]", has=form.page.locator(f'[name="{name}:drawn"]'))
        if pad.count():
            _sign(pad)

    def _put_rows(self, form: Locator, name: str, rows: Sequence[Mapping[str, object]]) -> None:
        key = self.procedure.fields[name].key
        for place, row in enumerate(rows):
            at = place
            picked = form.locator(f'[name^="{name}."][name$=".:key"][value="{row.get(key or "")}"]')
            if key and picked.count():
                at = int(str(picked.get_attribute("name")).split(".")[-2])
                form.locator(f'[name="{name}.{at}.:on"]').check()
            elif not form.locator(f'[name^="{name}.{at}."]').count():
                with form.page.expect_navigation():
                    form.locator(f'button[name="add-row"][value="{name}"]').click()
            for column, value in row.items():
                if form.locator(f'[name="{name}.{at}.{column}"]').count():
                    self._put(form, f"{name}.{at}.{column}", value)

    # ---- what is expected ----

    def _refused(self, page: Page, step: Step, form: Locator, filled: Mapping[str, str]) -> bool:
        if not {"refused", "missing"} & set(step.expect or {}):
            assert page.locator("main .errors").count() == 0, page.locator("main .errors").first.inner_text()
            return False
        expect(page.locator("main .errors")).to_be_visible()
        kept = _standing(form)
        lost = [name for name in filled if kept.get(name) != filled[name]]
        assert not lost, f"{step.do} lost {lost}"
        return True

    def _as_expected(self, page: Page, step: Step, wanted: Mapping[str, object]) -> None:
        checks = {
            "step": self._stands,
            "closed": self._closed,
            "refused": self._cites,
            "missing": self._misses,
            "done": self._done,
            "open": self._owed,
            "due": self._due,
            "missed": self._late,
            "told": self._told,
            "values": self._judged,
            "issued": self._issued,
            "opened": self._opened,
            "posted": self._posted,
        }
        for key, value in wanted.items():
            checks[key](page, step, value)

    def _stands(self, page: Page, step: Step, name: object) -> None:
        from shouwen.store import models as rows

        flow = self.procedure.flows[rows.Case.objects.get(number=self.number).flow]
        expect(page.locator(".path [aria-current=step]")).to_have_text(flow.steps[str(name)].name)

    def _closed(self, page: Page, step: Step, _: object) -> None:
        expect(page.locator('.case-title .badge[data-state="done"]')).to_be_visible()

    def _cites(self, page: Page, step: Step, clauses: object) -> None:
        for clause in _listed(clauses):
            expect(page.locator("main .errors")).to_contain_text(clause)

    def _misses(self, page: Page, step: Step, paths: object) -> None:
        for path in _listed(paths):
            expect(page.locator("main .errors")).to_contain_text(self.procedure.fields[path].name)
            expect(page.locator(f':is(#act-form, #opening) [id^="x-f-{path.replace(".", "-")}"]').first).to_be_visible()

    def _done(self, page: Page, step: Step, tasks: object) -> None:
        for task in _listed(tasks):
            expect(_limit(page, "#limits details.fold", task).first).to_be_attached()

    def _owed(self, page: Page, step: Step, tasks: object) -> None:
        for task in _listed(tasks):
            expect(_limit(page, "#limits > ul", task).first).to_be_visible()

    def _due(self, page: Page, step: Step, moments: object) -> None:
        assert isinstance(moments, Mapping)
        for task, moment in moments.items():
            stamp = f"{str(moment).replace(' ', 'T')}+08:00"
            expect(_limit(page, "#limits > ul", task).locator(f'[data-until="{stamp}"]')).to_be_visible()

    def _late(self, page: Page, step: Step, tasks: object) -> None:
        for task in _listed(tasks):
            expect(_limit(page, "#limits > ul", task).first).to_contain_text("逾期")

    def _told(self, page: Page, step: Step, roles: object) -> None:
        everything = page.locator("#past nav").get_by_role("link", name="全部")
        everything.click()
        expect(everything).to_have_attribute("aria-current", "true")
        said = [text for _, text in self._since(page, step)]
        for role in _listed(roles):
            name = self.procedure.roles[role].name
            assert any(name in text and "告知" in text for text in said), (name, said)

    def _judged(self, page: Page, step: Step, values: object) -> None:
        assert isinstance(values, Mapping)
        for word in values.values():
            expect(page.locator(".case-title .grade", has_text=str(word))).to_be_visible()

    def _issued(self, page: Page, step: Step, forms: object) -> None:
        for form in _listed(forms):
            expect(page.locator(f'.about a[href="/cases/{self.number}/papers/{form}/"]')).to_be_visible()

    def _posted(self, page: Page, step: Step, amounts: object) -> None:
        assert isinstance(amounts, Mapping)
        for posting, amount in amounts.items():
            name = self.procedure.postings[posting].name
            expect(page.locator(".about .money dt", has_text=name).locator("+ dd")).to_have_text(
                str(amount).removesuffix(" 元")
            )

    def _opened(self, page: Page, step: Step, flows: object) -> None:
        for flow in _listed(flows):
            expect(page.locator("#rows", has_text=self.procedure.flows[flow].name)).to_be_visible()

    def _since(self, page: Page, step: Step) -> Iterator[tuple[datetime, str]]:
        """What the time line says of the time since the step before."""
        lines = page.locator("#past .tl li:not(.day)").evaluate_all(
            "all => all.map(one => [one.querySelector('time')?.getAttribute('datetime') ?? '', one.innerText])"
        )
        for stamp, text in lines:
            if stamp and (self.before is None or self.before < datetime.fromisoformat(stamp) <= step.at):
                yield datetime.fromisoformat(stamp), text


def _send(page: Page, form: Locator) -> None:
    with page.expect_navigation():
        form.locator("[data-send]").click()


def _tick(controls: Locator, word: str) -> None:
    """The box of this word, or of the person of this name."""
    exact = controls.and_(controls.page.locator(f'[value="{word}"]'))
    box = exact if exact.count() else controls.page.locator("label", has_text=word).locator("input").and_(controls)
    box.first.check(force=True)


def _option(control: Locator, word: str) -> str:
    """The value of the option that is called so, or begins with this person's name."""
    options = control.locator("option").evaluate_all("all => all.map(one => [one.value, one.textContent])")
    return next(value for value, text in options if value == word or text == word or text.startswith(f"{word} "))


def _sign(pad: Locator) -> None:
    """A stroke of the pen."""
    pad.scroll_into_view_if_needed()
    box = pad.locator("canvas").bounding_box()
    assert box is not None
    mouse = pad.page.mouse
    mouse.move(box["x"] + box["width"] * 0.12 + 18, box["y"] + box["height"] / 2)
    mouse.down()
    for part in range(1, 61):
        turn = part / 60 * 9 * pi
        along, high = box["width"] * (0.12 + 0.7 * part / 60), box["height"] * (0.34 - 0.18 * part / 60)
        mouse.move(box["x"] + along + 18 * cos(turn), box["y"] + box["height"] / 2 + high * sin(turn))
    mouse.up()


def _standing(form: Locator) -> dict[str, str]:
    """What stands in the form, by name; tokens of the page left out."""
    pairs = form.evaluate("at => [...new FormData(at)].map(([name, value]) => [name, String(value)])")
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in ("csrfmiddlewaretoken", "key", "version") and value:
            found[name] = f"{found[name]}|{value}" if name in found else value
    return found


def _limit(page: Page, where: str, task: str) -> Locator:
    name = task.replace("#", "-")
    return page.locator(where).locator(f'li[id="task-{name}"], li[id^="task-{name}-"]')


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
