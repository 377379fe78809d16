"""Monitored sessions and their hooks, supervisors, clusters of one process."""

from .checkpoints import written
from .strings_files import folder


def _monitored(**kwargs):
    """A monitored session on a graph of its own, three steps and a hook that stops it."""

    def build(tf, f):
        with tf.Graph().as_default():
            step = tf.assign_add(tf.train.get_or_create_global_step(), 1)
            hooks = [tf.train.StopAtStepHook(last_step=3)]
            seen = []
            with f(hooks=hooks, **kwargs) as sess:
                while not sess.should_stop():
                    seen.append(sess.run(step))
        return tf.constant(seen)

    return build


def _hook(make):
    def build(tf, f):
        with tf.Graph().as_default():
            step = tf.assign_add(tf.train.get_or_create_global_step(), 1)
            loss = tf.cast(step, tf.float32) * 0.5
            tf.summary.scalar("loss", loss)
            hook, ask = make(tf, f, loss)
            stop = tf.train.StopAtStepHook(last_step=3)
            seen = []
            with tf.train.MonitoredSession(hooks=[hook, stop]) as sess:
                while not sess.should_stop():
                    seen.append(sess.run(loss))
        return tf.constant(seen + [float(ask())])

    return build


def _supervisor(tf, f):
    where = folder()
    with tf.Graph().as_default():
        v = tf.Variable(4.0, name="v")
        supervisor = f(logdir=where, summary_op=None)
        with supervisor.managed_session() as sess:
            value = sess.run(v)
            supervisor.saver.save(sess, supervisor.save_path)
        supervisor.stop()
    return tf.constant([value, float(tf.train.latest_checkpoint(where) is not None)])


def _scaffold(tf, f):
    with tf.Graph().as_default():
        v = tf.Variable(4.0, name="v")
        scaffold = f(init_fn=lambda scaffold, sess: v.load(6.0, sess))
        with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold)) as sess:
            value = sess.run(v)
    return tf.constant(value)


def _sync(tf, f):
    """The chief's queue runner applies a step when it comes to it, so how many it did is left open."""
    with tf.Graph().as_default():
        w = tf.Variable(1.0, name="w")
        optimizer = f(tf.train.GradientDescentOptimizer(0.1), replicas_to_aggregate=1, total_num_replicas=1)
        step = optimizer.minimize(w * w, global_step=tf.train.get_or_create_global_step())
        hook = optimizer.make_session_run_hook(is_chief=True)
        with tf.train.MonitoredTrainingSession(hooks=[hook], save_summaries_steps=None) as sess:
            for _ in range(3):
                sess.run(step)
            value = sess.run(w)
    return tf.constant(min(abs(value - 0.8**n) for n in range(1, 5)) < 1e-6)


def _final_ops(tf, f):
    with tf.Graph().as_default():
        hook, one = f(final_ops=tf.constant(5.0)), tf.constant(1)
        with tf.train.MonitoredSession(hooks=[hook]) as sess:
            sess.run(one)
    return tf.constant(hook.final_ops_values)


def _feed_hook(tf, f):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        y = x * 2.0
        with tf.train.MonitoredSession(hooks=[f(lambda: {x: 4.0})]) as sess:
            value = sess.run(y)
    return tf.constant(value)


def _saver_hook(tf, f):
    where = folder()
    with tf.Graph().as_default():
        step = tf.assign_add(tf.train.get_or_create_global_step(), 1)
        with tf.train.MonitoredSession(hooks=[f(where, save_steps=1)]) as sess:
            sess.run(step)
    return tf.constant(tf.train.latest_checkpoint(where) is not None)


def _summary_hook(tf, f):
    where = folder()
    with tf.Graph().as_default():
        step = tf.assign_add(tf.train.get_or_create_global_step(), 1)
        summary = tf.summary.scalar("loss", tf.constant(2.5))
        hook = f(save_steps=1, output_dir=where, summary_op=summary)
        with tf.train.MonitoredSession(hooks=[hook]) as sess:
            sess.run(step)
    return tf.constant(written(tf, where)[:1])


