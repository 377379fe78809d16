import numpy as np
import settings


def halves(numbers):
    return [n / 2 for n in numbers]


def batch(n):
    return (np.arange(n * settings.SIZE).reshape(n, settings.SIZE) / 3).astype('f')
