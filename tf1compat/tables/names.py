"""The table of names: what is ours, what TensorFlow has elsewhere, what is refused and why.

Whatever stands in none of these is TensorFlow's own `tf.compat.v1.<name>`. What is ours goes before
everything else: single names by a line in `OURS`, whole namespaces by a line in `HOMES`.
"""

from __future__ import annotations

from .contrib import KEPT
from .keras import KERAS, REFUSED_OF_KERAS, SPACES_OF_KERAS

__all__ = [
    "CONTRIB",
    "ELSEWHERE",
    "HOMES",
    "INSIDE",
    "INSTEAD",
    "OURS",
    "REFUSED",
    "REFUSED_MEMBERS",
    "RENAMED",
]


def _each(module: str, names: str) -> dict[str, tuple[str, str]]:
    return {name: (module, name.rpartition(".")[2]) for name in names.split()}


_TEST_DECORATORS = """also_run_as_tf_function assert_no_new_pyobjects_executing_eagerly
    build_as_function_and_v1_graph deprecated_graph_mode_only run_all_in_graph_and_eager_modes
    run_in_graph_and_eager_modes run_v1_only run_v2_only"""

#: TF1 name: (module of this package, attribute there).
OURS: dict[str, tuple[str, str]] = {
    **_each(
        "tf1compat.graph",
        """Graph Session InteractiveSession get_default_graph reset_default_graph get_default_session
        import_graph_def graph_util.import_graph_def train.import_meta_graph""",
    ),
    **_each("tf1compat.graph.servers", "distribute.Server train.Server"),
    **dict.fromkeys(("saved_model.load", "saved_model.loader.load"), ("tf1compat.graph", "load_saved_model")),
    **_each(
        "tf1compat.v1.switches",
        """VERSION version.VERSION disable_control_flow_v2 disable_eager_execution
        disable_resource_variables disable_tensor_equality disable_v2_behavior disable_v2_tensorshape
        enable_control_flow_v2 enable_eager_execution enable_resource_variables enable_tensor_equality
        enable_v2_behavior enable_v2_tensorshape python.tf2.enabled""",
    ),
    "__version__": ("tf1compat.v1.switches", "VERSION"),
    **_each("tf1compat.v1.classes", "Dimension TensorShape Variable"),
    **_each(
        "tf1compat.v1.testing",
        "test.TestCase test.main python.platform.googletest.main "
        + " ".join(f"python.framework.test_util.{name}" for name in _TEST_DECORATORS.split()),
    ),
    "python.eager.test.main": ("tf1compat.v1.testing", "main_eagerly"),
    "python.framework.test_util.run_deprecated_v1": ("tf1compat.v1.testing", "deprecated_graph_mode_only"),
    **_each(
        "tf1compat.train",
        """clip_by_average_norm clip_by_global_norm clip_by_norm train.ExponentialMovingAverage train.cosine_decay
        train.cosine_decay_restarts train.exponential_decay train.inverse_time_decay train.linear_cosine_decay
        train.natural_exp_decay train.noisy_linear_cosine_decay train.piecewise_constant
        train.piecewise_constant_decay train.polynomial_decay
        python.training.moving_averages.assign_moving_average
        python.training.moving_averages.weighted_moving_average
        contrib.layers.apply_regularization contrib.layers.l1_l2_regularizer contrib.layers.l1_regularizer
        contrib.layers.l2_regularizer contrib.layers.sum_regularizer
        contrib.slim.apply_regularization contrib.slim.l1_l2_regularizer contrib.slim.l1_regularizer
        contrib.slim.l2_regularizer contrib.slim.sum_regularizer""",
    ),
    **_each(
        "tf1compat.graph.keras.backend",
        """keras.backend.batch_set_value keras.backend.eval keras.backend.function keras.backend.get_value
        keras.backend.set_value""",
    ),
    **_each("tf1compat.graph.keras.sessions", "keras.backend.get_session keras.backend.set_session"),
    **_each("tf1compat.graph.keras.scripts.files", "keras.models.load_model keras.saving.load_model"),
    **_each(
        "tf1compat.train",
        """train.AdadeltaOptimizer train.AdagradDAOptimizer train.AdagradOptimizer train.AdamOptimizer
        train.FtrlOptimizer train.GradientDescentOptimizer train.MomentumOptimizer train.Optimizer
        train.ProximalAdagradOptimizer train.ProximalGradientDescentOptimizer train.RMSPropOptimizer
        train.SyncReplicasOptimizer""",
    ),
    **_each("tf1compat.train", "train.Saver train.latest_checkpoint"),
    **_each(
        "tf1compat.v1.examples.tutorials.mnist.input_data",
        " ".join(
            f"contrib.learn.datasets.mnist.{name}"
            for name in """DEFAULT_SOURCE_URL DataSet dense_to_one_hot extract_images extract_labels
            read_data_sets""".split()
        ),
    ),
    **_each(
        "tf1compat.contrib.layers.feature_columns",
        " ".join(
            f"contrib.layers.{name}"
            for name in """bucketized_column create_feature_spec_for_parsing crossed_column embedding_column
            infer_real_valued_columns input_from_feature_columns one_hot_column parse_feature_columns_from_examples
            real_valued_column sparse_column_with_hash_bucket sparse_column_with_integerized_feature
            sparse_column_with_keys sparse_column_with_vocabulary_file weighted_sparse_column
            weighted_sum_from_feature_columns""".split()
        ),
    ),
    **{
        f"contrib.eager.{name}": ("tf1compat.v1.testing", there)
        for name, there in (
            ("run_test_in_graph_and_eager_modes", "run_in_graph_and_eager_modes"),
            ("run_all_tests_in_graph_and_eager_modes", "run_all_in_graph_and_eager_modes"),
        )
    },
    "contrib.eager.enable_eager_execution": ("tf1compat.v1.switches", "enable_eager_execution"),
    "contrib.eager.run": ("tf1compat.v1.switches", "run_eagerly"),
    **_each(
        "tf1compat.rnn.loops",
        """nn.bidirectional_dynamic_rnn nn.dynamic_rnn nn.raw_rnn nn.static_bidirectional_rnn nn.static_rnn
        nn.static_state_saving_rnn""",
    ),
}

