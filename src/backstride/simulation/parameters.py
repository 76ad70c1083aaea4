"""The parameters of the virtual walkers and the models made of them, read from one file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Parameter:
    """One number: its usual value, the range thought possible, where it comes from, and how
    sure that is (V, V2, ENG as in docs/rules.md)."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    about: str
    source: str
    mark: str


@dataclass(frozen=True)
class Model:
    """How backs and people answer: `values` of all parameters, `changed` those that differ
    from the usual ones."""

    name: str
    title: str
    about: str
    values: Mapping[str, float]
    changed: frozenset[str]

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def scaled(self, name: str, factor: float) -> Model:
        """The same model with one parameter times `factor`, held where a number can't go
        (a share ends at 1). Raises KeyError for an unknown parameter."""
        value = self.values[name] * factor
        if parameters()[name].unit.startswith("share"):
            value = min(value, 1.0)
        return Model(self.name, self.title, self.about, {**self.values, name: value}, self.changed)


@cache
def parameters() -> dict[str, Parameter]:
    """Every parameter by its name, in the file's order."""
    return {raw["name"]: Parameter(**raw) for raw in _file()["parameter"]}


@cache
def models() -> dict[str, Model]:
    """Every model by its name, in the file's order. Raises ValueError for a model that sets
    what no parameter is called."""
    usual = {name: parameter.value for name, parameter in parameters().items()}
    found = {}
    for raw in _file()["model"]:
        changed = raw["set"]
        if unknown := set(changed) - set(usual):
            raise ValueError(f"model {raw['name']} sets unknown parameters {sorted(unknown)}")
        values = usual | changed
        found[raw["name"]] = Model(
            raw["name"], raw["title"], raw["about"], values, frozenset(changed)
        )
    return found


def model(name: str) -> Model:
    """The model of this name. Raises ValueError for an unknown one."""
    if name not in models():
        raise ValueError(f"no model {name!r}; there are: {', '.join(models())}")
    return models()[name]


@cache
def _file() -> dict[str, Any]:
    text = (files("backstride.simulation") / "parameters.toml").read_text("utf-8")
    return tomllib.loads(text)
