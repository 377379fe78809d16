"""Rule 7: two Sessions on one graph share no queue, table, reader, iterator…; close() frees and wakes."""

import threading
import time

import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf

raw = tf2.raw_ops


def in_thread(session, fetches, feed_dict=None):
    """Runs in a thread; the list it returns gets the result or the exception."""
    outcome = []

    def work():
        try:
            outcome.append(session.run(fetches, feed_dict))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread, outcome


def wait_until_blocked(thread):
    thread.join(0.3)
    assert thread.is_alive(), "the run did not block"


# --- each: what fills it, what it holds now, what takes from it and blocks when there is nothing ------------


def _queue(kind):
    def build():
        queue = kind()
        return queue.enqueue(1), queue.size(), queue.dequeue()

    return build


def _priority():
    queue = tf.PriorityQueue(9, tf.string, [[]])
    return queue.enqueue([np.int64(1), "a"]), queue.size(), queue.dequeue()


def _barrier():
    handle = raw.Barrier(component_types=[tf.float32], shapes=[[]])
    insert = raw.BarrierInsertMany(handle=handle, keys=["a"], values=[1.0], component_index=0)
    take = raw.BarrierTakeMany(handle=handle, num_elements=1, component_types=[tf.float32])
    return insert, raw.BarrierReadySize(handle=handle), take.values[0]


def _staging():
    where = {"dtypes": [tf.float32], "shared_name": "area"}
    put = raw.Stage(values=[tf.constant(1.0)], shared_name="area")
    return put, raw.StageSize(**where), raw.Unstage(**where)[0]


def _map_staging(put, size, get):
    def build():
        where = {"dtypes": [tf.float32], "shared_name": "area"}
        key = tf.constant(7, tf.int64)
        filled = put(key=key, indices=[0], values=[tf.constant(1.0)], **where)
        return filled, size(**where), get(indices=[0], **where).values[0]

    return build


def _accumulator():
    accumulator = tf.ConditionalAccumulator(tf.float32, shape=[])
    return accumulator.apply_grad(1.0), accumulator.num_accumulated(), accumulator.take_grad(1)


def _sparse_accumulator():
    accumulator = tf.SparseConditionalAccumulator(tf.float32, shape=[3])
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([2], tf.int64))
    taken = accumulator.take_indexed_slices_grad(1).values
    return accumulator.apply_indexed_slices_grad(slices), accumulator.num_accumulated(), taken


def _queue_in_a_cond():
    queue = tf.FIFOQueue(3, tf.int32, shapes=[[]])
    return queue.enqueue(1), queue.size(), tf.cond(tf.constant(True), queue.dequeue, lambda: 0)


def _queue_in_a_loop():
    queue = tf.FIFOQueue(3, tf.int32, shapes=[[]])
    total = tf.while_loop(lambda i, t: i < 1, lambda i, t: (i + 1, t + queue.dequeue()), [0, 0])[1]
    return queue.enqueue(1), queue.size(), total


HOLDERS = {
    "fifo": _queue(lambda: tf.FIFOQueue(3, tf.int32, shapes=[[]])),
    "fifo that a name shares": _queue(lambda: tf.FIFOQueue(3, tf.int32, shapes=[[]], shared_name="mine")),
    "shuffling": _queue(lambda: tf.RandomShuffleQueue(3, 0, tf.int32, shapes=[[]], seed=1)),
    "padding": _queue(lambda: tf.PaddingFIFOQueue(3, tf.int32, shapes=[[]])),
    "priority": _priority,
    "barrier": _barrier,
    "staging": _staging,
    "map staging": _map_staging(raw.MapStage, raw.MapSize, raw.MapUnstageNoKey),
    "ordered map staging": _map_staging(raw.OrderedMapStage, raw.OrderedMapSize, raw.OrderedMapUnstageNoKey),
    "accumulator": _accumulator,
    "sparse accumulator": _sparse_accumulator,
    "queue in a cond": _queue_in_a_cond,
    "queue in a loop": _queue_in_a_loop,
}