#: TF1 namespace: the module of this package whose `__all__` are names in it. `tf.contrib.x` has its home in
#: `tf1compat.contrib.x` without a line here; a namespace below it needs one.
HOMES: dict[str, str] = {
    "estimator": "tf1compat.estimator",
    "estimator.experimental": "tf1compat.estimator.experimental",
    "estimator.export": "tf1compat.estimator.export",
    "estimator.inputs": "tf1compat.estimator.inputs",
    **dict.fromkeys(
        (
            f"python.estimator{path}"
            for path in (
                "",
                *""".canned .canned.dnn .canned.head .canned.linear .estimator .estimator_lib .exporter .model_fn
                .run_config .training .warm_starting_util""".split(),
            )
        ),
        "tf1compat.estimator",
    ),
    **dict.fromkeys(
        (f"python.estimator.export{path}" for path in ("", ".export", ".export_output")), "tf1compat.estimator.export"
    ),
    **dict.fromkeys(
        (f"python.estimator.inputs{path}" for path in ("", ".inputs", ".numpy_io", ".pandas_io")),
        "tf1compat.estimator.inputs",
    ),
    "layers": "tf1compat.layers",
    "layers.experimental": "tf1compat.layers.experimental",
    "python.layers.utils": "tf1compat.layers.utils",
    **dict.fromkeys(
        (f"python.layers.{name}" for name in "base convolutional core layers normalization pooling".split()),
        "tf1compat.layers.inside",
    ),
    **dict.fromkeys(
        ("contrib.layers.python.layers.utils", "contrib.layers.utils", "contrib.slim.utils"),
        "tf1compat.contrib.layers.utils",
    ),
    "contrib.layers.summaries": "tf1compat.contrib.layers.summaries",
    "contrib.losses.metric_learning": "tf1compat.contrib.losses.metric_learning",
    "contrib.slim.learning": "tf1compat.contrib.slim.learning",
    "contrib.slim.losses": "tf1compat.contrib.losses",
    "contrib.slim.metrics": "tf1compat.contrib.metrics",
    "contrib.opt.sign_decay": "tf1compat.contrib.opt.sign_decay",
    "contrib.distributions.bijectors": "tf1compat.contrib.distributions.bijectors",
    "contrib.eager.metrics": "tf1compat.contrib.eager.metrics",
    "contrib.tensorboard.plugins": "tf1compat.contrib.tensorboard.plugins",
    "contrib.tensorboard.plugins.projector": "tf1compat.contrib.tensorboard.plugins.projector",
    **{
        f"contrib.slim.{name}": f"tf1compat.contrib.slim.{name}"
        for name in """evaluation model_analyzer prefetch_queue queues summaries nets nets.alexnet nets.inception
        nets.inception_v1 nets.inception_v2 nets.inception_v3 nets.overfeat nets.resnet_utils nets.resnet_v1
        nets.resnet_v2 nets.vgg""".split()
    },
    "contrib.learn.datasets": "tf1compat.contrib.learn.datasets",
    "contrib.learn.datasets.base": "tf1compat.contrib.learn.datasets.base",
    "contrib.learn.datasets.mnist": "tf1compat.contrib.learn.datasets.mnist",
    "contrib.learn.io": "tf1compat.contrib.learn.io",
    "contrib.learn.learn_runner": "tf1compat.contrib.learn.learn_runner",
    **dict.fromkeys(
        (f"contrib.learn.preprocessing{name}" for name in ("", ".categorical_vocabulary", ".text")),
        "tf1compat.contrib.learn.preprocessing",
    ),
    **{
        f"contrib.learn.{path}": f"tf1compat.contrib.learn.{module}"
        for path, module in (
            ("estimators.dnn", "canned"),
            ("estimators.estimator", "estimator"),
            ("estimators.linear", "canned"),
            ("estimators.model_fn", "model_fn"),
            ("estimators.run_config", "run_config"),
            ("experiment", "experiment"),
            ("learn_io", "io"),
            ("learn_io.numpy_io", "io"),
            ("learn_io.pandas_io", "io"),
            ("metric_spec", "metric_spec"),
        )
    },
    "nn.rnn_cell": "tf1compat.rnn.cells",
    "python.training.tracking.util": "tf1compat.v1.tracking",
    **dict.fromkeys(("python.ops.rnn_cell", "python.ops.rnn_cell_impl"), "tf1compat.rnn.inside_core"),
    **dict.fromkeys(
        (
            f"contrib.rnn.python.ops.{name}"
            for name in "core_rnn core_rnn_cell core_rnn_cell_impl lstm_ops rnn rnn_cell".split()
        ),
        "tf1compat.rnn.inside_contrib",
    ),
    **dict.fromkeys(
        (
            f"contrib.seq2seq.python.ops.{name}"
            for name in """attention_wrapper basic_decoder beam_search_decoder beam_search_ops decoder helper
            loss""".split()
        ),
        "tf1compat.contrib.seq2seq.inside",
    ),
    "contrib.legacy_seq2seq.python.ops.seq2seq": "tf1compat.contrib.legacy_seq2seq.inside",
}

