"""A protocol: a regimen's numbers and texts, read from a versioned TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from backstride.records import Baseline, Reason, Week
from backstride.words import say

_FOLDER = files("backstride.regimen") / "protocols"


@dataclass(frozen=True)
class BaselineRules:
    window_days: int
    recent_valid_days: int
    min_valid_days: int
    wear_h: float
    exercise_bout_min: float


@dataclass(frozen=True)
class Entry:
    share: float
    min_minutes: int
    max_minutes: int
    days: int
    severe_days: int
    severe_nprs: int
    split_at_minutes: int
    light_minutes: int
    light_days: int


@dataclass(frozen=True)
class FirstTarget:
    """The lower one to begin with from an age on, or with one of `conditions`, which are
    questions of the safety screen."""

    minutes: int
    days: int
    from_age: int
    conditions: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """What was tested; `then` names the protocol that goes on once a target is reached, by
    pathway, or as `less` for one below what people in the trial walked (`first`); `choices`
    are (minutes, days) that may be chosen instead, by key."""

    minutes: int
    days: int
    then: dict[str, str]
    first: FirstTarget
    choices: dict[str, tuple[int, int]]

    def follows(self, pathway: str, weekly_minutes: int) -> str | None:
        """The name of the protocol after a target of so many minutes a week."""
        is_less = weekly_minutes < self.first.minutes * self.first.days
        return self.then.get("less" if is_less else pathway)


@dataclass(frozen=True)
class Steps:
    """For a plan in steps: how many make a minute, and what the first week adds to the usual
    steps a day: `first_extra`, or `first_share` of them where that is more."""

    per_minute: int
    first_extra: int
    first_share: float


@dataclass(frozen=True)
class Maintain:
    """After how many weeks of keeping the target to ask how it goes, and to offer a talk."""

    check_weeks: int
    booster_weeks: tuple[int, ...]


@dataclass(frozen=True)
class Progress:
    share: float
    min_step: int
    max_step: int
    cap: float
    cautious_cap: float
    cautious_age: int
    cautious_conditions: tuple[str, ...]
    keep_from_minutes: int
    keep_weeks: int
    keep_before_week: int


@dataclass(frozen=True)
class Gate:
    progress_adherence: float
    step_back_adherence: float
    max_amber_days: int
    min_judged_days: int


@dataclass(frozen=True)
class Back:
    red: float
    low_adherence: float
    two_amber_weeks: float
    hard: float
    flare: float
    flare_hold_days: int
    flare_green_days: int
    flare_return: float
    gap_days: int
    gap: float
    long_gap_days: int
    long_gap: float


@dataclass(frozen=True)
class LightRules:
    usual_window_days: int
    amber_rise_above: int
    amber_after_above: int
    amber_during: int
    red_rise: int
    red_during: int
    red_after_above: int
    level_rise: int


@dataclass(frozen=True)
class Escalate:
    """When to offer a therapist; `limb_places` are how the places of a leg begin, as keys of
    `outcomes/body.toml`; `change_form` is the questionnaire that says whether it got better."""

    recent_days: int
    flare_longer_days: int
    flares: int
    flares_window_days: int
    flare_apart_days: int
    step_backs: int
    step_backs_window_days: int
    reds: int
    reds_window_days: int
    limb_longer_days: int
    limb_places: tuple[str, ...]
    worse_share: float
    change_form: str
    change_weeks: int
    change_above: float


@dataclass(frozen=True)
class RuleText:
    """One rule: its text for the person (with `{numbers}` to fill in), source and mark."""

    id: str
    text: str
    source: str
    mark: str


@dataclass(frozen=True)
class Use:
    """For whom a protocol is, and what follows it: those who say that their longest comfortable
    walk is shorter than `comfortable_below` minutes, until a dose of `then_from_minutes` a
    walk goes on under the protocol `then`."""

    comfortable_below: float
    then: str
    then_from_minutes: int


@dataclass(frozen=True)
class Protocol:
    """`extends` names the protocol whose numbers and texts hold where this one has none of
    its own, or is empty; `own` are the ids of the rules that it has; `use` is None for one
    that nobody starts with by what they can walk; `steps` is None for a plan in minutes, and
    `maintain` for one that leads to the target."""

    name: str
    version: str
    title: str
    extends: str
    own: tuple[str, ...]
    use: Use | None
    steps: Steps | None
    maintain: Maintain | None
    baseline: BaselineRules
    entry: Entry
    target: Target
    progress: Progress
    gate: Gate
    back: Back
    light: LightRules
    escalate: Escalate
    adherence_share: float
    cadence_from_spm: int
    cadence_bands: tuple[tuple[int, int], ...]
    rules: dict[str, RuleText]

    @property
    def label(self) -> str:
        """Name and version, as a week records it: `walkback 2026.2`."""
        return f"{self.name} {self.version}"

    def reason(self, rule: str, **numbers: float | int | str) -> Reason:
        """The reason for the person, filled with the numbers at hand."""
        entry = self.rules[rule]
        if self.steps:
            per_minute = self.steps.per_minute
            for name, minutes in (("steps", "minutes"), ("more_steps", "more")):
                if minutes in numbers:
                    numbers |= {name: say("{n:,}", n=per_minute * int(numbers[minutes]))}
        return Reason(rule, say(entry.text, **numbers), entry.source)

    def brisk(self, age: int | None) -> tuple[int, int]:
        """The cadence band (steps/min) for a brisk pace at this age, as guidance."""
        top = next((spm for to_age, spm in self.cadence_bands if (age or 150) <= to_age), None)
        return (self.cadence_from_spm, top or self.cadence_bands[-1][1])


@cache
def protocol(name: str = "walkback") -> Protocol:
    """The protocol that ships under this name. Raises ValueError for an unknown one."""
    if name not in shipped():
        raise ValueError(f"no protocol {name!r}; there are: {', '.join(shipped())}")
    return parse_protocol(tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8")))


@cache
def shipped() -> tuple[str, ...]:
    """The protocols that ship, by name."""
    found = (path.name for path in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def protocol_for(baseline: Baseline) -> Protocol:
    """The protocol to start with.

    Only a person's own word says that a longer walk isn't possible; measured walks say what
    was done, so the reference regimen holds for them [ENG].
    """
    if not baseline.told:
        return protocol()
    comfortable_min = baseline.longest_comfortable_min
    every = (protocol(name) for name in shipped())
    fitting = [p for p in every if p.use and comfortable_min < p.use.comfortable_below]
    return min(fitting, key=lambda p: p.use.comfortable_below if p.use else 0, default=protocol())


def name_of(week: Week) -> str:
    """The name of the protocol that made the week."""
    return week.protocol.partition(" ")[0]


def protocol_of(week: Week, pathway: str = "") -> Protocol:
    """The protocol that goes on after `week`: its own, or the one that follows it; the
    reference regimen for a week of a protocol that no longer ships.

    After a week at the target it is the one for the person's `pathway`.
    """
    name = name_of(week)
    rules = protocol(name) if name in shipped() else protocol()
    if any(reason.rule == "hold.target" for reason in week.decision.reasons):
        rules = protocol(rules.target.follows(pathway, week.dose.weekly_minutes) or rules.name)
    if rules.use and week.dose.minutes >= rules.use.then_from_minutes:
        return protocol(rules.use.then)
    return rules


def parse_protocol(raw: dict[str, Any]) -> Protocol:
    """A protocol from its TOML tables, on those of the one it extends.

    Raises TypeError or KeyError for a missing entry, ValueError where what it extends
    doesn't ship.
    """
    own = tuple(rule["id"] for rule in raw.get("rule", ()))
    extends = raw.get("extends", "")
    if extends:
        if extends not in shipped():
            raise ValueError(f"{raw['name']} extends {extends!r}, which isn't there")
        raw = _on_top(tomllib.loads((_FOLDER / f"{extends}.toml").read_text("utf-8")), raw)
    return Protocol(
        extends=extends,
        own=own,
        use=Use(**raw["use"]) if "use" in raw else None,
        steps=Steps(**raw["steps"]) if "steps" in raw else None,
        maintain=_maintain(raw["maintain"]) if "maintain" in raw else None,
        name=raw["name"],
        version=raw["version"],
        title=say(raw["title"]),
        baseline=BaselineRules(**raw["baseline"]),
        entry=Entry(**raw["entry"]),
        target=_target(raw["target"]),
        progress=Progress(**_tuples(raw["progress"], "cautious_conditions")),
        gate=Gate(**raw["gate"]),
        back=Back(**raw["back"]),
        light=LightRules(**raw["light"]),
        escalate=Escalate(**_tuples(raw["escalate"], "limb_places")),
        adherence_share=raw["adherence"]["share"],
        cadence_from_spm=raw["cadence"]["from_spm"],
        cadence_bands=tuple((b["to_age"], b["spm"]) for b in raw["cadence"]["bands"]),
        rules={r["id"]: RuleText(**r) for r in raw["rule"]},
    )


def _target(raw: dict[str, Any]) -> Target:
    first = FirstTarget(**_tuples(raw["first"], "conditions"))
    choices = {key: (minutes, days) for key, (minutes, days) in raw["choices"].items()}
    return Target(**raw | {"first": first, "choices": choices})


def _tuples(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """The table with its list of this name as a tuple."""
    return raw | {name: tuple(raw[name])}


def _maintain(raw: dict[str, Any]) -> Maintain:
    return Maintain(raw["check_weeks"], tuple(raw["booster_weeks"]))


def _on_top(base: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """`raw` over `base`: tables entry by entry, rules by their id, all else whole."""
    made = base | raw
    for name, table in base.items():
        if isinstance(table, dict) and name in raw:
            made[name] = table | raw[name]
    rules = {rule["id"]: rule for rule in (*base["rule"], *raw.get("rule", ()))}
    return made | {"rule": list(rules.values())}