@pytest.mark.parametrize("kind", HOLDERS)
def test_sessions_share_nothing_and_signatures_share_all(kind):
    fill, size, take = HOLDERS[kind]()
    other = tf.constant(0)
    with tf.Session() as one, tf.Session() as two:
        one.run(fill)
        assert (one.run(size), two.run(size)) == (1, 0)
        assert one.run([size, other])[0] == 1
        two.run([fill, other])
        np.testing.assert_array_equal(np.ravel(one.run([take, other])[0])[-1:], np.ravel(two.run(take))[-1:])
        assert (one.run(size), two.run([size, other])[0]) == (0, 0)


@pytest.mark.parametrize("kind", HOLDERS)
def test_closing_wakes_what_waits_and_leaves_other_sessions_alone(kind):
    fill, size, take = HOLDERS[kind]()
    closing, staying = tf.Session(), tf.Session()
    waiting, outcome = in_thread(closing, take)
    undisturbed, later = in_thread(staying, take)
    wait_until_blocked(waiting)
    closing.close()
    waiting.join(30)
    assert [type(error) for error in outcome] == [tf.errors.CancelledError]
    wait_until_blocked(undisturbed)
    staying.run(fill)
    undisturbed.join(30)
    assert later and not isinstance(later[0], Exception)
    staying.close()
    with pytest.raises(RuntimeError, match="closed Session"):
        closing.run(size)


@pytest.mark.parametrize("kind", ["queue", "staging"])
def test_closing_wakes_what_waits_for_room(kind):
    if kind == "queue":
        fill = tf.FIFOQueue(1, tf.int32).enqueue(1)
    else:
        fill = raw.Stage(values=[tf.constant(1)], capacity=1)
    session = tf.Session()
    session.run(fill)
    thread, outcome = in_thread(session, fill)
    wait_until_blocked(thread)
    session.close()
    thread.join(30)
    assert [type(error) for error in outcome] == [tf.errors.CancelledError]


def test_closing_ends_a_run_that_waits_for_an_iterator():
    go_on = threading.Event()

    def generate():
        yield 1
        go_on.wait(30)
        yield 2

    data = tf.data.Dataset.from_generator(generate, tf.int32, [])
    following = tf.data.make_one_shot_iterator(data).get_next()
    session = tf.Session()
    assert session.run(following) == 1
    thread, outcome = in_thread(session, following)
    wait_until_blocked(thread)
    session.close()  # does not wait for the generator, which only its own end can wake
    go_on.set()
    thread.join(30)
    assert [type(error) for error in outcome] == [tf.errors.CancelledError]


def test_closing_while_threads_train_ends_them_with_an_error_that_says_so():
    v = tf.get_variable("v", initializer=tf.zeros([100]))
    step = v.assign_add(tf.ones([100]))
    session = tf.Session()
    session.run(v.initializer)
    errors = []

    def train():
        try:
            while True:
                session.run(step)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=train) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    session.close()
    for thread in threads:
        thread.join(30)
    assert len(errors) == 4
    for error in errors:
        assert isinstance(error, tf.errors.CancelledError) or "closed Session" in str(error), error


