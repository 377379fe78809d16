"""What is left to have of TensorFlow 1.15's `tf.contrib`: `tf.contrib.x` is `tf1compat.contrib.x` here."""
