"""Trains the one program in all five ways, says how far apart they are, and draws their curves.

    python compare.py [--mnist FOLDER] [--plot FILE]
"""

import argparse
import importlib

import common
import numpy as np

import tf1compat

WAYS = {
    "mnist_placeholders": "placeholders under a Session",
    "mnist_session_function": "sess.run(function)",
    "mnist_run_steps": "sess.run_steps(function)",
    "mnist_tf_function": "tf.function",
    "mnist_keras_fit": "Keras fit with callbacks",
}


def train(data):
    """Each way's curves."""
    found = {}
    for module, way in WAYS.items():
        print(f"{way:30}", end="", flush=True)
        found[module] = curves = importlib.import_module(module).run(data)
        losses, first = np.array(curves.losses), np.array(found["mnist_placeholders"].losses)
        print(f"last loss {losses[-1]:.4f}; from the first way's losses by at most {abs(losses - first).max():.0e}")
    return found


def draw(found, file):
    """Loss by step, and accuracy of the weights and of their averages by step."""
    import matplotlib

    matplotlib.use("agg")  # draws without a screen
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    looks = np.arange(common.EVERY, common.STEPS + 1, common.EVERY)
    for number, (module, curves) in enumerate(found.items()):
        width, once = 9 - 2 * number, number == 0  # the first way's lines are the widest, so that all are seen
        left.semilogy(range(1, common.STEPS + 1), curves.losses, linewidth=width / 2, label=WAYS[module])
        for accuracy, color, what in ((curves.raw, "orange", "weights"), (curves.averaged, "blue", "their averages")):
            percent, label = np.multiply(accuracy, 100), what if once else None
            right.plot(looks, percent, color=color, alpha=0.3, linewidth=width, label=label)
    left.set(xlabel="step", ylabel="loss of the step's batch", title="One program, five ways")
    right.set(xlabel="step", ylabel="test accuracy, %", title="All five: the weights, and their moving averages")
    left.legend()
    right.legend()
    figure.savefig(file, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", metavar="FOLDER", help="of MNIST's four files, instead of scikit-learn's digits")
    parser.add_argument("--plot", metavar="FILE", default="five_ways.png", help="what to draw into: %(default)s")
    options = parser.parse_args()
    with tf1compat.eager():
        found = train(common.load(options.mnist))
    draw(found, options.plot)
    print(f"Wrote {options.plot}")
    return found


if __name__ == "__main__":
    main()
