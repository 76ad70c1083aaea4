"""KielMAT: Paraschiv-Ionescu's gait sequences and the initial contacts in them, defaults.

In g, as its sequences' fixed threshold is; x of the recordings is the vertical axis.
"""

import pandas as pd
from kielmat.modules.gsd import ParaschivIonescuGaitSequenceDetection
from kielmat.modules.icd import ParaschivIonescuInitialContactDetection

PACKAGE = "kielmat"


def count(recording: dict) -> dict:
    """Initial contacts, and the gait sequences."""
    signal = pd.DataFrame(recording["acc"], columns=["x", "y", "z"])
    fs_hz = round(recording["fs_hz"], 3)
    found = ParaschivIonescuGaitSequenceDetection().detect(signal, sampling_freq_Hz=fs_hz)
    gait = found.gait_sequences_
    if gait is None:
        return {"steps": 0, "bouts": []}
    contacts = ParaschivIonescuInitialContactDetection().detect(
        signal, sampling_freq_Hz=fs_hz, v_acc_col_name="x", gait_sequences=gait
    )
    if contacts.initial_contacts_.empty:  # it prints its failures and goes on
        raise RuntimeError("no initial contact in any gait sequence")
    edges = [[float(a), float(a + s)] for a, s in zip(gait["onset"], gait["duration"], strict=True)]
    return {"steps": len(contacts.initial_contacts_), "bouts": edges}
