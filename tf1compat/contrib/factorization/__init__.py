"""`tf.contrib.factorization`: clustering by k-means, in a graph."""

from __future__ import annotations

from .centers import COSINE_DISTANCE, KMC2_INIT, KMEANS_PLUS_PLUS_INIT, RANDOM_INIT, SQUARED_EUCLIDEAN_DISTANCE
from .kmeans import KMeans

__all__ = [
    "COSINE_DISTANCE",
    "KMC2_INIT",
    "KMEANS_PLUS_PLUS_INIT",
    "KMeans",
    "RANDOM_INIT",
    "SQUARED_EUCLIDEAN_DISTANCE",
]