def test_many_threads_get_one_queue():
    queue = tf.FIFOQueue(1000, tf.int32, shapes=[[]])
    x = tf.placeholder(tf.int32, [])
    put, take = queue.enqueue(x), queue.dequeue()
    with tf.Session() as session:
        taken = []
        barrier = threading.Barrier(8)

        def produce(first):
            barrier.wait(30)
            for number in range(first, first + 25):
                session.run(put, {x: number})

        def consume():
            barrier.wait(30)
            for _ in range(25):
                taken.append(int(session.run(take)))

        threads = [threading.Thread(target=produce, args=(25 * k,)) for k in range(4)]
        threads += [threading.Thread(target=consume) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert sorted(taken) == list(range(100))


def test_a_shuffling_queue_shuffles_as_tf1_did_in_every_session():
    queue = tf.RandomShuffleQueue(20, 0, tf.int32, shapes=[[]], seed=3)
    fill, take = queue.enqueue_many(tf.range(10)), queue.dequeue()
    for _ in range(2):
        with tf.Session() as session:
            session.run(fill)
            # Recorded from TF 1.15.5 for this program.
            assert [session.run(take) for _ in range(10)] == [7, 1, 4, 5, 6, 8, 0, 9, 2, 3]


# --- input pipelines ---------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a").write_text("1\n2\n3\n")
    (tmp_path / "b").write_text("4\n5\n")
    return [str(tmp_path / "a"), str(tmp_path / "b")]


def test_each_session_reads_all_files_with_its_own_reader_and_runners(files):
    names = tf.train.string_input_producer(files, shuffle=False, num_epochs=1)
    reader = tf.TextLineReader()
    _, line = reader.read(names)
    produced = reader.num_records_produced()
    sessions = [tf.Session(), tf.Session()]
    coordinators = [tf.train.Coordinator(), tf.train.Coordinator()]
    threads = []
    for session, coordinator in zip(sessions, coordinators, strict=True):
        session.run(tf.local_variables_initializer())
        threads.append(tf.train.start_queue_runners(session, coordinator))
    seen = [[session.run(line) for session in sessions] for _ in range(5)]
    assert seen == [[b"%d" % number] * 2 for number in range(1, 6)]
    assert [session.run(produced) for session in sessions] == [5, 5]
    for session, coordinator, started in zip(sessions, coordinators, threads, strict=True):
        with pytest.raises(tf.errors.OutOfRangeError):
            session.run(line)
        coordinator.request_stop()
        coordinator.join(started)
        session.close()


def test_shuffle_batch_with_several_threads_gives_every_example_once_an_epoch():
    number = tf.train.range_input_producer(20, num_epochs=2, shuffle=True, seed=1).dequeue()
    batch = tf.train.shuffle_batch([number], 5, 100, 10, num_threads=3, seed=2)
    for _ in range(2):
        with tf.Session() as session:
            session.run(tf.local_variables_initializer())
            coordinator = tf.train.Coordinator()
            threads = tf.train.start_queue_runners(session, coordinator)
            seen = []
            with pytest.raises(tf.errors.OutOfRangeError):
                while not coordinator.should_stop():
                    seen.extend(session.run(batch))
            coordinator.request_stop()
            coordinator.join(threads)
        assert sorted(seen) == sorted([*range(20), *range(20)])


def test_records_and_whole_files_are_read_for_each_session(tmp_path, files):
    path = str(tmp_path / "records")
    with tf.python_io.TFRecordWriter(path) as writer:
        for number in range(4):
            writer.write(b"%d" % number)
    record = tf.TFRecordReader().read(tf.train.string_input_producer([path], shuffle=False)).value
    whole = tf.WholeFileReader().read(tf.train.string_input_producer(files, shuffle=False)).value
    for _ in range(2):
        with tf.Session() as session:
            coordinator = tf.train.Coordinator()
            threads = tf.train.start_queue_runners(session, coordinator)
            assert [session.run(record) for _ in range(3)] == [b"0", b"1", b"2"]
            assert [session.run([whole, record])[0] for _ in range(2)] == [b"1\n2\n3\n", b"4\n5\n"]
            coordinator.request_stop()
            session.run([])
            session.close()
            coordinator.join(threads)


def test_record_input_goes_on_in_every_signature(tmp_path):
    with tf.python_io.TFRecordWriter(str(tmp_path / "a.rec")) as writer:
        for number in range(6):
            writer.write(b"%d" % number)
    read = raw.RecordInput(
        file_pattern=str(tmp_path / "*.rec"), file_random_seed=3, file_buffer_size=10, file_parallelism=1,
        batch_size=2,
    )  # fmt: skip
    other = tf.constant(0)
    for _ in range(2):
        with tf.Session() as session:
            batches = [session.run(read), session.run([read, other])[0], session.run(read)]
            assert sorted(np.concatenate(batches)) == [b"%d" % number for number in range(6)]


# --- tables ------------------------------------------------------------------------------------------------


def test_tables_are_initialised_and_written_per_session(files):
    static = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2]), -1)
    from_file = tf.lookup.StaticVocabularyTable(
        tf.lookup.TextFileInitializer(
            files[0],
            tf.string,
            tf.lookup.TextFileIndex.WHOLE_LINE,
            tf.int64,
            tf.lookup.TextFileIndex.LINE_NUMBER,
        ),
        num_oov_buckets=1,
    )
    mutable = raw.MutableHashTableV2(key_dtype=tf.string, value_dtype=tf.int64)
    dense = tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, -1, empty_key=-1, deleted_key=-2)
    found = static.lookup(tf.constant(["a", "z"]))
    line = from_file.lookup(tf.constant(["2", "nine"]))
    put = raw.LookupTableInsertV2(table_handle=mutable, keys=["k"], values=np.int64([5]))
    size = raw.LookupTableSizeV2(table_handle=mutable)
    put_dense, held = dense.insert(np.int64([1]), np.int64([2])), dense.lookup(np.int64([1]))
    with tf.Session() as one, tf.Session() as two:
        one.run(tf.tables_initializer())
        np.testing.assert_array_equal(one.run(found), [1, -1])
        np.testing.assert_array_equal(one.run(line), [1, 3])
        for lookup in (found, line):
            with pytest.raises(tf.errors.FailedPreconditionError):
                two.run(lookup)
        one.run([put, put_dense])
        assert (one.run(size), two.run(size)) == (1, 0)
        assert (one.run(held), two.run(held)) == ([2], [-1])
        two.run(tf.tables_initializer())
        np.testing.assert_array_equal(two.run([found, size])[0], [1, -1])


