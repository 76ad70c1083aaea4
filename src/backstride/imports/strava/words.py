"""The words of Strava's table: kinds of activity and months, in the languages of its accounts.

English, German, French and Dutch are from exports, as programs that read them show; the other
languages are as Strava's pages name things.
"""

from __future__ import annotations

from backstride.imports.track import Sport

_WALKS = (
    "walk", "hike", "spaziergang", "gehen", "wandern", "wanderung", "marche", "randonnée",
    "caminata", "caminar", "senderismo", "excursión", "camminata", "passeggiata", "escursione",
    "escursionismo", "wandeling", "wandelen", "hiken", "trektocht", "caminhada", "trilha",
    "spacer", "wędrówka", "promenad", "vandring", "gåtur", "fottur", "ходьба", "поход",
    "ウォーキング", "ハイキング", "ウォーク", "ハイク",
    "步行", "徒步", "健走", "健行", "걷기", "하이킹",
)  # fmt: skip
_RUNS = (
    "run", "lauf", "laufen", "traillauf", "course", "carrera", "corsa", "hardloopsessie",
    "hardlopen", "trailrun", "corrida", "bieg", "löpning", "løb", "løp", "бег",
    "ランニング", "ラン", "トレイルラン", "跑步", "越野跑", "달리기",
    "trail run", "virtual run", "virtueller lauf", "course à pied", "course virtuelle",
    "carrera a pie", "carrera de montaña", "carrera virtual",
    "virtuele hardloopsessie",
)  # fmt: skip
# What needn't be opened to know that it is no walk.
_OTHERS = (
    "ride", "e-bike ride", "mountain bike ride", "e-mountain bike ride", "gravel ride",
    "virtual ride", "velomobile", "handcycle", "swim", "workout", "weight training", "yoga",
    "crossfit", "elliptical", "stair-stepper", "rowing", "virtual rowing", "kayaking",
    "canoeing", "stand up paddling", "surfing", "windsurf", "kitesurf", "sail", "alpine ski",
    "backcountry ski", "nordic ski", "roller ski", "snowboard", "ice skate", "inline skate",
    "skateboard", "rock climbing", "golf", "football (soccer)", "tennis", "badminton",
    "table tennis", "squash", "pickleball", "racquetball", "pilates", "hiit", "wheelchair",
    "high intensity interval training", "radfahrt", "e-bike-fahrt", "mountainbike-fahrt",
    "gravel-fahrt", "virtuelle radfahrt", "schwimmen", "training", "krafttraining", "rudern",
    "vélo", "sortie à vélo", "sortie vtt", "vélo virtuel", "natation", "entraînement",
    "musculation", "fietsrit", "virtuele fietsrit", "zwemmen",
)  # fmt: skip
OTHERS = frozenset(_OTHERS)
# Of a kind that is none of these the file itself decides.
SPORTS = dict.fromkeys(_WALKS, Sport.WALK) | dict.fromkeys(_RUNS, Sport.RUN)

# From January on, cut to as many letters as tell them apart: en de fr es it nl pt pl sv.
_MONTHS = (
    "jan gen ene sty", "feb fév fev lut", "mar mär mrt maa mrz", "apr avr abr kwi",
    "may mai mei mag maj", "jun juin giu cze", "jul juil lug lip", "aug aoû ago sie",
    "sep set wrz", "oct okt out ott paź", "nov lis", "dec dez déc dic gru",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
