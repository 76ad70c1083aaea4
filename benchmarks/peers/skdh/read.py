"""Read a `.cwa` file with scikit-digital-health; with `walking`, find walking at a wrist too."""

import sys
import warnings

from skdh import Pipeline
from skdh.io import ReadCwa

warnings.simplefilter("ignore")
path, *more = sys.argv[1:]
pipeline = Pipeline()
pipeline.add(ReadCwa())
if more == ["walking"]:
    from skdh.context import Ambulation

    pipeline.add(Ambulation())
pipeline.run(file=path)
