"""Records, examples, CSV, encodings, protocol buffers as data."""

from . import each


def example(tf, a=(1, 2), b=(0.5,), c=(b"x", b"y")):
    feature = {
        "a": tf.train.Feature(int64_list=tf.train.Int64List(value=list(a))),
        "b": tf.train.Feature(float_list=tf.train.FloatList(value=list(b))),
        "c": tf.train.Feature(bytes_list=tf.train.BytesList(value=list(c))),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature))


def sequence(tf):
    steps = [tf.train.Feature(int64_list=tf.train.Int64List(value=[n])) for n in (4, 5, 6)]
    return tf.train.SequenceExample(
        context=tf.train.Features(feature={"k": steps[0]}),
        feature_lists=tf.train.FeatureLists(feature_list={"s": tf.train.FeatureList(feature=steps)}),
    )


def features(tf):
    return {
        "a": tf.FixedLenFeature([2], tf.int64),
        "b": tf.FixedLenFeature([], tf.float32, default_value=9.0),
        "c": tf.VarLenFeature(tf.string),
    }


def _sequence_features(tf):
    return {"k": tf.FixedLenFeature([], tf.int64)}, {"s": tf.FixedLenSequenceFeature([], tf.int64)}


def _one(tf, f):
    return f(tf.constant(example(tf).SerializeToString()), features(tf))


def _many(tf, f):
    return f(tf.constant([example(tf).SerializeToString()] * 2), features(tf))


def _parsed(tf, value):
    """An example of one record holding `value`, parsed back."""
    record = tf.train.Example(features=tf.train.Features(feature={"k": value}))
    return record.SerializeToString()


def _feature(tf, f):
    record = _parsed(tf, f(int64_list=tf.train.Int64List(value=[3])))
    return tf.parse_single_example(record, {"k": tf.FixedLenFeature([], tf.int64)})


CASES = {}
CASES.update(each("parse_single_example", _one))
CASES.update(each("parse_example", _many))
CASES.update(
    {
        "decode_csv": lambda tf, f: [
            f(tf.constant(["1,2.5,a", "3,,b"]), [[0], [7.5], [""]]),
            f(records=tf.constant("1|2"), record_defaults=[[1], [1]], field_delim="|"),
        ],
        "decode_raw": lambda tf, f: [
            f(tf.constant([b"\x01\x02", b"\x03\x04"]), tf.uint8),
            f(bytes=tf.constant(b"\x01\x00"), out_type=tf.int16),
        ],
        "decode_base64": lambda tf, f: f(tf.encode_base64(tf.constant("hello"))),
        "encode_base64": lambda tf, f: f(tf.constant(["hello", "worlds"]), pad=True),
        "decode_compressed": lambda tf, f: f(tf.constant(["plain"])),
        "decode_json_example": lambda tf, f: tf.parse_single_example(
            f(tf.constant('{"features": {"feature": {"k": {"int64List": {"value": [5]}}}}}')),
            {"k": tf.FixedLenFeature([], tf.int64)},
        ),
        "parse_single_sequence_example": lambda tf, f: f(
            tf.constant(sequence(tf).SerializeToString()), *_sequence_features(tf)
        ),
        "io.parse_sequence_example": lambda tf, f: f(
            tf.constant([sequence(tf).SerializeToString()]), *_sequence_features(tf)
        ),
        "parse_tensor": lambda tf, f: f(
            tf.constant(tf.make_tensor_proto([1.5, 2.5]).SerializeToString()), tf.float32
        ),
        "serialize_tensor": lambda tf, f: tf.parse_tensor(f(tf.constant([1, 2])), tf.int32),
        "FixedLenFeature": lambda tf, f: tf.parse_single_example(
            example(tf).SerializeToString(),
            {"a": f([2], tf.int64), "z": f(shape=[], dtype=tf.string, default_value="q")},
        ),
        "FixedLenSequenceFeature": lambda tf, f: tf.parse_single_example(
            example(tf).SerializeToString(), {"a": f([], tf.int64, allow_missing=True)}
        ),
        "VarLenFeature": lambda tf, f: tf.parse_single_example(
            example(tf).SerializeToString(), {"c": f(tf.string)}
        ),
        "SparseFeature": lambda tf, f: tf.parse_single_example(
            example(tf, a=(0,), b=(2.5,)).SerializeToString(), {"s": f("a", "b", tf.float32, 4)}
        ),
        "train.Example": lambda tf, f: tf.constant(
            f.FromString(example(tf).SerializeToString()) == example(tf)
        ),
        "train.Features": lambda tf, f: tf.constant(len(f(feature=example(tf).features.feature).feature)),
        "train.Feature": _feature,
        "train.Int64List": lambda tf, f: tf.constant(list(f(value=[1, 2]).value)),
        "train.FloatList": lambda tf, f: tf.constant(list(f(value=[1.5, 2.5]).value)),
        "train.BytesList": lambda tf, f: tf.constant(list(f(value=[b"a", b"b"]).value)),
        "train.FeatureList": lambda tf, f: tf.constant(len(f(feature=[tf.train.Feature()] * 3).feature)),
        "train.FeatureLists": lambda tf, f: tf.constant(
            len(f(feature_list={"a": tf.train.FeatureList()}).feature_list)
        ),
        "train.SequenceExample": lambda tf, f: tf.constant(
            list(f.FromString(sequence(tf).SerializeToString()).feature_lists.feature_list)
        ),
        "io.decode_proto": lambda tf, f: f(
            tf.constant([example(tf).SerializeToString()]),
            "tensorflow.Example",
            ["features"],
            [tf.string],
        )[0],
        "io.encode_proto": lambda tf, f: f(
            tf.constant([[1]]), [tf.constant([[5]], tf.int64)], ["value"], "tensorflow.Int64List"
        ),
        "feature_column.numeric_column": lambda tf, f: tf.parse_example(
            [example(tf).SerializeToString()], tf.feature_column.make_parse_example_spec([f("b")])
        ),
    }
)