# --- iterators ---------------------------------------------------------------------------------------------


def _numbers(first=0):
    return tf.data.Dataset.range(first, first + 3)


def _kind(data):
    return tf.data.get_output_types(data), tf.data.get_output_shapes(data)


def test_one_shot_iterators_run_once_in_every_session_across_signatures():
    following = tf.data.make_one_shot_iterator(_numbers()).get_next()
    other = tf.constant(0)
    with tf.Session() as one, tf.Session() as two:
        assert [one.run(following), two.run(following), one.run([following, other])[0]] == [0, 0, 1]
        with tf1compat.eager():
            tf2.random.set_seed(1)  # TensorFlow lets go of its kernels; the iterators stay where they are
        assert [one.run(following), two.run([following, other])[0]] == [2, 1]
        with pytest.raises(tf.errors.OutOfRangeError):
            one.run(following)
        assert two.run(following) == 2


def test_initializable_and_reinitializable_iterators_are_per_session():
    start = tf.placeholder(tf.int64, [])
    fed = tf.data.make_initializable_iterator(tf.data.Dataset.range(start, start + 3))
    structured = tf.data.Iterator.from_structure(*_kind(_numbers()))
    low, high = structured.make_initializer(_numbers()), structured.make_initializer(_numbers(10))
    by_feed, by_structure = fed.get_next(), structured.get_next()
    with tf.Session() as one, tf.Session() as two:
        with pytest.raises(tf.errors.FailedPreconditionError):
            one.run(by_feed)
        one.run(fed.initializer, {start: 5})
        two.run(fed.initializer, {start: 50})
        one.run(low)
        two.run(high)
        assert one.run([by_feed, by_structure]) == [5, 0]
        assert two.run([by_feed, by_structure]) == [50, 10]
        one.run(high)
        assert [one.run(by_structure), two.run(by_structure), one.run(by_feed)] == [10, 11, 6]


def test_feedable_iterators_take_the_handles_of_their_session():
    handle = tf.placeholder(tf.string, [])
    following = tf.data.Iterator.from_string_handle(handle, *_kind(_numbers())).get_next()
    once = tf.data.make_one_shot_iterator(_numbers())
    again = tf.data.make_initializable_iterator(_numbers(10))
    handles = [once.string_handle(), again.string_handle()]
    with tf.Session() as one, tf.Session() as two:
        for session in (one, two):
            a, b = session.run(handles)
            session.run(again.initializer)
            assert [session.run(following, {handle: h}) for h in (a, b, a, b)] == [0, 10, 1, 11]


def test_an_iterator_inside_a_loop_goes_on_where_it_was():
    iterator = tf.data.make_one_shot_iterator(tf.data.Dataset.range(100))
    total = tf.while_loop(
        lambda i, t: i < 5,
        lambda i, t: (i + 1, t + iterator.get_next()),
        [0, np.int64(0)],
        parallel_iterations=1,
    )[1]
    with tf.Session() as one, tf.Session() as two:
        assert [one.run(total), two.run(total), one.run(total)] == [10, 10, 35]


