"""Raw signal or interval counts to walking: bouts, steps, minutes and days."""

from backstride.walking.days import days
from backstride.walking.from_samples import minutes_of
from backstride.walking.measure import Live, Measurement, measure
from backstride.walking.params import Params
from backstride.walking.samples import samples_of

__all__ = ["Live", "Measurement", "Params", "days", "measure", "minutes_of", "samples_of"]
