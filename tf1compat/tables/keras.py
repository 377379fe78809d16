"""The table of names for `tf.keras`: what TF 1.15's Keras had and Keras 3 has under another name, or not at all."""

from __future__ import annotations

__all__ = ["KERAS", "REFUSED_OF_KERAS", "SPACES_OF_KERAS"]

_ERRORS = {"absolute": "MAE", "absolute_percentage": "MAPE", "squared": "MSE", "squared_logarithmic": "MSLE"}

#: TF1 name: the path below `tensorflow` where it is now.
KERAS: dict[str, str] = {
    "keras.initializers.normal": "keras.initializers.RandomNormal",
    "keras.initializers.uniform": "keras.initializers.RandomUniform",
    "keras.experimental.CosineDecay": "keras.optimizers.schedules.CosineDecay",
    "keras.experimental.CosineDecayRestarts": "keras.optimizers.schedules.CosineDecayRestarts",
    **{
        f"keras.{space}.mean_{name}_error": f"keras.{space}.{short}"
        for space in ("losses", "metrics")
        for name, short in _ERRORS.items()
    },
}

#: What TensorFlow 1.15 had there and Keras 3 dropped, by what to write instead.
_INSTEAD = {
    "tf.keras.layers.LSTM, which takes cuDNN on a GPU": "layers.CuDNNLSTM",
    "tf.keras.layers.GRU, which takes cuDNN on a GPU": "layers.CuDNNGRU",
    "tf.feature_column.input_layer and a model on its output": "layers.DenseFeatures experimental.SequenceFeatures",
    "tf.keras.layers.Conv1D or Conv2D": "layers.LocallyConnected1D layers.LocallyConnected2D "
    "backend.local_conv1d backend.local_conv2d",
    "tf.keras.layers.Layer with `state_size` and `call(inputs, states)`": "layers.AbstractRNNCell",
    "the argument `training` of the layer or model": "backend.in_test_phase backend.in_train_phase "
    "backend.learning_phase backend.learning_phase_scope backend.set_learning_phase",
    "tf.placeholder in a graph, tf.keras.Input for a model": "backend.placeholder",
    "tf.nn.batch_normalization": "backend.normalize_batch_in_training",
    "tf.print": "backend.print_tensor",
    "tf.keras.backend.random_bernoulli": "backend.random_binomial",
    "tf.keras.backend.clear_session()": "backend.reset_uids",
    "tf.global_variables_initializer()": "backend.manual_variable_initialization",
    "tf.keras.callbacks.Callback": "callbacks.BaseLogger",
    "a subclass of tf.keras.constraints.Constraint": "constraints.RadialConstraint constraints.radial_constraint",
    "tf.estimator.Estimator with a model_fn that calls the model": "estimator.model_to_estimator",
    "tf.train.linear_cosine_decay or tf.train.noisy_linear_cosine_decay": "experimental.LinearCosineDecay "
    "experimental.NoisyLinearCosineDecay",
    "a tf.keras.Model of Dense layers": "experimental.LinearModel experimental.WideDeepModel",
    "tf.nn.rnn_cell.LSTMCell(n, use_peepholes=True)": "experimental.PeepholeLSTMCell",
    "model.save and tf.keras.models.load_model": "experimental.export_saved_model experimental.load_from_saved_model",
    "nothing: Keras 3 has no such pools": "experimental.terminate_keras_multiprocessing_pools",
    "tf.keras.losses.CosineSimilarity": "losses.cosine losses.cosine_proximity metrics.cosine "
    "metrics.cosine_proximity metrics.cosine_similarity",
    "tf.keras.metrics.Mean": "metrics.MeanRelativeError metrics.MeanTensor",
    "tf.keras.mixed_precision": "mixed_precision.experimental.LossScaleOptimizer "
    "mixed_precision.experimental.Policy mixed_precision.experimental.global_policy "
    "mixed_precision.experimental.set_policy",
    "tf.keras.models.model_from_json": "models.model_from_yaml",
    "the class's own from_config": "models.model_from_config",
    "tf.keras.utils.Sequence, which fit takes": "utils.GeneratorEnqueuer utils.OrderedEnqueuer "
    "utils.SequenceEnqueuer",
    "h5py.File": "utils.HDF5Matrix",
    "nothing: they are TensorFlow's kernels already": "utils.convert_all_kernels_in_model",
    "tf.distribute.MirroredStrategy": "utils.multi_gpu_model",
    "the scikeras package": "wrappers.scikit_learn.KerasClassifier wrappers.scikit_learn.KerasRegressor",
}

#: Refused name: (why, what to write instead).
REFUSED_OF_KERAS: dict[str, tuple[str, str]] = {
    f"keras.{name}": ("Keras 3 dropped it", instead) for instead, names in _INSTEAD.items() for name in names.split()
}
#: The namespaces that Keras 3 has no more, and the refused names in each.
SPACES_OF_KERAS: dict[str, str] = {
    f"keras.{space}": " ".join(
        name.rpartition(".")[2] for names in _INSTEAD.values() for name in names.split() if name.startswith(f"{space}.")
    )
    for space in ("estimator", "experimental", "mixed_precision.experimental", "wrappers.scikit_learn")
} | {"keras.wrappers": ""}
