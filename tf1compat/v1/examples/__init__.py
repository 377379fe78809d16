"""What TF 1 kept in `tensorflow.examples` and programs import: the MNIST tutorial's modules."""
