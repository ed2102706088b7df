"""Plays a story by hand: each person in his own window opens the case, presses the act, fills the form and sends it.

What a step expects is held against what the page shows afterwards; what was refused must still stand in the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, pi, sin
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from shouwen.core.procedure import Action, Procedure
from shouwen.trial.script import Step, load_script
from tests.browser.house import Clock, Window


def story(path: Path, procedure: Procedure) -> tuple[Step, ...]:
    """The steps of a story."""
    return load_script(path, procedure.zone).steps


@dataclass
class Play:
    """A story on its way. `people`: name → sign-in; `come_in`: opens a window for a sign-in."""

    procedure: Procedure
    clock: Clock
    people: Mapping[str, str]
    come_in: Callable[[str], Window]
    number: str = ""
    windows: dict[str, Window] = field(default_factory=dict)
    before: datetime | None = None
    last: str = ""
    #: looks on: when a form is filled and not sent yet ("filled"), and after each step ("done")
    watch: Callable[[str, Step, Page], None] = lambda when, step, page: None

    def window(self, name: str) -> Window:
        """A person's own; he comes in when he is first needed."""
        if name not in self.windows:
            self.windows[name] = self.come_in(self.people[name])
        return self.windows[name]

    def step(self, step: Step) -> Page:
        """One step, done and held against what it expects; the page of who did it."""
        self.clock.set(step.at)
        page = self.window(step.by or step.role or "").page
        wanted = step.expect or {}
        if not step.do:
            self._look(page, wanted)
        elif step.do.startswith("say "):
            self._say(page, step)
        elif step.do.startswith("read "):
            self._read(page, step)
        elif self.procedure.actions[step.do].opens:
            self._take_in(page, step)
        else:
            self._act(page, step)
        self._as_expected(page, step, wanted)
        self.watch("done", step, page)
        self.before, self.last = step.at, step.by
        return page

    # ---- what a person does ----

    def _take_in(self, page: Page, step: Step) -> None:
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="受理").click()
        form = page.locator("#opening")
        filled = self._fill(form, step)
        self.watch("filled", step, page)
        _send(page, form)
        if self._refused(page, step, form, filled):
            return
        expect(page.locator(".toast")).to_contain_text("已立案")
        self.number = page.url.rstrip("/").rpartition("/")[2]

    def _look(self, page: Page, wanted: Mapping[str, object]) -> None:
        page.goto("/work/" if "opened" in wanted else f"/cases/{self.number}/")

    def _see(self, page: Page, step: Step) -> None:
        """The case as it is now: loaded anew, unless it was this person who did the last thing."""
        if step.by != self.last or not page.url.endswith(f"/cases/{self.number}/"):
            page.goto(f"/cases/{self.number}/")

    def _say(self, page: Page, step: Step) -> None:
        self._see(page, step)
        script = step.do.partition(" ")[2]
        page.locator(f'a[href="#talk-{script}"]').click()
        talk = page.locator(f"#talk-{script}")
        for point in _listed(step.values["items"]):
            talk.get_by_label(point).check()
        talk.get_by_role("button", name="记“已说明”").click()
        expect(page.locator(".toast")).to_contain_text("已说明")
        expect(page.locator(f"#talk-{script} form.ticks")).to_have_count(0)

    def _read(self, page: Page, step: Step) -> None:
        self._see(page, step)
        notice = self.procedure.notices[step.do.partition(" ")[2]]
        bar = page.locator("form.note-bar", has_text=notice.name)
        bar.get_by_role("button", name="已阅知").click()
        expect(page.locator(".toast")).to_contain_text("已阅知")
        expect(page.locator("form.note-bar", has_text=notice.name)).to_have_count(0)

    def _act(self, page: Page, step: Step) -> None:
        action = self.procedure.actions[step.do]
        address = self._open(page, step) + f"do/{action.id}/"
        link = page.locator(f'#beside a[data-act][href="{address}"]')
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
        self.watch("filled", step, page)
        _send(page, form)
        if not self._refused(page, step, form, filled):
            expect(page.locator(".toast")).to_contain_text(f"已办“{action.name}”")

    def _open(self, page: Page, step: Step) -> str:
        """The page of the step's case: the story's own, or one that a rule has opened, found among what is owed."""
        if not step.case:
            self._see(page, step)
            return f"/cases/{self.number}/"
        page.goto("/work/")
        page.locator("#rows .row-link", has_text=self.procedure.flows[step.case].name).first.click()
        page.wait_for_url("**/cases/**")
        return page.evaluate("location.pathname")

    def _press(self, page: Page, action: Action, link: Locator) -> None:
        """The act's button; what may be done at any time lies folded."""
        expect(link, f"{action.name} is offered").to_have_count(1)
        fold = page.locator("#beside details.any-time:not([open])", has=link)
        if fold.count():
            fold.locator("summary").click()
        link.click()
        expect(page.locator("#doing h2")).to_contain_text(action.name)

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
        }
        for key, value in wanted.items():
            checks[key](page, step, value)

    def _stands(self, page: Page, step: Step, name: object) -> None:
        flow = self.procedure.flows["complaint"]
        expect(page.locator(".path [aria-current=step]")).to_have_text(flow.steps[str(name)].name)

    def _closed(self, page: Page, step: Step, _: object) -> None:
        expect(page.locator('.case-title .badge[data-state="done"]')).to_be_visible()

    def _cites(self, page: Page, step: Step, clauses: object) -> None:
        for clause in _listed(clauses):
            expect(page.locator("main .errors")).to_contain_text(clause)

    def _misses(self, page: Page, step: Step, paths: object) -> None:
        for path in _listed(paths):
            expect(page.locator("main .errors")).to_contain_text(self.procedure.fields[path].name)
            expect(page.locator(f'#act-form [id^="x-f-{path.replace(".", "-")}"]').first).to_be_visible()

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
    return page.locator(where).locator(f'li[id="task-{task}"], li[id^="task-{task}-"]')


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