#: TF1 name or namespace: the path below `tensorflow` where TensorFlow keeps it now; one below
#: `tensorflow.python` is found as programs find it that import from there.
ELSEWHERE: dict[str, str] = {
    "compat.v2": "compat.v2",
    "keras": "keras",
    "__git_version__": "compat.v1.GIT_VERSION",
    "__compiler_version__": "compat.v1.COMPILER_VERSION",
    "__cxx11_abi_flag__": "compat.v1.CXX11_ABI_FLAG",
    "__monolithic_build__": "compat.v1.MONOLITHIC_BUILD",
    **KERAS,
    **KEPT,
}

#: Names inside TensorFlow 1.15 that TensorFlow has there no more, and their public name.
INSIDE: dict[str, str] = {
    **{
        f"contrib.factorization.python.ops.clustering_ops.{name}": f"python.ops.gen_clustering_ops.{name}"
        for name in ("kmc2_chain_initialization", "kmeans_plus_plus_initialization", "nearest_neighbors")
    },
    "contrib.layers.python.ops.sparse_ops.dense_to_sparse_tensor": "contrib.layers.dense_to_sparse",
    "python.eager.function.defun": "function",
    "python.keras.Model": "keras.Model",
    "python.keras.Sequential": "keras.Sequential",
    "python.keras.Input": "keras.Input",
    "python.keras.engine.base_layer.InputSpec": "layers.InputSpec",
    "python.keras.engine.input_spec.InputSpec": "layers.InputSpec",
    "python.keras.engine.network.Network": "keras.Model",
    "python.ops.variable_scope.variable": "Variable",
    "python.ops.variables.VariableV1": "Variable",
    "python.util.nest.is_sequence": "python.util.nest.is_nested",
    "python.data.util.nest.is_sequence": "python.data.util.nest.is_nested",
}

