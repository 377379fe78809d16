"""Sparse and ragged tensors, sets."""

import numpy as np

from . import each


def sp(tf, values=(1.0, 2.0, 3.0)):
    return tf.SparseTensor([[0, 0], [0, 2], [1, 1]], tf.constant(list(values)), [2, 3])


def _ragged(tf):
    return tf.ragged.constant([[1, 2, 3], [], [4]])


def _sets(tf, f):
    return f(tf.constant([[1, 2, 3], [4, 5, 6]]), tf.constant([[2, 3, 7], [4, 8, 9]]))


def _placeholder(tf, f):
    x = f(tf.float32, [None, 3])
    y = tf.sparse_reduce_sum(x, 1)
    value = tf.SparseTensorValue(np.array([[0, 0], [1, 2]]), np.array([1.0, 2.0], np.float32), [2, 3])
    return lambda sess: [sess.run(y, {x: value}), sess.run(x, {x: value})]


CASES = {}
CASES.update(
    each(
        """sparse_reorder sparse_softmax sparse_tensor_to_dense sparse_transpose sparse_reduce_max
        sparse_reduce_sum sparse_reduce_max_sparse sparse_reduce_sum_sparse sparse_reset_shape""",
        lambda tf, f: f(sp(tf)),
    )
)
CASES.update(
    each(
        "sparse_maximum sparse_minimum sparse_add",
        lambda tf, f: f(sp(tf), sp(tf, (3.0, 1.0, 2.0))),
    )
)
CASES.update(each("sets.set_difference sets.set_intersection sets.set_union", _sets))
CASES.update(
    {
        "SparseTensor": lambda tf, f: f(indices=[[0, 1]], values=[5.0], dense_shape=[2, 2]),
        "SparseTensorValue": lambda tf, f: tf.SparseTensor(*f([[0, 1]], [5.0], [2, 2])),
        "sets.set_size": lambda tf, f: f(tf.SparseTensor([[0, 0], [0, 1]], [1, 1], [1, 2])),
        "sparse_concat": lambda tf, f: [
            f(1, [sp(tf), sp(tf)]),
            f(axis=0, sp_inputs=[sp(tf), sp(tf)]),
        ],
        "sparse.cross": lambda tf, f: f([tf.SparseTensor([[0, 0]], ["a"], [1, 1]), tf.constant([["b"]])]),
        "sparse.cross_hashed": lambda tf, f: f([tf.constant([["a"]]), tf.constant([["b"]])], num_buckets=100),
        "sparse.expand_dims": lambda tf, f: f(sp(tf), 0),
        "sparse.eye": lambda tf, f: f(2, 3),
        "sparse_fill_empty_rows": lambda tf, f: f(tf.SparseTensor([[0, 0]], [1.0], [2, 2]), 9.0),
        "sparse.from_dense": lambda tf, f: f(tf.constant([[0.0, 1.0], [2.0, 0.0]])),
        "sparse_mask": lambda tf, f: tf.convert_to_tensor(
            f(tf.IndexedSlices(tf.constant([[1.0], [2.0]]), tf.constant([0, 1]), [3, 1]), [1])
        ),
        "sparse_merge": lambda tf, f: f(
            tf.SparseTensor([[0, 0], [1, 0]], tf.constant([1, 2], tf.int64), [2, 1]),
            tf.SparseTensor([[0, 0], [1, 0]], [1.5, 2.5], [2, 1]),
            4,
        ),
        "sparse_placeholder": _placeholder,
        "sparse_reshape": lambda tf, f: f(sp(tf), [3, 2]),
        "sparse_retain": lambda tf, f: f(sp(tf), [True, False, True]),
        "sparse_slice": lambda tf, f: f(sp(tf), [0, 1], [2, 2]),
        "sparse_split": lambda tf, f: f(sp_input=sp(tf), num_split=3, axis=1),
        "sparse_tensor_dense_matmul": lambda tf, f: f(sp(tf), tf.ones([3, 2])),
        "sparse_to_dense": lambda tf, f: f([[0, 1], [1, 0]], [2, 2], [5, 6], default_value=-1),
        "sparse_to_indicator": lambda tf, f: f(sp(tf, (1, 2, 3)), 4),
        "serialize_sparse": lambda tf, f: tf.shape(f(sp(tf))),
        "serialize_many_sparse": lambda tf, f: tf.shape(f(sp(tf))),
        "deserialize_many_sparse": lambda tf, f: f(tf.serialize_many_sparse(sp(tf)), tf.float32),
        "RaggedTensor": lambda tf, f: f.from_row_splits([1, 2, 3], [0, 2, 2, 3]).to_tensor(),
        "ragged.boolean_mask": lambda tf, f: f([[1, 2], [3, 4]], [[True, False], [True, True]]).to_tensor(),
        "ragged.constant": lambda tf, f: f([[1, 2], [3]]).to_tensor(),
        "ragged.constant_value": lambda tf, f: tf.constant(f([[1, 2], [3]]).flat_values),
        "ragged.map_flat_values": lambda tf, f: f(tf.negative, _ragged(tf)).to_tensor(),
        "ragged.placeholder": lambda tf, f: tf.constant(f(tf.int32, 1).ragged_rank),
        "ragged.range": lambda tf, f: f([2, 0, 3]).to_tensor(),
        "ragged.row_splits_to_segment_ids": lambda tf, f: f([0, 2, 2, 3]),
        "ragged.segment_ids_to_row_splits": lambda tf, f: f([0, 0, 2]),
        "ragged.stack": lambda tf, f: f([_ragged(tf), _ragged(tf)]).to_tensor(),
        "ragged.stack_dynamic_partitions": lambda tf, f: f(tf.constant([1, 2, 3]), [0, 1, 0], 2).to_tensor(),
        "ragged.RaggedTensorValue": lambda tf, f: tf.constant(
            f(np.array([1, 2, 3]), np.array([0, 2, 3])).to_list()[0]
        ),
    }
)
