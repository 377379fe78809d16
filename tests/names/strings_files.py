"""Strings; files, record files, readers and writers; flags, logging and the command line."""

import logging
import os
import tempfile

from . import each

WORDS = ["Hello", "wörld", "a-b-c"]


def folder():
    return tempfile.mkdtemp(prefix="case_")


def text_file(text="1,a\n2,b\n3,c\n", name="data.txt", where=None):
    path = os.path.join(where or folder(), name)
    with open(path, "w") as out:
        out.write(text)
    return path


def record_file(tf, records=(b"one", b"two", b"three")):
    path = os.path.join(folder(), "data.tfrecord")
    with tf.python_io.TFRecordWriter(path) as writer:
        for record in records:
            writer.write(record)
    return path


def read_all(tf, reader, path, count):
    """`count` reads of a reader from a queue that holds one file's name."""
    queue = tf.FIFOQueue(10, tf.string)
    fill, (_, value) = queue.enqueue([path]), reader.read(queue)
    done = queue.close()

    def run(sess):
        sess.run(fill)
        sess.run(done)
        return [sess.run(value) for _ in range(count)]

    return run


def _writer(tf, f):
    path = os.path.join(folder(), "out.tfrecord")
    with f(path) as writer:
        writer.write(b"abc")
        writer.write(b"de")
    return tf.constant(list(tf.python_io.tf_record_iterator(path)))


def _gfile(tf, f):
    path = os.path.join(folder(), "f.txt")
    with f(path, "w") as out:
        out.write("some text\n")
    with f(path) as read:
        return tf.constant(read.read())


def _define(value, text):
    """Defines a flag, reads it, and takes it away again, so that a second run may define it."""

    def build(tf, f):
        name = "case_flag_%s" % type(value).__name__  # noqa: UP031
        if name in tf.app.flags.FLAGS:
            delattr(tf.app.flags.FLAGS, name)
        f(name, value, text)
        if not tf.app.flags.FLAGS.is_parsed():
            tf.app.flags.FLAGS(["program"])
        return tf.constant(getattr(tf.app.flags.FLAGS, name))

    return build


def _flags(tf, f):
    _define(5, "a number")(tf, tf.app.flags.DEFINE_integer)
    return tf.constant(f.case_flag_int)


def _app_run(tf, f):
    seen = []
    try:
        f(main=lambda argv: seen.append(len(argv)), argv=["program", "one", "two"])
    except SystemExit as end:
        seen.append(end.code or 0)
    return tf.constant(seen)