#: Refused name or namespace: (why, what to write instead). The longest one that matches counts.
REFUSED: dict[str, tuple[str, str]] = {
    "config.experimental_list_devices": (
        "TensorFlow dropped it",
        "tf.config.experimental.list_physical_devices() or Session.list_devices()",
    ),
    "contrib": (
        "TensorFlow 2 has no tf.contrib",
        "what took its part over: tf.*, Keras 3 or TensorFlow Probability",
    ),
    "data.experimental.CheckpointInputPipelineHook": (
        "it saved the iterators of an Estimator, and TensorFlow 2.16 and newer have no Estimator",
        "tf.train.Checkpoint over the iterator",
    ),
    "data.experimental.MapVectorizationOptions": (
        "TensorFlow dropped map vectorization",
        "dataset.batch(n) before dataset.map(f), with f written for batches",
    ),
    **dict.fromkeys(
        ("data.experimental.copy_to_device", "data.experimental.prefetch_to_device"),
        ("its remote call ends the process outside TensorFlow's own session", "dataset.prefetch(1)"),
    ),
    "data.experimental": ("TensorFlow dropped the statistics of input pipelines", "tf.profiler.experimental"),
    "contrib.learn": (
        "of the first Estimators the most used are here, and this is none of them",
        "tf.estimator, or a model_fn with tf.contrib.learn.Estimator",
    ),
    "estimator": ("it is not rewritten here", "tf.estimator.Estimator with a model_fn"),
    **dict.fromkeys(
        tuple(f"estimator.BoostedTrees{kind}" for kind in ("Classifier", "Estimator", "Regressor")),
        ("growing trees is not rewritten here", "scikit-learn's HistGradientBoosting models, XGBoost or LightGBM"),
    ),
    "estimator.experimental.KMeans": (
        "clustering as an Estimator is not rewritten here",
        "sklearn.cluster.KMeans, or MiniBatchKMeans for batches",
    ),
    "estimator.experimental.LinearSDCA": (
        "its kernels take reference variables, which TensorFlow 2 makes no more",
        "tf.train.FtrlOptimizer with l1_regularization_strength and l2_regularization_strength",
    ),
    "estimator.tpu": (
        "TF1's TPU programs run through a TPU's own session, not through this package's",
        "tf.estimator.Estimator, or TensorFlow 2 with tf.distribute.TPUStrategy",
    ),
    **dict.fromkeys(
        ("delete_session_tensor", "get_session_handle", "get_session_tensor"),
        ("its kernels keep tensors inside TensorFlow's own session", "a tf.Variable to keep the tensor in"),
    ),
    **REFUSED_OF_KERAS,
    **dict.fromkeys(
        (
            f"python.debug.{name}Debug{kind}"
            for name in ("Dumping", "Grpc", "LocalCLI", "TensorBoard")
            for kind in ("Hook", "WrapperSession")
        ),
        (
            "TensorFlow's debugger steps through its own session only",
            "fetching the tensors in question, tf.Print, tf.add_check_numerics_ops() or tf.debugging",
        ),
    ),
    "raw_ops.CompareAndBitpack": (
        "TensorFlow dropped its Python function",
        "tf.raw_ops.Bitcast of the packed tf.greater(input, threshold)",
    ),
    "raw_ops": (
        "TensorFlow dropped this TPU operation",
        "tf.tpu.experimental.embedding on TensorFlow 2 with tf.distribute.TPUStrategy",
    ),
    "train.sdca_shrink_l1": (
        "its kernel takes reference variables, which TensorFlow 2 makes no more",
        "tf.assign(w, tf.sign(w) * tf.maximum(tf.abs(w) - l1, 0.0))",
    ),
    "tpu": (
        "TF1's TPU programs run through a TPU's own session, not through this package's",
        "TensorFlow 2 with tf.distribute.TPUStrategy",
    ),
}

