"""The shadow of a moving average whose decay grows with num_updates: min(decay, (1 + n) / (10 + n)).

Ported to eager TensorFlow: `ema.build` makes the shadows, which `ema.apply` did when the graph was built; from then on
`ema.apply` is the update itself, where it was an op for a Session to run. Every number is the old program's.
"""

import tensorflow as tf

from tf1compat import train

value = tf.Variable(0.0, name="value")
step = tf.Variable(0, trainable=False, name="step")
ema = train.ExponentialMovingAverage(0.99, num_updates=step)
ema.build([value])

print(f"at first: value {value.numpy():g}, shadow {ema.average(value).numpy():g}")
value.assign(5.0)
for n in [0, 1, 10, 100, 1000, 10000]:
    step.assign(n)
    ema.apply([value])
    print(f"num_updates {n}: shadow {ema.average(value).numpy():.6f}")
value.assign(10.0)
for n in range(3):
    ema.apply([value])
    print(f"again, {n + 1}: shadow {ema.average(value).numpy():.6f}")
print(ema.average_name(value))
