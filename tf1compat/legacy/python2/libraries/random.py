"""`random`: a seed gives the numbers, choices and shuffles that it gave in Python 2."""

from __future__ import annotations

import random as _random
from random import *  # noqa: F403


class Random(_random.Random):
    """Draws whole numbers below n as Python 2 did, `int(random() * n)`; choice, shuffle, sample and randint follow."""

    def _randbelow(self, n: int) -> int:
        return int(self.random() * n)


_shared = Random()
seed, random, uniform, triangular = _shared.seed, _shared.random, _shared.uniform, _shared.triangular
choice, randint, randrange, sample, shuffle = (
    _shared.choice, _shared.randint, _shared.randrange, _shared.sample, _shared.shuffle,
)  # fmt: skip
gauss, normalvariate, lognormvariate, expovariate = (
    _shared.gauss, _shared.normalvariate, _shared.lognormvariate, _shared.expovariate,
)  # fmt: skip
vonmisesvariate, gammavariate, betavariate = _shared.vonmisesvariate, _shared.gammavariate, _shared.betavariate
paretovariate, weibullvariate = _shared.paretovariate, _shared.weibullvariate
getstate, setstate, getrandbits = _shared.getstate, _shared.setstate, _shared.getrandbits