#: The names below each namespace of `REFUSED` that is refused only in part or whose names are known.
REFUSED_MEMBERS: dict[str, str] = {
    "data.experimental": "StatsAggregator StatsOptions bytes_produced_stats latency_stats",
    "estimator": """BaselineClassifier BaselineEstimator BaselineRegressor BestExporter BinaryClassHead
        BoostedTreesClassifier BoostedTreesEstimator BoostedTreesRegressor CheckpointSaverHook
        CheckpointSaverListener DNNClassifier DNNEstimator DNNLinearCombinedClassifier
        DNNLinearCombinedEstimator DNNLinearCombinedRegressor DNNRegressor Estimator EstimatorSpec EvalSpec
        Exporter FeedFnHook FinalExporter FinalOpsHook GlobalStepWaiterHook Head LatestExporter
        LinearClassifier LinearEstimator LinearRegressor LoggingTensorHook LogisticRegressionHead ModeKeys
        MultiClassHead MultiHead MultiLabelHead NanLossDuringTrainingError NanTensorHook
        PoissonRegressionHead ProfilerHook RegressionHead RunConfig SecondOrStepTimer SessionRunArgs
        SessionRunContext SessionRunHook SessionRunValues StepCounterHook StopAtStepHook SummarySaverHook
        TrainSpec VocabInfo WarmStartSettings add_metrics classifier_parse_example_spec
        regressor_parse_example_spec train_and_evaluate""",
    "estimator.experimental": """InMemoryEvaluatorHook KMeans LinearSDCA
        build_raw_supervised_input_receiver_fn call_logit_fn dnn_logit_fn_builder linear_logit_fn_builder
        make_early_stopping_hook make_stop_at_checkpoint_step_hook stop_if_higher_hook stop_if_lower_hook
        stop_if_no_decrease_hook stop_if_no_increase_hook""",
    "estimator.export": """ClassificationOutput ExportOutput PredictOutput RegressionOutput
        ServingInputReceiver TensorServingInputReceiver build_parsing_serving_input_receiver_fn
        build_raw_serving_input_receiver_fn""",
    "estimator.inputs": "numpy_input_fn pandas_input_fn",
    "estimator.tpu": "InputPipelineConfig RunConfig TPUConfig TPUEstimator TPUEstimatorSpec",
    **SPACES_OF_KERAS,
    "raw_ops": " ".join(
        f"{verb}TPUEmbedding{rule}ParametersGradAccumDebug"
        for verb in ("Load", "Retrieve")
        for rule in ("ADAM", "Adadelta", "Adagrad", "FTRL", "Momentum", "ProximalAdagrad", "RMSProp")
    ),
    "tpu": """CrossShardOptimizer batch_parallel core cross_replica_sum initialize_system
        outside_compilation replicate rewrite shard shutdown_system""",
    "tpu.experimental": """AdagradParameters AdamParameters DeviceAssignment
        StochasticGradientDescentParameters embedding_column initialize_tpu_system
        shared_embedding_columns""",
}

