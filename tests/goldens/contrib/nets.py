"""tf.contrib.slim.nets: names, shapes, end points and outputs of small images.

Of large networks the variables' names, their shapes and the initializers' kinds are recorded, not the values.
"""

import hashlib
import importlib

import numpy as np


def nets_of(tf):
    return importlib.import_module(tf.__name__ + ".contrib.slim.nets")


def images(tf, size, batch=1):
    return tf.constant(np.random.RandomState(size).uniform(-1, 1, (batch, size, size, 3)).astype(np.float32))


def digest(facts):
    return hashlib.md5(repr(facts).encode()).hexdigest()


def seen(tf, net, end_points):
    """What is compared of a network that is not run: its end points and all its variables, as one number each."""
    graph = tf.get_default_graph()
    points = sorted((name, tuple(tensor.get_shape().as_list())) for name, tensor in end_points.items())
    tensors = sorted((name, tensor.op.name) for name, tensor in end_points.items() if name != "PreLogits")
    variables = [(v.op.name, tuple(v.get_shape().as_list())) for v in tf.global_variables()]
    trained = [v.op.name for v in tf.trainable_variables()]
    kept = [v.op.name for v in tf.get_collection("moving_vars")]
    updates = [op.name for op in tf.get_collection("update_ops")]
    losses = [t.op.name for t in tf.get_collection("regularization_losses")]
    found = {
        "points": points,
        "tensors": tensors,
        "variables": variables,
        "trained": trained,
        "moving": kept,
        "updates": updates,
        "losses": losses,
        "out": [net.op.name, net.get_shape().as_list()],
    }
    for key in list(graph.get_all_collection_keys()):
        graph.clear_collection(key)
    return {"shape of " + key: tf.constant([len(value), int(digest(value)[:7], 16)]) for key, value in found.items()}


def only_built(module, name, size, arguments=None, **kwargs):
    def case(tf):
        slim = tf.contrib.slim
        nets = getattr(nets_of(tf), module)
        in_force = arguments(nets) if arguments else {}
        with slim.arg_scope(in_force):
            built = getattr(nets, name)(images(tf, size), **kwargs)
        return seen(tf, *built)

    return case


def residual(module, name, **kwargs):
    """A small network of residual units, which is run."""

    def case(tf):
        slim = tf.contrib.slim
        nets = getattr(nets_of(tf), module)
        block = getattr(nets, module + "_block")
        blocks = [block("block1", 2, 2, 2), block("block2", 4, 2, 2), block("block3", 8, 1, 1)]
        with slim.arg_scope(nets.resnet_arg_scope()):
            net, end_points = getattr(nets, name)(images(tf, 33, 2), blocks, scope="small", **kwargs)
        outputs = {"net": net}
        if kwargs.get("num_classes"):
            outputs["predictions"] = end_points["predictions"]
        return outputs

    return case


def inception(name, module, final, size, **kwargs):
    """The lower half of an Inception network with few channels, which is run."""

    def case(tf):
        slim = tf.contrib.slim
        nets = nets_of(tf).inception
        with slim.arg_scope(getattr(nets, module + "_arg_scope")()):
            with slim.arg_scope([slim.batch_norm], is_training=True):
                net, end_points = getattr(nets, name)(images(tf, size), final, **kwargs)
        tf.get_default_graph().clear_collection("trainable_variables")
        for v in tf.global_variables():
            if v.op.name.endswith(("weights", "beta")):
                tf.add_to_collection("trainable_variables", v)
        return {"points %d" % len(end_points): tf.reduce_mean(net, [1, 2])}

    return case


def utils(tf):
    utils = nets_of(tf).resnet_utils
    x = images(tf, 6)
    return {
        "same": utils.conv2d_same(x, 2, 3, 2, scope="a"),
        "wide": utils.conv2d_same(x, 2, 3, 1, rate=2, scope="b"),
        "every second": utils.subsample(x, 2),
    }


def in_scope(what):
    return lambda nets: getattr(nets, what)()


CASES = {
    "alexnet": only_built("alexnet", "alexnet_v2", 224, in_scope("alexnet_v2_arg_scope"), num_classes=7),
    "overfeat": only_built("overfeat", "overfeat", 231, in_scope("overfeat_arg_scope"), num_classes=7),
    "vgg_a": only_built("vgg", "vgg_a", 224, in_scope("vgg_arg_scope"), num_classes=7),
    "vgg_16": only_built("vgg", "vgg_16", 224, in_scope("vgg_arg_scope")),
    "vgg_16 wide": only_built(
        "vgg", "vgg_16", 256, in_scope("vgg_arg_scope"), spatial_squeeze=False, is_training=False
    ),
    "vgg_19": only_built("vgg", "vgg_19", 224, in_scope("vgg_arg_scope")),
    "inception_v1": only_built("inception", "inception_v1", 224, in_scope("inception_v1_arg_scope")),
    "inception_v2": only_built("inception", "inception_v2", 224, in_scope("inception_v2_arg_scope"), num_classes=5),
    "inception_v2 thin": only_built(
        "inception", "inception_v2", 100, in_scope("inception_v2_arg_scope"), depth_multiplier=0.25, is_training=False
    ),
    "inception_v3": only_built("inception", "inception_v3", 299, in_scope("inception_v3_arg_scope"), num_classes=1001),
    "inception_v3 thin": only_built(
        "inception", "inception_v3", 160, None, depth_multiplier=0.25, spatial_squeeze=False
    ),
    "resnet_v1_50": only_built("resnet_v1", "resnet_v1_50", 64, in_scope("resnet_arg_scope"), num_classes=10),
    "resnet_v1_50 dense": only_built(
        "resnet_v1",
        "resnet_v1_50",
        65,
        in_scope("resnet_arg_scope"),
        num_classes=21,
        global_pool=False,
        output_stride=16,
        is_training=False,
    ),
    "resnet_v2_50": only_built("resnet_v2", "resnet_v2_50", 64, in_scope("resnet_arg_scope")),
    "resnet_v2_101": only_built("resnet_v2", "resnet_v2_101", 64, None, num_classes=3, scope="mine"),
    "small v1": residual("resnet_v1", "resnet_v1", num_classes=3),
    "small v1, dense": residual("resnet_v1", "resnet_v1", global_pool=False, output_stride=8, is_training=False),
    "small v2": residual("resnet_v2", "resnet_v2", num_classes=3),
    "small v2, no root": residual("resnet_v2", "resnet_v2", include_root_block=False, output_stride=2),
    "mixed v1": inception("inception_v1_base", "inception_v1", "Mixed_3b", 32),
    "mixed v2": inception("inception_v2_base", "inception_v2", "Mixed_4a", 33, min_depth=3, depth_multiplier=0.01),
    "mixed v3": inception("inception_v3_base", "inception_v3", "Mixed_6a", 79, min_depth=3, depth_multiplier=0.01),
    "utils": utils,
}
