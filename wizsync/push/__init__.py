"""Applying a plan: look again, record the intent, send, compare the answer, record the outcome.

`judgement` decides from what is read (pure); `one_request` turns a step into one request and its answer into
an outcome; `executor` drives a plan through them batch by batch, as its `conduct` says; `outcomes` keeps what
became of each change; `recovery` finds out what became of requests that were never answered; `streak` notices
that the server refuses everything alike; `price` says beforehand how many requests it will take. `undo` and
`undo_children` say what would put a run back (pure).
"""

from wizsync.push.conduct import Applied, Conduct
from wizsync.push.executor import Executor, batch_size
from wizsync.push.price import price
from wizsync.push.reader import Reader, Same
from wizsync.push.recovery import Recovery
from wizsync.push.standing import Standing, standing
from wizsync.push.stopping import Stop, stop_on_signals
from wizsync.push.undo import Deed, Undone, deeds, undone

__all__ = [
    "Applied",
    "Conduct",
    "Deed",
    "Executor",
    "Reader",
    "Recovery",
    "Same",
    "Standing",
    "Stop",
    "Undone",
    "batch_size",
    "deeds",
    "price",
    "standing",
    "stop_on_signals",
    "undone",
]
