"""`Session.run_steps`: many steps as one loop inside the runtime.

The way of a call: `sources` says what each step is fed, `loops` makes the loop around the step's compiled function,
`chunks` how many steps one call of it does and what happens between two calls, `results` what comes back.
"""

from .results import Steps, StepsInterrupted
from .stepping import run_steps

__all__ = ["Steps", "StepsInterrupted", "run_steps"]