class _Kept(logging.Handler):
    """Keeps what is logged, and keeps it off the screen."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append("%s %s" % (record.levelname, record.getMessage()))  # noqa: UP031


def _log(tf, f):
    logger, kept, before = logging.getLogger("tensorflow"), _Kept(), tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.DEBUG)
    others, logger.handlers = logger.handlers, [kept]
    try:
        f("case %d", 1)
    finally:
        logger.handlers = others
        tf.logging.set_verbosity(before)
    return tf.constant([line for line in kept.lines if "case" in line])


def _level(tf, f):
    before = tf.logging.get_verbosity()
    tf.logging.set_verbosity(f)
    level = tf.logging.get_verbosity()
    tf.logging.set_verbosity(before)
    return tf.constant(level)


def _set_verbosity(tf, f):
    before = tf.logging.get_verbosity()
    f(tf.logging.ERROR)
    level = tf.logging.get_verbosity()
    f(before)
    return tf.constant(level)


def _write_file(tf, f):
    path = os.path.join(folder(), "out")
    write = f(path, tf.constant("content"))
    with tf.control_dependencies([write]):
        return tf.read_file(path)


def _match_once(tf, f):
    found = f(os.path.join(os.path.dirname(text_file()), "*.txt"))
    return tf.strings.regex_replace(found, ".*/", "")


def _copy(tf, f):
    source = text_file()
    f(source, source + ".new")
    return tf.read_file(source + ".new")


def _rename(tf, f):
    source = text_file()
    f(source, source + ".new")
    return tf.constant([os.path.exists(source), os.path.exists(source + ".new")])


def _make(tf, f):
    path = os.path.join(folder(), "made")
    f(path)
    return tf.constant(os.path.isdir(path))


def _delete(tf, f):
    path = text_file()
    f(path if f in (tf.gfile.Remove, tf.io.gfile.remove) else os.path.dirname(path))
    return tf.constant(os.path.exists(path))


CASES = {}
CASES.update(
    each(
        "strings.lower strings.upper strings.strip strings.length",
        lambda tf, f: f(tf.constant(WORDS)),
    )
)
CASES.update(
    each("string_to_hash_bucket string_to_hash_bucket_fast", lambda tf, f: f(tf.constant(WORDS), 1000))
)
CASES.update(each("app.flags.DEFINE_string", _define("text", "a string")))
CASES.update(each("app.flags.DEFINE_integer", _define(3, "a number")))
CASES.update(each("app.flags.DEFINE_float", _define(0.25, "a float")))
CASES.update(each("app.flags.DEFINE_boolean", _define(True, "a switch")))
CASES.update(
    each("logging.info logging.warning logging.debug logging.error logging.warn logging.fatal", _log)
)
CASES.update(each("logging.INFO logging.ERROR logging.DEBUG logging.WARN logging.FATAL", _level))
CASES.update(each("gfile.GFile gfile.FastGFile gfile.Open", _gfile))
CASES.update(each("gfile.MakeDirs gfile.MkDir", _make))
CASES.update(each("gfile.Remove gfile.DeleteRecursively", _delete))
CASES.update(
    {
        "as_string": lambda tf, f: [f(tf.constant([1.5, 2.0]), precision=2), f(tf.constant([True]))],
        "regex_replace": lambda tf, f: f(tf.constant(WORDS), "[aeo]", "*"),
        "strings.regex_full_match": lambda tf, f: f(tf.constant(WORDS), "a.*"),
        "string_join": lambda tf, f: f(
            [tf.constant(["a", "b"]), "-", tf.constant(["c", "d"])], separator=":"
        ),
        "string_split": lambda tf, f: [
            f(tf.constant(["a b", "c d e"])),
            f(source=tf.constant(["a-b"]), delimiter="-", skip_empty=False),
        ],
        "strings.split": lambda tf, f: f(tf.constant(["a b", "c"]), result_type="RaggedTensor").to_tensor(),
        "strings.bytes_split": lambda tf, f: f(tf.constant(["ab", "c"])).to_tensor(),
        "strings.format": lambda tf, f: f("x = {}", tf.constant([1, 2])),
        "strings.ngrams": lambda tf, f: f(tf.constant(["a", "b", "c"]), 2),
        "string_to_hash_bucket_strong": lambda tf, f: f(tf.constant(WORDS), 1000, [3, 4]),
        "string_to_number": lambda tf, f: [f(tf.constant(["1.5", "2"])), f(tf.constant("7"), tf.int32)],
        "substr": lambda tf, f: f(tf.constant(WORDS[:1]), 1, 3),
        "strings.unicode_decode": lambda tf, f: f(tf.constant(WORDS), "UTF-8").to_tensor(),
        "strings.unicode_decode_with_offsets": lambda tf, f: [
            r.to_tensor() for r in f(tf.constant(WORDS), "UTF-8")
        ],
        "strings.unicode_encode": lambda tf, f: f(tf.constant([[72, 246]]), "UTF-8"),
        "strings.unicode_script": lambda tf, f: f(tf.constant([72, 1041])),
        "strings.unicode_split": lambda tf, f: f(tf.constant(WORDS), "UTF-8").to_tensor(),
        "strings.unicode_split_with_offsets": lambda tf, f: [
            r.to_tensor() for r in f(tf.constant(WORDS), "UTF-8")
        ],
        "strings.unicode_transcode": lambda tf, f: f(tf.constant(WORDS), "UTF-8", "UTF-16-BE"),
        "strings.unsorted_segment_join": lambda tf, f: f(tf.constant(WORDS), tf.constant([0, 1, 0]), 2),
        "compat.as_str": lambda tf, f: tf.constant([f(b"bytes"), f("text")]),
        "compat.as_bytes": lambda tf, f: tf.constant([f(b"bytes"), f("text")]),
        "compat.as_text": lambda tf, f: tf.constant([f(b"bytes"), f("text")]),
        "read_file": lambda tf, f: f(text_file()),
        "write_file": _write_file,
        "matching_files": lambda tf, f: tf.regex_replace(f(text_file()[:-4] + "*"), ".*/", ""),
        "train.match_filenames_once": _match_once,
        "python_io.TFRecordWriter": _writer,
        "python_io.tf_record_iterator": lambda tf, f: tf.constant(list(f(record_file(tf)))),
        "python_io.TFRecordOptions": lambda tf, f: tf.constant(
            f.get_compression_type_string(f(tf.python_io.TFRecordCompressionType.GZIP))
        ),
        "TFRecordReader": lambda tf, f: read_all(tf, f(), record_file(tf), 3),
        "TextLineReader": lambda tf, f: read_all(tf, f(skip_header_lines=1), text_file(), 2),
        "WholeFileReader": lambda tf, f: read_all(tf, f(), text_file(), 1),
        "IdentityReader": lambda tf, f: read_all(tf, f(), "a name", 1),
        "FixedLengthRecordReader": lambda tf, f: read_all(tf, f(4), text_file(), 3),
        "gfile.Exists": lambda tf, f: tf.constant([f(text_file()), f("/no/such/file")]),
        "gfile.IsDirectory": lambda tf, f: tf.constant([f(text_file()), f(folder())]),
        "gfile.ListDirectory": lambda tf, f: tf.constant(f(os.path.dirname(text_file()))),
        "gfile.Glob": lambda tf, f: tf.constant(len(f(os.path.dirname(text_file()) + "/*"))),
        "gfile.Stat": lambda tf, f: tf.constant(f(text_file()).length),
        "gfile.Walk": lambda tf, f: tf.constant([names for _, _, names in f(os.path.dirname(text_file()))]),
        "gfile.Copy": _copy,
        "gfile.Rename": _rename,
        "app.flags.FLAGS": _flags,
        "app.run": _app_run,
        "logging.set_verbosity": _set_verbosity,
        "logging.get_verbosity": lambda tf, f: tf.constant(f() >= 0),
        "logging.log": lambda tf, f: _log(tf, lambda text, n: f(tf.logging.INFO, text, n)),
        "resource_loader.get_path_to_datafile": lambda tf, f: tf.constant(os.path.basename(f("x.txt"))),
        "sysconfig.get_include": lambda tf, f: tf.constant(os.path.isdir(f())),
        "sysconfig.get_lib": lambda tf, f: tf.constant(os.path.isdir(f())),
    }
)
