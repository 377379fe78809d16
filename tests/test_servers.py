"""`tf.train.Server`: one process as its own cluster, and what needs more than one."""

import socket
import threading

import pytest

import tf1compat.v1 as tf

INSTEAD = "tf.distribute.MultiWorkerMirroredStrategy; examples/five_ways/launch_workers.py"


def ports(count):
    """Free ports, held until all are known."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("localhost", 0))
    found = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return found


def test_sessions_of_a_server_share_variables_and_queues():
    server = tf.train.Server.create_local_server()
    v = tf.get_variable("v", initializer=1.0)
    queue = tf.FIFOQueue(3, tf.float32, shapes=[[]])
    with tf.Session(server.target) as one, tf.Session(server.target) as other:
        one.run([v.initializer, queue.enqueue(5.0)])
        assert other.run(v) == 1 and other.run(queue.dequeue()) == 5
        other.run(v.assign_add(1.0))
        assert one.run(v) == 2
        isolated = tf.ConfigProto(isolate_session_state=True)
        with tf.Session(server.target, config=isolated) as apart, pytest.raises(tf.errors.FailedPreconditionError):
            apart.run(v)
    with tf.Graph().as_default():  # by name, whatever the graph
        again = tf.get_variable("v", [])
        with tf.Session(server.target) as sess:
            assert sess.run(again) == 2
    with tf.Session() as sess, pytest.raises(tf.errors.FailedPreconditionError):
        sess.run(v)


def test_reset_clears_containers_and_ends_the_sessions_of_its_server_only():
    server, other = tf.train.Server.create_local_server(), tf.train.Server.create_local_server()
    with tf.container("kept"):
        kept = tf.Variable(1.0)
    cleared = tf.Variable(2.0)
    on_server, on_other, on_none = tf.Session(server.target), tf.Session(other.target), tf.Session()
    for sess in (on_server, on_other, on_none):
        sess.run(tf.global_variables_initializer())
    tf.Session.reset(server.target)
    with pytest.raises(tf.errors.AbortedError):
        on_server.run(kept)
    assert on_other.run(cleared) == 2 and on_none.run(cleared) == 2
    with tf.Session(server.target) as sess:
        assert sess.run(kept) == 1
        with pytest.raises(tf.errors.FailedPreconditionError):
            sess.run(cleared)
    tf.Session.reset(server.target, ["kept"])
    with tf.Session(server.target) as sess, pytest.raises(tf.errors.FailedPreconditionError):
        sess.run(kept)


def test_ps_and_workers_in_threads_of_one_process():
    ps, *workers = (f"localhost:{port}" for port in ports(3))
    cluster = tf.train.ClusterSpec({"ps": [ps], "worker": workers})
    threading.Thread(target=lambda: tf.train.Server(cluster, "ps", 0).join(), daemon=True).start()
    devices, ready = {}, threading.Barrier(2)

    def work(index):
        server = tf.train.Server(cluster, job_name="worker", task_index=index)
        own = f"/job:worker/task:{index}"
        with tf.Graph().as_default(), tf.device(tf.train.replica_device_setter(cluster=cluster, worker_device=own)):
            shared = tf.get_variable("shared", initializer=0.0)
            with tf.device(own):
                mine = tf.get_variable("mine", initializer=float(index))
            with tf.Session(server.target) as sess:
                sess.run(mine.initializer)
                if index == 0:
                    sess.run(shared.initializer)
                ready.wait(60)
                for _ in range(5):
                    sess.run(shared.assign_add(1.0))
                ready.wait(60)
                devices[index] = shared.device, sess.run(shared), sess.run(mine), len(sess.list_devices())

    threads = [threading.Thread(target=work, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {index: found[:3] for index, found in devices.items()} == {
        0: ("/job:ps/task:0", 10.0, 0.0), 1: ("/job:ps/task:0", 10.0, 1.0),
    }  # fmt: skip
    assert devices[0][3] == 3 * len(tf.Session().list_devices())


def test_device_filters_say_which_tasks_are_needed():
    here, elsewhere = (f"localhost:{port}" for port in ports(2))
    server = tf.train.Server({"worker": [here, elsewhere]}, job_name="worker", task_index=0)
    config = tf.ConfigProto(device_filters=["/job:worker/task:0"])
    with tf.Session(server.target, config=config) as sess:
        assert sess.run(tf.constant(3)) == 3


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr("tf1compat.graph.servers._PATIENCE", 0.05)


def test_a_task_in_another_process_is_refused(hasty):
    here, elsewhere = (f"localhost:{port}" for port in ports(2))
    server = tf.train.Server({"ps": [here], "worker": [elsewhere]}, job_name="ps", task_index=0)
    for connect in (server.join, lambda: tf.Session(server.target)):
        with pytest.raises(NotImplementedError, match="no server for /job:worker/task:0") as refusal:
            connect()
        assert INSTEAD in str(refusal.value)


@pytest.mark.parametrize("target", ["grpc://localhost:1", "grpc://10.0.0.7:2222", "nonexistent"])
def test_a_target_that_is_no_server_of_this_process_is_refused(target):
    for connect in (tf.Session, tf.Session.reset, tf.InteractiveSession):
        with pytest.raises(NotImplementedError, match="is no server of this process") as refusal:
            connect(target)
        assert INSTEAD in str(refusal.value)


def test_a_cluster_of_several_machines_is_refused():
    (port,) = ports(1)
    with pytest.raises(NotImplementedError, match="10.0.0.7:2222', another machine") as refusal:
        tf.train.Server({"worker": [f"localhost:{port}", "10.0.0.7:2222"]}, job_name="worker", task_index=0)
    assert INSTEAD in str(refusal.value)


def test_a_device_that_is_no_task_of_the_cluster_is_named():
    server = tf.train.Server.create_local_server()
    with tf.device("/job:ps/task:3"):
        x = tf.constant(1.0) + tf.placeholder_with_default(1.0, [])
    with tf.Session(server.target) as sess, pytest.raises(tf.errors.InvalidArgumentError, match="/job:ps/task:3"):
        sess.run(x)
