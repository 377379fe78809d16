"""`tf1compat compare`: a program under TensorFlow 1.15 and here, and how far apart what they fetched is."""
