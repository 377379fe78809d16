"""Synchronous training of several workers on one set of variables, in TF1's way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tensorflow as tf

from .. import variables
from ..optimizer import Optimizer

__all__ = ["SyncReplicasOptimizer"]


class SyncReplicasOptimizer(Optimizer):
    """Collects the gradients of several steps, and lets another optimizer apply their mean.

    The operation that `apply_gradients` returns puts a step's gradients into accumulators and then waits
    for a token. A queue runner of the chief waits until the accumulators hold `replicas_to_aggregate`
    gradients that are not older than `global_step`, applies their mean, increments `global_step` and puts
    as many tokens as steps may follow into a queue. A step whose gradients are older is dropped.

    It works in a TF1 graph, where the steps are those of threads or loops of this process: a Session here
    has no other workers. In TF2's modes `tf.distribute` does what this was for.

    Usage, with one worker:

        optimizer = SyncReplicasOptimizer(AdamOptimizer(), replicas_to_aggregate=1)
        train = optimizer.minimize(loss, global_step=step)
        with tf.train.MonitoredTrainingSession(hooks=[optimizer.make_session_run_hook(True)]) as session:
            session.run(train)

    Args:
      opt: The optimizer that computes and applies gradients.
      replicas_to_aggregate: How many steps' gradients make one update.
      total_num_replicas: How many steps run at a time; `replicas_to_aggregate` by default. More are
        spare, with fewer each takes several batches an update.
      variable_averages: An `ExponentialMovingAverage` to apply after each update, if any.
      variables_to_average: The variables to apply it to.
      use_locking: As of every optimizer.
      name: The name scope.
    """

    def __init__(
        self,
        opt: Any,
        replicas_to_aggregate: int,
        total_num_replicas: int | None = None,
        variable_averages: Any = None,
        variables_to_average: Any = None,
        use_locking: bool = False,
        name: str = "sync_replicas",
    ) -> None:
        super().__init__(use_locking, name)
        self._opt = opt
        self._replicas_to_aggregate = replicas_to_aggregate
        self._total_num_replicas = replicas_to_aggregate if total_num_replicas is None else total_num_replicas
        self._tokens_per_step = max(self._total_num_replicas, replicas_to_aggregate)
        self._variable_averages = variable_averages
        self._variables_to_average = variables_to_average
        self._gradients_applied = False
        self._global_step: Any = None
        self._sync_token_queue: Any = None
        self._chief_queue_runner: Any = None

    def compute_gradients(self, *args: Any, **kwargs: Any) -> list[tuple[Any, Any]]:
        """The other optimizer's, of this step alone."""
        return self._opt.compute_gradients(*args, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Iterable[tuple[Any, Any]], global_step: Any = None, name: str | None = None
    ) -> Any:
        """Collect gradients, and wait until they have been applied.

        Args:
          grads_and_vars: As `compute_gradients` returns them.
          global_step: The variable that counts updates; an integer scalar. It tells which gradients are old.
          name: Not used, as in TF1: the update is the other optimizer's and has its name.

        Returns:
          What each worker runs for a step; its value is `global_step` after the update.

        Raises:
          ValueError: if there are no pairs or no `global_step`, or a gradient is neither tensor nor slices.
          NotImplementedError: outside of a TF1 graph.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("Must supply at least one variable")
        if global_step is None:
            raise ValueError("Global step is required to check staleness")
        if not variables.in_tf1_graph():
            raise NotImplementedError(
                "SyncReplicasOptimizer collects gradients in queues and accumulators that only a TF1 graph has. "
                "Use tf.distribute.MirroredStrategy, and minimize() of the optimizer itself inside strategy.run."
            )
        self._global_step = step = variables.unwrapped(global_step)
        self._local_step = tf.compat.v1.Variable(
            0,
            trainable=False,
            collections=[tf.compat.v1.GraphKeys.LOCAL_VARIABLES],
            dtype=step.dtype.base_dtype,
            name="sync_rep_local_step",
            use_resource=True,
        )
        self.local_step_init_op = self._local_step.assign(step).op
        self.ready_for_local_init_op = tf.compat.v1.report_uninitialized_variables(tf.compat.v1.global_variables())
        with tf.compat.v1.name_scope(None, self._name):
            collected = [self._collect(g, variables.unwrapped(v)) for g, v in pairs]
            with tf.device(step.device), tf.name_scope(""):
                means = [(None if each is None else each[2], v) for each, (_, v) in zip(collected, pairs, strict=True)]
                update = self._opt.apply_gradients(means, global_step)
                train = self._wait_for_token([each[1] for each in collected if each is not None])
                self._chief_queue_runner = self._chief(update)
            set_steps = [
                accumulator.set_global_step(step, name="SetGlobalStep")
                for accumulator, *_ in (each for each in collected if each is not None)
            ]
            self.chief_init_op = tf.group(self.local_step_init_op, *set_steps)
        self._gradients_applied = True
        return train

    def _collect(self, gradient: Any, variable: Any) -> tuple[Any, Any, Any] | None:
        """(accumulator, operation that puts a gradient in, the mean taken out) for a variable."""
        if gradient is None:
            return None
        name, count = f"{variable.name}/grad_accum", self._replicas_to_aggregate
        with tf.device(variable.device):
            if isinstance(gradient, tf.IndexedSlices):
                sparse = tf.compat.v1.SparseConditionalAccumulator(gradient.dtype, shape=(), shared_name=name)
                put = sparse.apply_indexed_slices_grad(gradient, local_step=self._local_step)
                return sparse, put, sparse.take_indexed_slices_grad(count)
            if not tf.is_tensor(gradient):
                raise ValueError(f"Unknown grad type! {gradient!r}")
            dense = tf.compat.v1.ConditionalAccumulator(gradient.dtype, shape=variable.shape, shared_name=name)
            return dense, dense.apply_grad(gradient, local_step=self._local_step), dense.take_grad(count)

    def _wait_for_token(self, gradients_are_in: list[Any]) -> Any:
        """Take the number of the step that follows as this worker's own, once there is a token."""
        self._sync_token_queue = tf.queue.FIFOQueue(
            -1, self._global_step.dtype.base_dtype, shapes=(), name="sync_token_q", shared_name="sync_token_q"
        )
        with tf.control_dependencies(gradients_are_in):
            token = self._sync_token_queue.dequeue()
        return tf.compat.v1.assign(self._local_step, token)

    def _chief(self, update: Any) -> Any:
        """The queue runner that applies means and hands out tokens."""
        unused = tf.queue.FIFOQueue(1, tf.int32, shapes=(), name="dummy_queue", shared_name="dummy_queue")
        with tf.control_dependencies([update]):
            done = self._sync_token_queue.enqueue_many((tf.fill([self._tokens_per_step], self._global_step),))
        if self._variable_averages is not None:
            with tf.control_dependencies([done]), tf.name_scope(""):
                done = self._variable_averages.apply(self._variables_to_average)
        ends = (tf.errors.OutOfRangeError, tf.errors.CancelledError)  # the Session is closed
        return tf.compat.v1.train.QueueRunner(unused, [done], queue_closed_exception_types=ends)

    def get_chief_queue_runner(self) -> Any:
        """The queue runner that the chief must start.

        Raises:
          ValueError: before `apply_gradients`.
        """
        if not self._gradients_applied:
            raise ValueError("Should be called after apply_gradients().")
        return self._chief_queue_runner

    def get_init_tokens_op(self, num_tokens: int = -1) -> Any:
        """An operation that lets workers begin without waiting for the first update.

        Args:
          num_tokens: How many steps may; `replicas_to_aggregate` if -1.

        Raises:
          ValueError: before `apply_gradients`, or if the first update would then never be complete.
        """
        if not self._gradients_applied:
            raise ValueError("get_init_tokens_op() should be called after apply_gradients().")
        needed = self._replicas_to_aggregate - self._total_num_replicas
        if num_tokens == -1:
            num_tokens = self._replicas_to_aggregate
        elif num_tokens < needed:
            raise ValueError(f"Too few tokens to finish the first step: {num_tokens:d} (given) vs {needed:d} (needed)")
        if num_tokens <= 0:
            return tf.no_op(name="no_init_tokens")
        with tf.device(self._global_step.device), tf.name_scope(""):
            return self._sync_token_queue.enqueue_many((tf.fill([num_tokens], self._global_step),))

    def make_session_run_hook(self, is_chief: bool, num_tokens: int = -1) -> tf.compat.v1.train.SessionRunHook:
        """A hook that initializes this worker, and on the chief the queue and its runner."""
        return _Hook(self, is_chief, num_tokens)

    # The slots are the other optimizer's.

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args: Any, **kwargs: Any) -> list[str]:
        return self._opt.get_slot_names(*args, **kwargs)

    def variables(self) -> list[Any]:
        return self._opt.variables()


