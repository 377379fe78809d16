"""Keras 3 layers, models and variables inside TF1 graphs."""
