"""k-means clustering as a graph's training operation."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .centers import (
    COSINE_DISTANCE,
    KMC2_INIT,
    KMEANS_PLUS_PLUS_INIT,
    RANDOM_INIT,
    SQUARED_EUCLIDEAN_DISTANCE,
    Chooser,
    normalized,
)

__all__ = ["KMeans"]

v1 = tf.compat.v1


class KMeans:
    """Builds the graph that clusters rows.

        graph = KMeans(rows, 10, use_mini_batch=True).training_graph()
        all_scores, cluster_idx, scores, initialized, init_op, train_op = graph

    `init_op` is run before `train_op`, once where centers are chosen at random.

    Args:
      inputs: [rows, features], or a list of such.
      num_clusters: how many; not used where `initial_clusters` are centers.
      initial_clusters: `RANDOM_INIT`, `KMEANS_PLUS_PLUS_INIT`, a function of (inputs, how many) that gives
        centers, or the centers.
      distance_metric: `SQUARED_EUCLIDEAN_DISTANCE`, or `COSINE_DISTANCE` between rows and centers made unit vectors.
      use_mini_batch: whether centers move a little with each run, else to the means of all rows.
      mini_batch_steps_per_iteration: the runs after which the centers that rows are compared with are replaced.
      random_seed: of the first centers.
      kmeans_plus_plus_num_retries: how many rows k-means++ tries for one center.
      kmc2_chain_length: of `KMC2_INIT`, which is refused.

    Raises:
      ValueError: for an algorithm or a distance that there is not.
      NotImplementedError: for `KMC2_INIT`.
    """

    def __init__(
        self,
        inputs: Any,
        num_clusters: Any,
        initial_clusters: Any = RANDOM_INIT,
        distance_metric: str = SQUARED_EUCLIDEAN_DISTANCE,
        use_mini_batch: bool = False,
        mini_batch_steps_per_iteration: int = 1,
        random_seed: int = 0,
        kmeans_plus_plus_num_retries: int = 2,
        kmc2_chain_length: int = 200,
    ) -> None:
        del kmc2_chain_length  # belongs to what is refused below
        if isinstance(initial_clusters, str) and initial_clusters not in (
            RANDOM_INIT,
            KMEANS_PLUS_PLUS_INIT,
            KMC2_INIT,
        ):
            raise ValueError(f"Unsupported initialization algorithm '{initial_clusters}'")
        if isinstance(initial_clusters, str) and initial_clusters == KMC2_INIT:
            raise NotImplementedError(
                "tf.contrib.factorization.KMeans(initial_clusters='kmc2') is not available: the chain was never "
                "rewritten here. Instead: KMEANS_PLUS_PLUS_INIT."
            )
        if distance_metric not in (SQUARED_EUCLIDEAN_DISTANCE, COSINE_DISTANCE):
            raise ValueError(f"Unsupported distance metric '{distance_metric}'")
        self._inputs = inputs if isinstance(inputs, list) else [inputs]
        self._num_clusters = num_clusters
        self._initial_clusters = initial_clusters
        self._cosine = distance_metric == COSINE_DISTANCE
        self._mini_batch = use_mini_batch
        self._steps = int(mini_batch_steps_per_iteration)
        self._seed = random_seed
        self._retries = kmeans_plus_plus_num_retries

    def training_graph(self) -> tuple[Any, Any, Any, Any, Any, Any]:
        """Build it.

        Returns:
          all_scores: for each input, [rows, clusters], the distance to every center.
          cluster_idx: for each input, [rows], the nearest center.
          scores: for each input, [rows], the distance to that.
          cluster_centers_initialized: the variable that tells whether centers have been chosen.
          init_op, training_op: what chooses them, and what moves them.
        """
        given = self._initial_clusters
        if isinstance(given, str) or callable(given):
            count = tf.convert_to_tensor(self._num_clusters)
        else:
            given = tf.convert_to_tensor(given)
            count = tf.shape(given)[0]
        inputs = [tf.convert_to_tensor(each) for each in self._inputs]
        none = tf.constant([], dtype=tf.float32)
        centers = v1.Variable(none, name="clusters", validate_shape=False)
        done = v1.Variable(False, name="initialized")
        moving, waiting, counts = centers, None, None
        if self._mini_batch and self._steps > 1:
            moving = v1.Variable(none, name="clusters_updated", validate_shape=False)
            waiting = v1.Variable(self._steps, dtype=tf.int64, name="update_in_steps")
            counts = v1.Variable(tf.zeros([count], dtype=tf.int64))
        elif self._mini_batch:
            counts = v1.Variable(tf.ones([count], dtype=tf.int64))
        chooser = Chooser(inputs, count, given, self._cosine, self._seed, self._retries, centers, moving, done)
        init_op = chooser.op()
        compared: Any = centers
        if self._cosine:
            inputs = [normalized(each) for each in inputs]
            if not self._centers_are_unit_vectors():
                compared = normalized(centers)
        all_scores, scores, nearest = self._distances(inputs, compared)
        if self._mini_batch:
            with tf.control_dependencies([self._replace(waiting, centers, moving, counts)]):
                train_op = _move(inputs, nearest, moving, counts)
        else:
            train_op = self._means(inputs, count, nearest, centers)
        return all_scores, nearest, scores, done, init_op, train_op

    def _centers_are_unit_vectors(self) -> bool:
        return self._cosine and (not self._mini_batch or self._steps > 1)

    def _distances(self, inputs: list[Any], centers: Any) -> tuple[Any, ...]:
        found = []
        for rows in inputs:
            products = tf.matmul(rows, centers, transpose_b=True)
            if self._cosine:
                every = 1 - products
            else:
                squares = [tf.reduce_sum(tf.square(each), 1, keepdims=True) for each in (rows, centers)]
                every = squares[0] - 2 * products + tf.transpose(squares[1])
            near = normalized(centers) if self._cosine and not self._centers_are_unit_vectors() else centers
            places, nearest = tf.raw_ops.NearestNeighbors(points=rows, centers=near, k=tf.constant(1, tf.int64))
            nearest = nearest * 0.5 if self._cosine else nearest
            found.append((every, tf.squeeze(nearest, [-1]), tf.squeeze(places, [-1])))
        return tuple(zip(*found, strict=True))

    def _means(self, inputs: list[Any], count: Any, nearest: Any, centers: Any) -> Any:
        """All centers become the means of the rows nearest to them."""
        sums, sizes = [], []
        for rows, places in zip(inputs, nearest, strict=True):
            sums.append(tf.math.unsorted_segment_sum(rows, places, count))
            sizes.append(tf.math.unsorted_segment_sum(tf.ones_like(rows[:, :1]), places, count))
        means = tf.add_n(sums) / (tf.add_n(sizes) + tf.constant(1e-6, dtype=inputs[0].dtype))
        return v1.assign(centers, normalized(means) if self._centers_are_unit_vectors() else means)

    def _replace(self, waiting: Any, centers: Any, moving: Any, counts: Any) -> Any:
        """Every so many steps, the centers that rows are compared with become those that have moved."""
        if waiting is None:
            return tf.no_op()

        def now() -> Any:
            with tf.control_dependencies([v1.assign(waiting, self._steps - 1).op]):
                moved = normalized(moving) if self._cosine else tf.identity(moving)
            with tf.control_dependencies([v1.assign(centers, moved).op]):
                cleared = v1.assign(counts, tf.zeros_like(counts))
            with tf.control_dependencies([cleared.op]):
                return tf.identity(waiting)

        return v1.cond(waiting <= 0, now, lambda: tf.identity(v1.assign_sub(waiting, 1)))


def _move(inputs: list[Any], nearest: Any, centers: Any, counts: Any) -> Any:
    """Each center goes towards the rows nearest to it, by 1 / (the rows that it has had) for each."""
    updates = []
    for rows, places in zip(inputs, nearest, strict=True):
        clusters, which = tf.unique(tf.reshape(places, [-1]))
        size = tf.size(clusters)
        had, were = tf.gather(counts, clusters), tf.gather(centers, clusters)
        more = tf.math.unsorted_segment_sum(tf.ones_like(which, dtype=counts.dtype), which, size)
        away = tf.math.unsorted_segment_sum(rows, which, size) - tf.cast(more, rows.dtype)[:, None] * were
        step = away / tf.cast(had + more, rows.dtype)[:, None]
        with tf.control_dependencies([had, step]):
            updates.append(v1.scatter_add(counts, clusters, more))
            updates.append(v1.scatter_add(centers, clusters, step))
    return tf.group(*updates)
