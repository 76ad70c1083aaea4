"""Virtual walkers under our regimen and under fixed schedules: does it behave as meant?

A check of the rules on invented backs, never clinical evidence. The models of backs and
people (`back`, `people`, `parameters.toml`) don't know the regimen, and the regimen sees
nothing of them but a diary. Deterministic for a seed.
"""

from backstride.simulation.compare import (
    CHECK_ONLY,
    REGIMENS,
    Comparison,
    Sensitivity,
    Swing,
    compare,
    sensitivity,
)
from backstride.simulation.outcomes import MEASURES, Estimate, Outcome, week_looked_at
from backstride.simulation.parameters import Model, Parameter, model, models, parameters

__all__ = [
    "CHECK_ONLY",
    "MEASURES",
    "REGIMENS",
    "Comparison",
    "Estimate",
    "Model",
    "Outcome",
    "Parameter",
    "Sensitivity",
    "Swing",
    "compare",
    "model",
    "models",
    "parameters",
    "sensitivity",
    "week_looked_at",
]