#: Better advice for single refused names than their namespace's.
INSTEAD: dict[str, str] = {
    "contrib.bayesflow": "tfp.monte_carlo.expectation of TensorFlow Probability",
    "contrib.boosted_trees": "scikit-learn's HistGradientBoostingClassifier, or tensorflow_decision_forests",
    "contrib.copy_graph": "tf.train.export_meta_graph() and tf.train.import_meta_graph() into the other graph",
    "contrib.cudnn_rnn": "keras.layers.LSTM or GRU, which take cuDNN on a GPU, or tf.contrib.rnn.LSTMBlockFusedCell",
    "contrib.data.LMDBDataset": "tf.data.Dataset.from_generator over the lmdb package",
    "contrib.data.copy_to_device": "dataset.prefetch(1)",
    "contrib.data.prefetch_to_device": "dataset.prefetch(1)",
    "contrib.decision_trees": "scikit-learn's trees, or tensorflow_decision_forests",
    "contrib.distribute": "tf.distribute: MirroredStrategy and the others",
    "contrib.distributions": "tf.distributions, or the tensorflow_probability package",
    "contrib.eager": "TensorFlow 2's own: tf.Variable, tf.GradientTape, tf.train.Checkpoint",
    "contrib.eager.Network": "keras.Model",
    "contrib.eager.Sequential": "keras.Sequential",
    "contrib.estimator": "tf.estimator, whose Estimator takes any model_fn",
    "contrib.factorization.GMM": "sklearn.mixture.GaussianMixture",
    "contrib.factorization.GmmAlgorithm": "sklearn.mixture.GaussianMixture",
    "contrib.factorization.KMeansClustering": "tf.contrib.factorization.KMeans(inputs, n).training_graph()",
    "contrib.factorization.WALSMatrixFactorization": "two variables of factors, trained on the known entries",
    "contrib.factorization.WALSModel": "two variables of factors, trained by tf.train.AdamOptimizer on known entries",
    "contrib.factorization.gmm": "sklearn.mixture.GaussianMixture",
    "contrib.gan": "two networks in two variable scopes, each loss minimized over tf.trainable_variables(scope)",
    "contrib.graph_editor": "tf.import_graph_def(graph_def, input_map={name: tensor}): a copy with other inputs",
    "contrib.image": "tf.image, or tf.contrib.image.transform with the transform's eight numbers",
    "contrib.learn.DNNEstimator": "tf.estimator.DNNEstimator",
    **dict.fromkeys(
        (f"contrib.learn.DNNLinearCombined{kind}" for kind in ("Classifier", "Estimator", "Regressor")),
        "tf.estimator's class of that name",
    ),
    "contrib.learn.KMeansClustering": "sklearn.cluster.KMeans",
    "contrib.learn.LinearEstimator": "tf.estimator.LinearEstimator",
    "contrib.learn.LogisticRegressor": "tf.estimator.LinearClassifier",
    "contrib.learn.SVM": "sklearn.svm.LinearSVC",
    "contrib.learn.monitors": "hooks: tf.train.SessionRunHook and tf.estimator.experimental.InMemoryEvaluatorHook",
    "contrib.legacy_seq2seq": "the functions that dir(tf.contrib.legacy_seq2seq) lists, or tf.contrib.seq2seq",
    "contrib.lite": "tf.lite",
    "contrib.losses": "tf.losses",
    "contrib.losses.metric_learning.cluster_loss": "another loss of tf.contrib.losses.metric_learning",
    "contrib.memory_stats": "tf.config.experimental.get_memory_info('GPU:0')",
    "contrib.metrics": "tf.metrics",
    "contrib.metrics.auc_using_histogram": "tf.contrib.metrics.streaming_auc",
    "contrib.metrics.auc_with_confidence_intervals": "tf.contrib.metrics.streaming_auc, and a bootstrap with numpy",
    "contrib.metrics.precision_recall_at_equal_thresholds": "tf.contrib.metrics.streaming_curve_points(curve='PR')",
    "contrib.metrics.streaming_dynamic_auc": "tf.contrib.metrics.streaming_auc",
    "contrib.model_pruning": "the tensorflow-model-optimization package on a Keras model",
    "contrib.nccl": "tf.distribute.MirroredStrategy",
    "contrib.opt": "tf.train.AdamOptimizer, or one of those that dir(tf.contrib.opt) lists",
    "contrib.predictor": "tf.saved_model.loader.load(sess, tags, directory) and sess.run",
    "contrib.quantize": "the tensorflow-model-optimization package, or tf.lite.TFLiteConverter after training",
    "contrib.saved_model": "tf.saved_model",
    "contrib.slim": "a Keras 3 model called on the tensor, and tf.train for the loop",
    "contrib.slim.data_decoder": "tf.io.parse_single_example",
    "contrib.slim.data_provider": "tf.data.TFRecordDataset",
    "contrib.slim.dataset": "tf.data.TFRecordDataset",
    "contrib.slim.dataset_data_provider": "tf.data.TFRecordDataset(files).map(tf.io.parse_single_example)",
    "contrib.slim.parallel_reader": "tf.data.Dataset.interleave over the files",
    "contrib.slim.tfexample_decoder": "tf.io.parse_single_example",
    "contrib.tensor_forest": "scikit-learn's RandomForestClassifier, or tensorflow_decision_forests",
    "contrib.tensorrt": "TensorFlow 2's tf.experimental.tensorrt",
    "contrib.tfprof": "tf.profiler",
    "contrib.timeseries": "a recurrent network: tf.nn.dynamic_rnn",
    "contrib.tpu": "TensorFlow 2 with tf.distribute.TPUStrategy",
    "contrib.training.FeedingQueueRunner": "tf.data.Dataset.from_generator",
    "contrib.training.NextQueuedSequenceBatch": "tf.nn.dynamic_rnn over windows, the state fed from run to run",
    "contrib.training.SequenceQueueingStateSaver": "tf.nn.dynamic_rnn over windows, the state fed from run to run",
    "contrib.training.batch_sequences_with_states": "tf.nn.dynamic_rnn over windows, the state fed from run to run",
}