# --- the rest ----------------------------------------------------------------------------------------------


def test_sparse_tensors_put_into_a_map_are_the_sessions():
    sparse = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
    where = {"shared_name": "sparse"}
    put = raw.AddManySparseToTensorsMap(
        sparse_indices=sparse.indices, sparse_values=sparse.values, sparse_shape=sparse.dense_shape, **where
    )
    handles = tf.placeholder(tf.int64, [None])
    taken = raw.TakeManySparseFromTensorsMap(sparse_handles=handles, dtype=tf.float32, **where).sparse_values
    with tf.Session() as one, tf.Session() as two:
        of_one = one.run(put)
        with pytest.raises(tf.errors.OpError):
            two.run(taken, {handles: of_one})
        np.testing.assert_array_equal(one.run(taken, {handles: of_one}), [1, 2])


def test_a_critical_section_lets_one_run_in_at_a_time_and_is_the_sessions():
    section = tf.CriticalSection(name="section")
    v = tf.get_variable("v", initializer=0.0)
    add = section.execute(lambda: v.assign_add(1.0, read_value=True))
    with tf.Session() as one, tf.Session() as two:
        one.run(v.initializer)
        two.run(v.initializer)
        threads = [threading.Thread(target=lambda: [one.run(add) for _ in range(10)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert (one.run(v), two.run(add)) == (40, 1)


def test_tensor_arrays_live_in_one_run():
    array = tf.TensorArray(tf.float32, 3).unstack([1.0, 2.0, 3.0])
    stacked = array.write(1, 7.0).stack()
    with tf.Session() as one, tf.Session() as two:
        for session in (one, two, one):
            np.testing.assert_array_equal(session.run(stacked), [1, 7, 3])


def test_a_python_function_is_the_processes():
    calls = []
    counted = tf.py_func(lambda: np.int64(calls.append(0) or len(calls)), [], tf.int64)
    with tf.Session() as one, tf.Session() as two:
        assert [one.run(counted), two.run(counted), one.run([counted])[0]] == [1, 2, 3]


def test_print_counts_its_first_n_across_signatures(capfd):
    printed = tf.Print(tf.constant(1.0), [tf.constant(3)], "seen ", first_n=2)
    other = tf.constant(0)
    for _ in range(2):
        with tf.Session() as session:
            assert session.run(printed) == 1
            session.run([printed, other])
            session.run([other, printed])
    assert capfd.readouterr().err.count("seen [3]") == 4


def test_summary_writers_are_per_session(tmp_path):
    writer = raw.SummaryWriter(shared_name="writer")
    where = tf.placeholder(tf.string, [])
    create = raw.CreateSummaryFileWriter(
        writer=writer, logdir=where, max_queue=1, flush_millis=10, filename_suffix=".test"
    )
    with tf.control_dependencies([create]):
        write = raw.WriteScalarSummary(writer=writer, step=np.int64(1), tag="x", value=1.0)
    flush = raw.FlushSummaryWriter(writer=writer)
    with tf.Session() as one, tf.Session() as two:
        for session, name in ((one, "one"), (two, "two")):
            session.run(write, {where: str(tmp_path / name)})
            session.run(flush)
    for name in ("one", "two"):
        (path,) = (tmp_path / name).iterdir()
        assert any(
            value.tag == "x"
            for event in tf.train.summary_iterator(str(path))
            for value in event.summary.value
        )


def test_tensors_that_a_session_keeps_between_runs_are_refused():
    kept = raw.GetSessionHandle(value=tf.constant(1.0))
    with tf.Session() as session, pytest.raises(NotImplementedError, match="tf.Variable"):
        session.run(kept)


def test_closing_frees_variables_and_a_new_session_starts_without_them():
    v = tf.get_variable("v", initializer=1.0)
    session = tf.Session()
    session.run(v.initializer)
    session.close()
    session.close()
    with tf.Session() as session, pytest.raises(tf.errors.FailedPreconditionError, match="v"):
        session.run(v)
