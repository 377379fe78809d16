"""What migrated programs print under plain Python is what they printed, as they were, under `tf1compat run`."""

import pytest
from fork_harness import Forks

from tf1compat.migrating import make_plan

PROGRAMS = {
    "numpy_1.py": """
import numpy as np, time
import tensorflow as tf
from tensorflow.contrib import slim
tf.set_random_seed(3)
x = tf.placeholder(tf.float32, [None, 4])
y = slim.fully_connected(x, 2, scope="fc")
with tf.Session() as sess:
    sess.run(tf.initialize_all_variables())
    data = np.ones((3, 4), np.float32) / np.sqrt(2.)
    print(data.dtype, np.float(7), np.Inf, np.asscalar(np.ones(1)))
    print([sess.run(tf.reduce_sum(y), {x: data}), np.float32(0.5)])
assert time.clock() >= 0
""",
    "threads.py": """
import threading
import tensorflow as tf
from tensorflow import Session
found = []
def work(n):
    found.append((n, tf.executing_eagerly(), int(Session().run(tf.constant(n) + 1))))
class Worker(threading.Thread):
    def run(self):
        work(7)
threads = [threading.Thread(target=work, args=(n,)) for n in range(3)] + [Worker()]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(found), any(thread.isAlive() for thread in threads))
""",
    "keras_fit.py": """
import numpy as np
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="ones", input_shape=(2,))])
model.compile("sgd", "mse")
history = model.fit(np.ones((8, 2)), np.zeros((8, 1)), epochs=2, verbose=0, shuffle=False)
print(["%.4f" % loss for loss in history.history["loss"]])
""",
    "pole.py": """
import gym
import tensorflow as tf
from gym.envs.registration import register
register(id="Pole-v3", entry_point="gym.envs.classic_control:CartPoleEnv", max_episode_steps=5)
env = gym.make("Pole-v3")
env.seed(1)
state, steps, done = env.reset(), 0, False
while not done:
    state, reward, done, info = env.step(0)
    steps += 1
print(steps, state.shape, isinstance(env.action_space, gym.spaces.Discrete), tf.GraphKeys.LOSSES)
""",
    "others.py": """
import collections, inspect, pandas as pd, scipy.misc, numpy as np
from scipy.misc import imresize, comb
from collections import Mapping
import tensorflow
frame = pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=["x", "y"])
frame = frame.append({"a": 5, "b": 6}, ignore_index=True)
print(frame.as_matrix().tolist(), frame.ix[0, "b"], [name for name, _ in frame.iteritems()])
print(imresize(np.arange(16, dtype=np.uint8).reshape(4, 4), (2, 2)).tolist(), comb(4, 2), isinstance({}, Mapping))
print(inspect.getargspec(lambda a, b=1: a).args, scipy.misc.bytescale(np.arange(3.)).tolist())
print(tensorflow.contrib.layers.l2_regularizer(0.1) is not None, tensorflow.train.Saver.__name__)
""",
}


@pytest.fixture(scope="module")
def forks(tmp_path_factory):
    forks = Forks(tmp_path_factory.mktemp("runs"))
    yield forks
    forks.close()


@pytest.mark.parametrize("name", PROGRAMS)
def test_prints_the_same(name, forks, tmp_path):
    path = tmp_path / name
    path.write_text(PROGRAMS[name])
    before = forks.run({"command": ["run", str(path)], "limit": 100})
    (file,) = make_plan([str(path)], "v1").files
    path.write_bytes(file.after)
    after = forks.run({"program": [str(path)], "limit": 100})
    assert (before["status"], after["status"]) == (0, 0), before["stderr"] + after["stderr"]
    assert after["stdout"] == before["stdout"] != ""