#: The namespaces of tf.contrib; whatever is asked for below them is refused, known or not.
CONTRIB = """all_reduce autograph batching bayesflow bigtable boosted_trees checkpoint cloud cluster_resolver
    compiler constrained_optimization copy_graph crf cudnn_rnn data decision_trees deprecated distribute
    distributions eager estimator factorization feature_column ffmpeg framework gan graph_editor grid_rnn
    hadoop ignite image input_pipeline integrate kafka keras kernel_methods kinesis labeled_tensor layers
    learn legacy_seq2seq libsvm linear_optimizer lite lookup losses makefile memory_stats meta_graph_transform
    metrics mixed_precision model_pruning mpi_collectives nccl nearest_neighbor nn opt optimizer_v2
    periodic_resample predictor proto quantization quantize rate receptive_field recurrent reduce_slice_ops
    remote_fused_graph resampler rnn rpc saved_model sdca_estimator seq2seq session_bundle signal slim solvers
    sparsemax specs staging stat_summarizer stateless summary tensor_forest tensorboard tensorrt testing
    text tfprof timeseries tpu training util verbs""".split()

#: Names that TensorFlow 1.15 no longer had either, and what they had become: the AttributeError says so.
RENAMED: dict[str, str] = {
    "arg_scope": "contrib.framework.arg_scope",
    "audio_summary": "summary.audio",
    "batch_matmul": "matmul",
    "complex_abs": "abs",
    "histogram_summary": "summary.histogram",
    "image_summary": "summary.image",
    "initialize_all_local_variables": "local_variables_initializer",
    "inv": "reciprocal",
    "listdiff": "setdiff1d",
    "merge_all_summaries": "summary.merge_all",
    "merge_summary": "summary.merge",
    "mul": "multiply",
    "neg": "negative",
    "nn.seq2seq": "contrib.legacy_seq2seq",
    "pack": "stack",
    "scalar_summary": "summary.scalar",
    "select": "where",
    "sub": "subtract",
    "train.SummaryWriter": "summary.FileWriter",
    "unpack": "unstack",
}