def _own_hook(tf, f):
    class Hook(f):
        def __init__(self):
            self.seen = []

        def before_run(self, context):
            return tf.train.SessionRunArgs(self.tensor)

        def after_run(self, context, values):
            self.seen.append(values.results)

    hook = Hook()
    with tf.Graph().as_default():
        hook.tensor, one = tf.constant(3.0), tf.constant(1)
        with tf.train.MonitoredSession(hooks=[hook]) as sess:
            sess.run(one)
    return tf.constant(hook.seen)


def _creator(tf, f):
    with tf.Graph().as_default():
        v = tf.Variable(4.0)
        value = f().create_session().run(v)
    return tf.constant(value)


def _session_manager(tf, f):
    with tf.Graph().as_default():
        v = tf.Variable(4.0)
        sess = f().prepare_session("", init_op=tf.global_variables_initializer())
        value = sess.run(v)
        sess.close()
    return tf.constant(value)


def _basic_loop(tf, f):
    seen = []
    with tf.Graph().as_default():
        v = tf.Variable(1.0)
        supervisor = tf.train.Supervisor(logdir=None)

        def step(sess, by):
            seen.append(float(sess.run(v)) * by)
            if len(seen) == 2:
                supervisor.request_stop()

        f(supervisor, step, args=(2.0,))
    return tf.constant(seen)


def _replica_setter(tf, f):
    setter = f(cluster=tf.train.ClusterSpec({"ps": ["a:1"], "worker": ["b:2"]}))
    with tf.Graph().as_default(), tf.device(setter):
        v = tf.Variable(1.0)
        c = tf.constant(1.0)
    return tf.constant([v.device, c.device])


CASES = {}
CASES.update(
    {
        "train.SyncReplicasOptimizer": _sync,
        "train.MonitoredTrainingSession": _monitored(),
        "train.MonitoredSession": _monitored(),
        "train.SingularMonitoredSession": _monitored(),
        "train.StopAtStepHook": _hook(lambda tf, f, loss: (f(num_steps=2), lambda: 0)),
        "train.LoggingTensorHook": _hook(lambda tf, f, loss: (f([loss], every_n_iter=100), lambda: 0)),
        "train.NanTensorHook": _hook(lambda tf, f, loss: (f(loss), lambda: 0)),
        "train.StepCounterHook": _hook(lambda tf, f, loss: (f(output_dir=folder()), lambda: 0)),
        "train.FinalOpsHook": lambda tf, f: _final_ops(tf, f),
        "train.FeedFnHook": lambda tf, f: _feed_hook(tf, f),
        "train.CheckpointSaverHook": lambda tf, f: _saver_hook(tf, f),
        "train.SummarySaverHook": lambda tf, f: _summary_hook(tf, f),
        "train.GlobalStepWaiterHook": _hook(lambda tf, f, loss: (f(0), lambda: 0)),
        "train.SessionRunHook": lambda tf, f: _own_hook(tf, f),
        "train.SessionRunArgs": lambda tf, f: tf.constant(f(fetches=[1], feed_dict=None).fetches),
        "train.ChiefSessionCreator": lambda tf, f: _creator(tf, f),
        "train.Scaffold": _scaffold,
        "train.Supervisor": _supervisor,
        "train.SessionManager": lambda tf, f: _session_manager(tf, f),
        "train.SecondOrStepTimer": lambda tf, f: tf.constant(f(every_steps=2).should_trigger_for_step(1)),
        "train.basic_train_loop": lambda tf, f: _basic_loop(tf, f),
        "train.ClusterSpec": lambda tf, f: tf.constant(f({"ps": ["a:1"], "worker": ["b:2", "c:3"]}).jobs),
        "train.Server": lambda tf, f: tf.constant(f({"local": ["localhost:0"]}, start=False).target[:16]),
        "train.Server.create_local_server": lambda tf, f: tf.constant(f(start=False).target[:16]),
        "train.replica_device_setter": lambda tf, f: _replica_setter(tf, f),
    }
)
