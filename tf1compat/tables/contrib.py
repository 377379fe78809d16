"""What TensorFlow kept of `tf.contrib`, under other names.

What of `tf.contrib` is written anew is in `tf1compat.contrib`; all else of it is refused by `names`.
"""

from __future__ import annotations

__all__ = ["KEPT"]


def _in(space: str, home: str, names: str) -> dict[str, str]:
    return {f"contrib.{space}.{name}": f"{home}.{name}" for name in names.split()}


#: TF1 name: the path below `tensorflow` where it is now.
KEPT: dict[str, str] = {
    **_in("framework", "compat.v1", "TensorSpec argsort assert_same_float_dtype assert_scalar is_tensor sort"),
    **_in(
        "framework",
        "compat.v1.train",
        """assert_global_step create_global_step get_global_step get_or_create_global_step init_from_checkpoint
        list_variables load_checkpoint load_variable""",
    ),
    **_in("framework", "python.framework.ops", "prepend_name_scope strip_name_scope"),
    **_in("framework", "python.framework.smart_cond", "smart_case smart_cond smart_constant_value"),
    **_in("framework", "python.framework.tensor_spec", "BoundedTensorSpec"),
    **_in("framework", "python.ops.data_flow_ops", "RecordInput"),
    **_in("framework", "python.util.deprecation", "deprecated deprecated_arg_values deprecated_args"),
    **_in(
        "framework",
        "python.ops.init_ops",
        """convolutional_delta_orthogonal convolutional_orthogonal_1d convolutional_orthogonal_2d
        convolutional_orthogonal_3d""",
    ),
    **_in("framework", "compat.v1", "convert_to_tensor_or_sparse_tensor"),
    **{
        f"contrib.framework.load_{what}": f"python.training.checkpoint_ops._load_{what}"
        for what in ("and_remap_matrix_initializer", "embedding_initializer")
    },
    # --- the rest, by namespace ---
    **_in("autograph", "compat.v1.autograph.experimental", "Feature do_not_convert set_loop_options"),
    **_in("autograph", "python.autograph.lang.directives", "set_element_type"),
    **_in("autograph", "compat.v1.autograph", "to_code to_graph"),
    **_in("checkpoint", "compat.v1.train", "CheckpointManager"),
    **_in(
        "cluster_resolver",
        "compat.v1.distribute.cluster_resolver",
        """ClusterResolver GCEClusterResolver KubernetesClusterResolver SimpleClusterResolver
        SlurmClusterResolver TFConfigClusterResolver""",
    ),
    "contrib.cluster_resolver.UnionClusterResolver": "compat.v1.distribute.cluster_resolver.UnionResolver",
    **_in("compiler.xla", "compat.v1.xla.experimental", "compile"),
    "contrib.compiler.jit.experimental_jit_scope": "compat.v1.xla.experimental.jit_scope",
    **_in(
        "data",
        "compat.v1.data.experimental",
        """AUTOTUNE Counter CsvDataset Optional RandomDataset Reducer SqlDataset TFRecordWriter
        bucket_by_sequence_length choose_from_datasets dense_to_sparse_batch enumerate_dataset get_next_as_optional
        get_single_element group_by_reducer group_by_window ignore_errors make_batched_features_dataset
        make_csv_dataset make_saveable_from_iterator map_and_batch parallel_interleave parse_example_dataset
        rejection_resample sample_from_datasets scan shuffle_and_repeat unbatch unique""",
    ),
    **_in(
        "deprecated",
        "python.ops.logging_ops",
        """audio_summary histogram_summary image_summary merge_all_summaries merge_summary
        scalar_summary""",
    ),
    **_in("distribute", "compat.v1.distribute", "CrossDeviceOps OneDeviceStrategy ReplicaContext"),
    **_in(
        "distribute", "compat.v1.distribute", "get_replica_context get_strategy has_strategy in_cross_replica_context"
    ),
    "contrib.distribute.DistributionStrategy": "compat.v1.distribute.Strategy",
    **_in(
        "distributions",
        "compat.v1.distributions",
        """Bernoulli Beta Categorical Dirichlet DirichletMultinomial Distribution Exponential
        FULLY_REPARAMETERIZED Gamma Laplace Multinomial NOT_REPARAMETERIZED Normal RegisterKL ReparameterizationType
        StudentT Uniform kl_divergence""",
    ),
    **{
        f"contrib.distributions.{name}": f"python.ops.distributions.{module}.{name}"
        for module, name in (
            ("beta", "BetaWithSoftplusConcentration"),
            ("exponential", "ExponentialWithSoftplusRate"),
            ("gamma", "GammaWithSoftplusConcentrationRate"),
            ("laplace", "LaplaceWithSoftplusScale"),
            ("normal", "NormalWithSoftplusScale"),
            ("student_t", "StudentTWithAbsDfSoftplusScale"),
        )
    },
    **_in(
        "distributions",
        "python.ops.distributions.util",
        """fill_triangular fill_triangular_inverse matrix_diag_transform reduce_weighted_logsumexp
        softplus_inverse tridiag""",
    ),
    "contrib.distributions.bijectors.Bijector": "python.ops.distributions.bijector_impl.Bijector",
    "contrib.distributions.bijectors.Identity": "python.ops.distributions.identity_bijector.Identity",
    **_in("eager", "compat.v1", "GradientTape TensorSpec custom_gradient executing_eagerly function"),
    "contrib.eager.gradients_function": "python.eager.backprop.gradients_function",
    **{
        f"contrib.eager.{name}": f"python.eager.backprop.{there}"
        for name, there in (
            ("implicit_gradients", "implicit_grad"),
            ("implicit_value_and_gradients", "implicit_val_and_grad"),
            ("value_and_gradients_function", "val_and_grad_function"),
        )
    },
    "contrib.eager.defun": "function",
    "contrib.eager.in_eager_mode": "compat.v1.executing_eagerly",
    "contrib.eager.num_gpus": "python.eager.context.num_gpus",
    "contrib.eager.py_func": "compat.v1.py_function",
    "contrib.eager.EagerVariableStore": "python.ops.variable_scope.EagerVariableStore",
    "contrib.eager.Checkpoint": "compat.v1.train.Checkpoint",
    **_in(
        "lookup",
        "python.ops.lookup_ops",
        """FastHashSpec HasherSpec IdTableWithHashBuckets InitializableLookupTableBase LookupInterface MutableHashTable
        StrongHashSpec TableInitializerBase TextFileIdTableInitializer TextFileStringTableInitializer
        index_table_from_file index_to_string_table_from_file""",
    ),
    **_in("lookup", "compat.v1.lookup", "KeyValueTensorInitializer TextFileIndex TextFileInitializer"),
    **{
        f"contrib.metrics.set_{name}": f"compat.v1.sets.{name}" for name in "difference intersection size union".split()
    },
    "contrib.nn.conv1d_transpose": "compat.v1.nn.conv1d_transpose",
    "contrib.nn.nth_element": "python.ops.nn_ops.nth_element",
    **_in("proto", "compat.v1.io", "decode_proto encode_proto"),
    **_in(
        "signal",
        "compat.v1.signal",
        """frame hamming_window hann_window inverse_stft inverse_stft_window_fn
        linear_to_mel_weight_matrix mfccs_from_log_mel_spectrograms overlap_and_add stft""",
    ),
    **_in("staging", "python.ops.data_flow_ops", "StagingArea"),
    **{
        f"contrib.stateless.stateless_{name}": f"compat.v1.random.stateless_{there}"
        for name, there in (
            ("multinomial", "multinomial"),
            ("random_normal", "normal"),
            ("random_uniform", "uniform"),
            ("truncated_normal", "truncated_normal"),
        )
    },
    **_in(
        "summary",
        "python.ops.summary_ops_v2",
        """SummaryWriter always_record_summaries audio create_file_writer create_summary_file_writer
        eval_dir flush generic graph histogram image never_record_summaries
        record_summaries_every_n_global_steps scalar should_record_summaries summary_writer_initializer_op""",
    ),
    "contrib.summary.all_summary_ops": "compat.v1.summary.all_v2_summary_ops",
    "contrib.summary.initialize": "compat.v1.summary.initialize",
    **{
        f"contrib.training.{name}": f"python.training.evaluation._{there}"
        for name, there in (
            ("StopAfterNEvalsHook", "StopAfterNEvalsHook"),
            ("evaluate_once", "evaluate_once"),
            ("get_or_create_eval_step", "get_or_create_eval_step"),
        )
    },
    **_in("util", "compat.v1", "make_ndarray make_tensor_proto"),
    "contrib.util.constant_value": "get_static_value",
    **_in("util", "python.framework.meta_graph", "ops_used_by_graph_def stripped_op_list_for_graph"),
}