class _Hook(tf.compat.v1.train.SessionRunHook):
    def __init__(self, optimizer: SyncReplicasOptimizer, is_chief: bool, num_tokens: int) -> None:
        self._optimizer = optimizer
        self._is_chief = is_chief
        self._num_tokens = num_tokens

    def begin(self) -> None:
        if not self._optimizer._gradients_applied:
            raise ValueError("SyncReplicasOptimizer.apply_gradient should be called before using the hook.")
        if self._is_chief:
            self._local_init_op = self._optimizer.chief_init_op
            self._q_runner = self._optimizer.get_chief_queue_runner()
            self._init_tokens_op = self._optimizer.get_init_tokens_op(self._num_tokens)
        else:
            self._local_init_op = self._optimizer.local_step_init_op
            self._q_runner = self._init_tokens_op = None

    def after_create_session(self, session: Any, coord: Any) -> None:
        missing = session.run(self._optimizer.ready_for_local_init_op)
        if len(missing):
            names = ", ".join(tf.compat.as_str(name) for name in missing)
            raise RuntimeError(
                "Init operations did not make model ready for SyncReplicasOptimizer local_init. "
                f"Init op: {self._local_init_op.name}, error: Variables not initialized: {names}"
            )
        session.run(self._local_init_op)
        if self._init_tokens_op is not None:
            session.run(self._init_tokens_op)
        if self._q_runner is not None:
            self._q_runner.create_threads(session, coord=coord, daemon=True, start=True)
