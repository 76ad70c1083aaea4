"""docs/simulation.md: its lists are what the data say, its commands' figures what was run."""

import importlib.util
import re

import pytest

from backstride.simulation import CHECK_ONLY, models, parameters
from docs.pages import ROOT, tables, text_of


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("page", ROOT / "tools" / "simulation_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_models_and_parameters_are_current(tool):
    page = text_of("simulation.md")
    made = tool.filled(page, "models", tool.models_list())
    assert tool.filled(made, "parameters", tool.parameters_list()) == page, "run: make simulation"


def test_the_page_says_what_it_is_not():
    words = " ".join(text_of("simulation.md").split())
    assert "It is no clinical evidence" in words
    assert "no clinical evidence" in CHECK_ONLY


def test_the_tables_are_those_of_every_model_and_parameter(tool):
    outcomes = next(t for t in tables("simulation.md") if t.columns[:2] == ["model", "regimen"])
    assert list(dict.fromkeys(outcomes.column("model"))) == list(models())
    swings = next(t for t in tables("simulation.md") if t.columns[0] == "parameter")
    tried = {re.sub("`", "", name) for name in swings.column("parameter")} - {"as it is"}
    usual = models()["capacity"]
    assert tried == {name for name in parameters() if usual[name]}
    page = " ".join(text_of("simulation.md").split())
    assert f"{tool.PEOPLE} walkers over {tool.WEEKS} weeks, seed {tool.SEED}" in page
    assert f"{tool.TRIED_PEOPLE} walkers over {tool.TRIED_WEEKS} weeks" in page


def test_a_page_without_its_markers_is_refused(tool):
    with pytest.raises(ValueError, match="0 places for models"):
        tool.filled("nothing here", "models", [])
