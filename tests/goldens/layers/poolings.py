"""Poolings."""

from goldens.layers.building import built, error_of, given
from goldens.layers.observe import program


def pooled(tf, function, rank, **options):
    x, feeds = given(tf, 20 + rank, 2, *([7, 6, 5][:rank] + [3]))
    return built(function(x, options.pop("pool_size", 2), options.pop("strides", 2), **options), feeds)


def both(rank, kind, **options):
    def run(tf):
        return pooled(tf, getattr(tf.layers, "%s_pooling%dd" % (kind, rank)), rank, **dict(options))

    return program(run)


for _rank in (1, 2, 3):
    for _kind in ("max", "average"):
        globals()["%s_%d" % (_kind, _rank)] = both(_rank, _kind)
        globals()["%s_%d_same" % (_kind, _rank)] = both(_rank, _kind, padding="SAME", strides=1, pool_size=3)
max_2_pair = both(2, "max", pool_size=(3, 2), strides=[1, 2], name="mine")
max_1_first = both(1, "max", data_format="channels_first")
average_1_first = both(1, "average", data_format="channels_first", padding="same")
max_3_first = both(3, "max", data_format="channels_first")
average_3_first = both(3, "average", data_format="channels_first")


@program
def classes(tf):
    x, feeds = given(tf, 24, 2, 4, 4, 3)
    facts = {
        "errors": [
            error_of(tf.layers.MaxPooling2D, 2, None),
            error_of(tf.layers.max_pooling2d, x, 2),
            error_of(tf.layers.max_pooling2d, x, (1, 2, 3), 1),
            error_of(tf.layers.max_pooling2d, x, 2, 2, padding="full"),
            error_of(tf.layers.max_pooling2d, x, 2, 2, data_format="last"),
            error_of(tf.layers.max_pooling1d, x, 2, 2),
        ],
        "shapes": [
            tf.layers.MaxPooling2D(2, 2).compute_output_shape([None, 5, 7, 3]).as_list(),
            tf.layers.AveragePooling2D(3, 2, "same", "channels_first").compute_output_shape([4, 3, 5, 7]).as_list(),
            tf.layers.MaxPooling1D(2, 2).compute_output_shape([None, 5, 7]).as_list(),
            tf.layers.AveragePooling3D(2, 2).compute_output_shape([None, 5, 7, None, 2]).as_list(),
        ],
    }
    layer = tf.layers.MaxPooling2D(2, 1)
    return built([layer(x), layer(x), layer.apply(x)], feeds, facts)
