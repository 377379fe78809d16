"""tf.nn: convolutions, pools, losses on logits, embeddings, candidate sampling, loops over time."""

import numpy as np

from . import each

IMAGE = np.sin(np.arange(1 * 6 * 6 * 2, dtype=np.float32)).reshape(1, 6, 6, 2)
KERNEL = np.cos(np.arange(3 * 3 * 2 * 4, dtype=np.float32)).reshape(3, 3, 2, 4)
VOLUME = np.sin(np.arange(64, dtype=np.float32)).reshape(1, 4, 4, 4, 1)
LOGITS = [[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]
LABELS = [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]
TABLE = np.arange(12, dtype=np.float32).reshape(6, 2)
WEIGHTS = np.cos(np.arange(20, dtype=np.float32)).reshape(10, 2)
ONES4 = [1, 1, 1, 1]
TWOS4 = [1, 2, 2, 1]


def _with_gradient(tf, y, x):
    return [y, tf.gradients(y, x)[0]]


def _conv2d(tf, f):
    x, w = tf.constant(IMAGE), tf.constant(KERNEL)
    y = f(x, w, strides=TWOS4, padding="SAME")
    return [y, f(x, filter=w, strides=ONES4, padding="VALID")] + tf.gradients(y, [x, w])


def _pool(tf, f):
    x = tf.constant(IMAGE)
    return _with_gradient(tf, f(x, ksize=[1, 3, 3, 1], strides=TWOS4, padding="SAME"), x)


def _pool3d(tf, f):
    return f(tf.constant(VOLUME), [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], "VALID")


def _cross_entropy(tf, f):
    x = tf.constant(LOGITS)
    return _with_gradient(tf, f(labels=tf.constant(LABELS), logits=x), x)


class Cell:
    """An RNN cell by TF1's protocol, on nothing but operations."""

    def __init__(self, tf):
        self.tf, self.state_size, self.output_size, self.trainable = tf, 2, 2, True

    def zero_state(self, batch, dtype):
        return self.tf.zeros([batch, 2], dtype)

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        return self.zero_state(batch_size, dtype)

    def __call__(self, inputs, state, scope=None):
        new = self.tf.tanh(inputs + 0.5 * state)
        return new, new


SEQUENCE = np.sin(np.arange(12, dtype=np.float32)).reshape(2, 3, 2)


def _raw_rnn(tf, f):
    cell = Cell(tf)
    inputs = tf.TensorArray(tf.float32, 3).unstack(tf.transpose(tf.constant(SEQUENCE), [1, 0, 2]))

    def loop(time, output, state, loop_state):
        state = cell.zero_state(2, tf.float32) if output is None else state
        done = tf.fill([2], time >= 3)
        fed = tf.cond(time >= 3, lambda: tf.zeros([2, 2]), lambda: inputs.read(time))
        return done, fed, state, output, None

    outputs, state, _ = f(cell, loop)
    return [outputs.stack(), state]


def _steps(tf):
    return tf.unstack(tf.constant(SEQUENCE), axis=1)


def _sampled(tf, f):
    candidates = (tf.constant([1, 3, 5], tf.int64), tf.constant([[0.1], [0.2]]), tf.constant([0.3, 0.2, 0.1]))
    return f(
        weights=tf.constant(WEIGHTS),
        biases=tf.zeros([10]),
        labels=tf.constant([[2], [7]], tf.int64),
        inputs=tf.constant([[1.0, 2.0], [0.5, -1.0]]),
        num_sampled=3,
        num_classes=10,
        sampled_values=candidates,
    )


def _sampler(tf, f):
    return f(tf.constant([[1], [4]], tf.int64), 1, 3, True, 10, seed=7)


def _ctc_sparse(tf):
    return tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant([0, 1, 2]), [2, 2])


CTC = np.sin(np.arange(5 * 2 * 4, dtype=np.float32)).reshape(5, 2, 4)

CASES = {}
CASES.update(each("nn.conv2d", _conv2d))
CASES.update(each("nn.max_pool nn.avg_pool", _pool))
CASES.update(each("nn.max_pool_v2 nn.avg_pool_v2", lambda tf, f: f(tf.constant(IMAGE), 2, 2, "VALID")))
CASES.update(each("nn.max_pool3d nn.avg_pool3d", _pool3d))
CASES.update(each("nn.max_pool1d nn.avg_pool1d", lambda tf, f: f(tf.constant(IMAGE[0]), 2, 2, "VALID")))
CASES.update(each("nn.max_pool2d", lambda tf, f: f(tf.constant(IMAGE), 2, 2, "VALID")))
CASES.update(
    each(
        "nn.sigmoid_cross_entropy_with_logits nn.softmax_cross_entropy_with_logits "
        "nn.softmax_cross_entropy_with_logits_v2",
        _cross_entropy,
    )
)
CASES.update(
    each(
        "nn.uniform_candidate_sampler nn.log_uniform_candidate_sampler nn.learned_unigram_candidate_sampler",
        _sampler,
    )
)
CASES.update(each("nn.nce_loss nn.sampled_softmax_loss", _sampled))
CASES.update(
    each(
        "nn.depthwise_conv2d nn.depthwise_conv2d_native",
        lambda tf, f: f(tf.constant(IMAGE), tf.constant(KERNEL), ONES4, "SAME"),
    )
)
CASES.update(
    each(
        "nn.depthwise_conv2d_backprop_input",
        lambda tf, f: f([1, 6, 6, 2], tf.constant(KERNEL), tf.ones([1, 6, 6, 8]), ONES4, "SAME"),
    )
)
CASES.update(
    each(
        "nn.depthwise_conv2d_backprop_filter",
        lambda tf, f: f(tf.constant(IMAGE), [3, 3, 2, 4], tf.ones([1, 6, 6, 8]), ONES4, "SAME"),
    )
)
CASES.update(
    {
        "nn.all_candidate_sampler": lambda tf, f: f(tf.constant([[1], [4]], tf.int64), 1, 5, True, seed=7)[
            1:
        ],
        "nn.fixed_unigram_candidate_sampler": lambda tf, f: f(
            tf.constant([[1], [2]], tf.int64), 1, 2, True, 4, unigrams=[1, 5, 2, 4], seed=7
        ),
        "nn.atrous_conv2d": lambda tf, f: f(tf.constant(IMAGE), tf.constant(KERNEL), 2, "SAME"),
        "nn.atrous_conv2d_transpose": lambda tf, f: f(
            tf.ones([1, 6, 6, 4]), tf.constant(KERNEL), [1, 6, 6, 2], 2, "SAME"
        ),
        "nn.batch_norm_with_global_normalization": lambda tf, f: f(
            tf.constant(IMAGE),
            tf.zeros([2]),
            tf.ones([2]),
            tf.zeros([2]),
            tf.constant([1.0, 2.0]),
            1e-3,
            True,
        ),
        "nn.batch_normalization": lambda tf, f: f(
            tf.constant(IMAGE), tf.zeros([2]), tf.ones([2]), tf.zeros([2]), tf.constant([1.0, 2.0]), 1e-3
        ),
        "nn.bias_add": lambda tf, f: f(tf.constant(LOGITS), tf.constant([1.0, 2.0, 3.0])),
        "nn.bidirectional_dynamic_rnn": lambda tf, f: f(
            Cell(tf), Cell(tf), tf.constant(SEQUENCE), sequence_length=[2, 3], dtype=tf.float32
        ),
        "nn.collapse_repeated": lambda tf, f: f(
            tf.constant([[1, 1, 2, 2], [3, 3, 3, 1]]), tf.constant([4, 4])
        ),
        "nn.compute_accidental_hits": lambda tf, f: f(
            tf.constant([[1], [4]], tf.int64), tf.constant([4, 5, 1], tf.int64), 1
        ),
        "nn.compute_average_loss": lambda tf, f: f(tf.constant([1.0, 3.0]), global_batch_size=4),
        "nn.scale_regularization_loss": lambda tf, f: f(tf.constant(3.0)),
        "nn.conv1d": lambda tf, f: f(tf.constant(IMAGE[0]), tf.constant(KERNEL[0]), 1, "SAME"),
        "nn.conv1d_transpose": lambda tf, f: f(
            tf.ones([6, 6, 4]), tf.constant(KERNEL[0]), [6, 12, 2], 2, "SAME"
        ),
        "nn.conv2d_backprop_filter": lambda tf, f: f(
            tf.constant(IMAGE), [3, 3, 2, 4], tf.ones([1, 6, 6, 4]), ONES4, "SAME"
        ),
        "nn.conv2d_backprop_input": lambda tf, f: f(
            [1, 6, 6, 2], tf.constant(KERNEL), tf.ones([1, 6, 6, 4]), ONES4, "SAME"
        ),
        "nn.conv2d_transpose": lambda tf, f: f(
            tf.ones([1, 3, 3, 4]), tf.constant(KERNEL), [1, 6, 6, 2], strides=TWOS4, padding="SAME"
        ),
        "nn.conv3d": lambda tf, f: f(tf.constant(VOLUME), tf.ones([2, 2, 2, 1, 3]), [1] * 5, "SAME"),
        "nn.conv3d_transpose": lambda tf, f: f(
            tf.constant(VOLUME), tf.ones([2, 2, 2, 3, 1]), [1, 8, 8, 8, 3], [1, 2, 2, 2, 1]
        ),
        "nn.conv3d_backprop_filter": lambda tf, f: f(
            tf.constant(VOLUME), [2, 2, 2, 1, 1], tf.ones([1, 4, 4, 4, 1]), [1] * 5, "SAME"
        ),
        "nn.conv_transpose": lambda tf, f: f(
            tf.ones([1, 3, 3, 4]), tf.constant(KERNEL), [1, 6, 6, 2], strides=2, padding="SAME"
        ),
        "nn.convolution": lambda tf, f: f(
            tf.constant(IMAGE), tf.constant(KERNEL), "SAME", dilation_rate=[2, 2]
        ),
        "nn.ctc_greedy_decoder": lambda tf, f: f(tf.constant(CTC), [5, 4])[1],
        "nn.ctc_beam_search_decoder": lambda tf, f: f(tf.constant(CTC), [5, 4], beam_width=4)[1],
        "nn.ctc_beam_search_decoder_v2": lambda tf, f: f(tf.constant(CTC), [5, 4], beam_width=4)[1],
        "nn.ctc_loss": lambda tf, f: f(_ctc_sparse(tf), tf.constant(CTC), [5, 4]),
        "nn.ctc_loss_v2": lambda tf, f: f(
            tf.constant([[1, 2], [3, 0]]), tf.constant(CTC), tf.constant([2, 1]), tf.constant([5, 4])
        ),
        "nn.ctc_unique_labels": lambda tf, f: f(tf.constant([[1, 2, 2], [3, 3, 1]])),
        "nn.dilation2d": lambda tf, f: f(
            tf.constant(IMAGE), tf.ones([2, 2, 2]), strides=ONES4, rates=ONES4, padding="VALID"
        ),
        "nn.erosion2d": lambda tf, f: f(tf.constant(IMAGE), tf.ones([2, 2, 2]), ONES4, ONES4, "VALID"),
        "nn.dropout": lambda tf, f: [
            f(tf.ones([40]), 0.5, seed=3),
            f(tf.ones([40]), keep_prob=0.75, seed=3, noise_shape=[40]),
            f(tf.ones([40]), rate=0.75, seed=4),
        ],
        "nn.dynamic_rnn": lambda tf, f: f(
            Cell(tf), tf.constant(SEQUENCE), sequence_length=[2, 3], dtype=tf.float32
        ),
        "nn.embedding_lookup": lambda tf, f: [
            f(tf.constant(TABLE), [[1, 5], [0, 2]]),
            f([tf.constant(TABLE[:3]), tf.constant(TABLE[3:])], [1, 4], partition_strategy="div"),
        ],
        "nn.embedding_lookup_sparse": lambda tf, f: f(
            tf.constant(TABLE),
            tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [1, 3, 5], [2, 2]),
            None,
            combiner="sum",
        ),
        "nn.safe_embedding_lookup_sparse": lambda tf, f: f(
            [tf.constant(TABLE)], tf.SparseTensor([[0, 0], [0, 1]], tf.constant([1, 3], tf.int64), [2, 2])
        ),
        "nn.fractional_max_pool": lambda tf, f: f(
            tf.constant(IMAGE), [1.0, 1.5, 1.5, 1.0], deterministic=True, seed=3, seed2=5
        ),
        "nn.fractional_avg_pool": lambda tf, f: f(
            tf.constant(IMAGE), [1.0, 1.5, 1.5, 1.0], deterministic=True, seed=3, seed2=5
        ),
        "nn.fused_batch_norm": lambda tf, f: f(tf.constant(IMAGE), tf.ones([2]), tf.zeros([2])),
        "nn.local_response_normalization": lambda tf, f: f(tf.constant(IMAGE), depth_radius=2),
        "nn.log_poisson_loss": lambda tf, f: f(
            tf.constant([1.0, 2.0]), tf.constant([0.5, 0.1]), compute_full_loss=True
        ),
        "nn.max_pool_with_argmax": lambda tf, f: f(tf.constant(IMAGE), TWOS4, TWOS4, "SAME"),
        "nn.moments": lambda tf, f: [
            f(tf.constant(LOGITS), [0]),
            f(tf.constant(LOGITS), axes=[0, 1], keep_dims=True),
        ],
        "nn.normalize_moments": lambda tf, f: f(
            tf.constant(4.0), tf.constant([2.0]), tf.constant([5.0]), tf.constant(0.5)
        ),
        "nn.sufficient_statistics": lambda tf, f: f(tf.constant(LOGITS), [0])[:3],
        "nn.weighted_moments": lambda tf, f: f(tf.constant(LOGITS), [0], tf.constant([[1.0], [3.0]])),
        "nn.pool": lambda tf, f: f(tf.constant(IMAGE), [2, 2], "MAX", "SAME"),
        "nn.raw_rnn": _raw_rnn,
        "nn.relu_layer": lambda tf, f: f(tf.constant(LOGITS), tf.ones([3, 2]), tf.constant([0.5, -9.0])),
        "nn.xw_plus_b": lambda tf, f: f(tf.constant(LOGITS), tf.ones([3, 2]), tf.constant([0.5, -9.0])),
        "nn.separable_conv2d": lambda tf, f: f(
            tf.constant(IMAGE), tf.constant(KERNEL), tf.ones([1, 1, 8, 3]), ONES4, "SAME"
        ),
        "nn.sparse_softmax_cross_entropy_with_logits": lambda tf, f: f(
            labels=tf.constant([0, 2]), logits=tf.constant(LOGITS)
        ),
        "nn.static_rnn": lambda tf, f: f(Cell(tf), _steps(tf), dtype=tf.float32),
        "nn.static_bidirectional_rnn": lambda tf, f: f(Cell(tf), Cell(tf), _steps(tf), dtype=tf.float32),
        "nn.weighted_cross_entropy_with_logits": lambda tf, f: f(
            labels=tf.constant(LABELS), logits=tf.constant(LOGITS), pos_weight=2.0
        ),
        "nn.with_space_to_batch": lambda tf, f: f(
            tf.constant(IMAGE),
            [2, 2],
            "VALID",
            lambda x, n, p: tf.nn.max_pool(x, [1, 2, 2, 1], ONES4, p),
            [2, 2],
        ),
    }
)
