"""The names in each module of ours that is a TF1 namespace: its `__all__`.

Written by tools/exports_table.py: run that where a name came or went.
"""

from __future__ import annotations

__all__ = ["EXPORTS"]

#: Module: its names.
EXPORTS: dict[str, str] = {
    "tf1compat.contrib.crf": """
        CrfDecodeBackwardRnnCell CrfDecodeForwardRnnCell CrfForwardRnnCell crf_binary_score crf_decode
        crf_log_likelihood crf_log_norm crf_multitag_sequence_score crf_sequence_score crf_unary_score
        viterbi_decode
    """,
    "tf1compat.contrib.cudnn_rnn": "CudnnCompatibleGRUCell CudnnCompatibleLSTMCell",
    "tf1compat.contrib.data": """
        assert_element_shape batch_and_drop_remainder padded_batch_and_drop_remainder read_batch_features
        reduce_dataset sliding_window_batch sloppy_interleave
    """,
    "tf1compat.contrib.distributions": """
        Autoregressive BatchReshape Binomial Cauchy Chi2 Deterministic ExpRelaxedOneHotCategorical Geometric
        HalfNormal Independent InverseGamma Kumaraswamy Logistic Mixture MixtureSameFamily
        MultivariateNormalDiag MultivariateNormalDiagWithSoftplusScale MultivariateNormalFullCovariance
        MultivariateNormalTriL NegativeBinomial OneHotCategorical Poisson PoissonLogNormalQuadratureCompound
        QuantizedDistribution RelaxedBernoulli RelaxedOneHotCategorical SeedStream SinhArcsinh
        TransformedDistribution VectorDeterministic normal_conjugates_known_scale_posterior
        normal_conjugates_known_scale_predictive percentile quadrature_scheme_lognormal_gauss_hermite
        quadrature_scheme_lognormal_quantiles
    """,
    "tf1compat.contrib.distributions.bijectors": """
        AbsoluteValue BatchNormalization Chain CholeskyOuterProduct Exp FillTriangular Invert
        MatrixInverseTriL Permute PowerTransform Reshape Sigmoid SinhArcsinh SoftmaxCentered Softplus
        Softsign Square TransformDiagonal masked_autoregressive_default_template masked_dense
        real_nvp_default_template
    """,
    "tf1compat.contrib.eager": """
        Checkpointable Iterator Saver Variable get_optimizer_variables list_devices make_template metrics
    """,
    "tf1compat.contrib.eager.metrics": """
        Accuracy BinaryAccuracy CategoricalAccuracy Mean Metric SparseAccuracy
    """,
    "tf1compat.contrib.estimator": """
        InMemoryEvaluatorHook add_metrics binary_classification_head build_raw_supervised_input_receiver_fn
        call_logit_fn clip_gradients_by_norm dnn_logit_fn_builder export_all_saved_models
        export_saved_model_for_mode forward_features linear_logit_fn_builder logistic_regression_head
        make_early_stopping_hook make_stop_at_checkpoint_step_hook multi_class_head multi_head
        multi_label_head poisson_regression_head read_eval_metrics regression_head stop_if_higher_hook
        stop_if_lower_hook stop_if_no_decrease_hook stop_if_no_increase_hook
    """,
    "tf1compat.contrib.factorization": """
        COSINE_DISTANCE KMC2_INIT KMEANS_PLUS_PLUS_INIT KMeans RANDOM_INIT SQUARED_EUCLIDEAN_DISTANCE
    """,
    "tf1compat.contrib.framework": """
        VariableDeviceChooser add_arg_scope add_model_variable arg_scope arg_scope_func_key
        arg_scoped_arguments assert_or_get_global_step assert_scalar_int assign_from_checkpoint
        assign_from_checkpoint_fn assign_from_values assign_from_values_fn current_arg_scope
        filter_variables get_graph_from_inputs get_local_variables get_model_variables get_name_scope
        get_placeholders get_trainable_variables get_unique_variable get_variable_full_name get_variables
        get_variables_by_name get_variables_by_suffix get_variables_to_restore global_variable has_arg_scope
        local_variable model_variable py_func reduce_sum_n remove_squeezable_dimensions variable
        with_same_shape with_shape zero_initializer
    """,
    "tf1compat.contrib.image": """
        angles_to_projective_transforms compose_transforms flat_transforms_to_matrices
        matrices_to_flat_transforms rotate transform translate translations_to_projective_transforms
    """,
    "tf1compat.contrib.integrate": "odeint odeint_fixed",
    "tf1compat.contrib.layers": """
        OPTIMIZER_CLS_NAMES OPTIMIZER_SUMMARIES adaptive_clipping_fn apply_regularization avg_pool2d
        avg_pool3d batch_norm bias_add bow_encoder conv1d conv2d conv2d_in_plane conv2d_transpose conv3d
        conv3d_transpose convolution convolution1d convolution2d convolution2d_in_plane
        convolution2d_transpose convolution3d convolution3d_transpose dense_to_sparse dropout elu
        embed_sequence embedding_lookup_unique flatten fully_connected group_norm images_to_sequence
        instance_norm l1_l2_regularizer l1_regularizer l2_regularizer layer_norm legacy_fully_connected
        legacy_linear legacy_relu linear max_pool2d max_pool3d maxout one_hot_encoding optimize_loss
        poincare_normalize pool relu relu6 repeat safe_embedding_lookup_sparse scale_gradient
        separable_conv2d separable_convolution2d sequence_to_images softmax spatial_softmax stack
        sum_regularizer summarize_activation summarize_activations summarize_biases summarize_collection
        summarize_tensor summarize_tensors summarize_variables summarize_weights unit_norm
        variance_scaling_initializer xavier_initializer xavier_initializer_conv2d
    """,
    "tf1compat.contrib.layers.summaries": """
        summarize_activation summarize_activations summarize_biases summarize_collection summarize_tensor
        summarize_tensors summarize_variables summarize_weights
    """,
    "tf1compat.contrib.layers.utils": """
        NamedOutputs append_tensor_alias channel_dimension collect_named_outputs constant_value
        convert_collection_to_dict gather_tensors_aliases get_tensor_aliases get_variable_collections
        last_dimension n_positive_integers smart_cond static_cond two_element_tuple
    """,
    "tf1compat.contrib.learn": """
        DNNClassifier DNNRegressor Estimator Experiment LinearClassifier LinearRegressor MetricSpec ModeKeys
        ModelFnOps NanLossDuringTrainingError NotFittedError RunConfig SKCompat
        infer_real_valued_columns_from_input infer_real_valued_columns_from_input_fn numpy_input_fn
        pandas_input_fn
    """,
    "tf1compat.contrib.learn.canned": "DNNClassifier DNNRegressor LinearClassifier LinearRegressor",
    "tf1compat.contrib.learn.datasets": "DATASETS load_boston load_dataset load_iris",
    "tf1compat.contrib.learn.datasets.base": """
        Dataset Datasets load_boston load_csv_with_header load_csv_without_header load_iris
    """,
    "tf1compat.contrib.learn.datasets.mnist": "load_mnist",
    "tf1compat.contrib.learn.estimator": """
        Estimator NotFittedError SKCompat infer_real_valued_columns_from_input
        infer_real_valued_columns_from_input_fn
    """,
    "tf1compat.contrib.learn.experiment": "Experiment",
    "tf1compat.contrib.learn.io": "numpy_input_fn pandas_input_fn",
    "tf1compat.contrib.learn.learn_runner": "run",
    "tf1compat.contrib.learn.metric_spec": "MetricSpec metric_ops_of",
    "tf1compat.contrib.learn.model_fn": "ModeKeys ModelFnOps",
    "tf1compat.contrib.learn.preprocessing": """
        ByteProcessor CategoricalVocabulary VocabularyProcessor tokenizer
    """,
    "tf1compat.contrib.learn.run_config": "RunConfig",
    "tf1compat.contrib.legacy_seq2seq": """
        attention_decoder basic_rnn_seq2seq embedding_attention_decoder embedding_attention_seq2seq
        embedding_rnn_decoder embedding_rnn_seq2seq embedding_tied_rnn_seq2seq model_with_buckets
        one2many_rnn_seq2seq rnn_decoder sequence_loss sequence_loss_by_example tied_rnn_seq2seq
    """,
    "tf1compat.contrib.legacy_seq2seq.inside": "Linear _extract_argmax_and_embed",
    "tf1compat.contrib.lookup": """
        HashTable MutableDenseHashTable index_table_from_tensor index_to_string
        index_to_string_table_from_tensor string_to_index string_to_index_table_from_file
        string_to_index_table_from_tensor
    """,
    "tf1compat.contrib.losses": """
        absolute_difference add_loss compute_weighted_loss cosine_distance get_losses
        get_regularization_losses get_total_loss hinge_loss log_loss mean_pairwise_squared_error
        mean_squared_error sigmoid_cross_entropy softmax_cross_entropy sparse_softmax_cross_entropy
    """,
    "tf1compat.contrib.losses.metric_learning": """
        contrastive_loss lifted_struct_loss npairs_loss npairs_loss_multilabel triplet_semihard_loss
    """,
    "tf1compat.contrib.metrics": """
        accuracy aggregate_metric_map aggregate_metrics cohen_kappa confusion_matrix count f1_score
        precision_at_recall recall_at_precision sparse_recall_at_top_k streaming_accuracy streaming_auc
        streaming_concat streaming_covariance streaming_curve_points streaming_false_negative_rate
        streaming_false_negative_rate_at_thresholds streaming_false_negatives
        streaming_false_negatives_at_thresholds streaming_false_positive_rate
        streaming_false_positive_rate_at_thresholds streaming_false_positives
        streaming_false_positives_at_thresholds streaming_mean streaming_mean_absolute_error
        streaming_mean_cosine_distance streaming_mean_iou streaming_mean_relative_error
        streaming_mean_squared_error streaming_mean_tensor streaming_pearson_correlation
        streaming_percentage_less streaming_precision streaming_precision_at_thresholds streaming_recall
        streaming_recall_at_k streaming_recall_at_thresholds streaming_root_mean_squared_error
        streaming_sensitivity_at_specificity streaming_sparse_average_precision_at_k
        streaming_sparse_average_precision_at_top_k streaming_sparse_precision_at_k
        streaming_sparse_precision_at_top_k streaming_sparse_recall_at_k
        streaming_specificity_at_sensitivity streaming_true_negatives streaming_true_negatives_at_thresholds
        streaming_true_positives streaming_true_positives_at_thresholds
    """,
    "tf1compat.contrib.nn": """
        alpha_dropout deprecated_flipped_sigmoid_cross_entropy_with_logits
        deprecated_flipped_softmax_cross_entropy_with_logits
        deprecated_flipped_sparse_softmax_cross_entropy_with_logits fwd_gradients scaled_softplus
    """,
    "tf1compat.contrib.opt": """
        AdaMaxOptimizer AdamWOptimizer AddSignOptimizer DecoupledWeightDecayExtension
        ExternalOptimizerInterface LARSOptimizer LazyAdamOptimizer MomentumWOptimizer MovingAverageOptimizer
        MultitaskOptimizerWrapper NadamOptimizer PowerSignOptimizer ScipyOptimizerInterface
        VariableClippingOptimizer clip_gradients_by_global_norm extend_with_decoupled_weight_decay
    """,
    "tf1compat.contrib.opt.sign_decay": "get_cosine_decay_fn get_linear_decay_fn get_restart_decay_fn",
    "tf1compat.contrib.predictor": "Predictor from_contrib_estimator from_estimator from_saved_model",
    "tf1compat.contrib.rnn": """
        AttentionCellWrapper BasicLSTMCell BasicRNNCell BidirectionalGridLSTMCell CompiledWrapper
        Conv1DLSTMCell Conv2DLSTMCell Conv3DLSTMCell ConvLSTMCell CoupledInputForgetGateLSTMCell
        DeviceWrapper DropoutWrapper EmbeddingWrapper FusedRNNCell FusedRNNCellAdaptor GLSTMCell
        GRUBlockCell GRUBlockCellV2 GRUCell GridLSTMCell HighwayWrapper IndRNNCell IndyGRUCell IndyLSTMCell
        InputProjectionWrapper IntersectionRNNCell LSTMBlockCell LSTMBlockFusedCell LSTMBlockWrapper
        LSTMCell LSTMStateTuple LayerNormBasicLSTMCell LayerRNNCell MultiRNNCell NASCell
        OutputProjectionWrapper PhasedLSTMCell RNNCell ResidualWrapper SRUCell TimeFreqLSTMCell
        TimeReversedFusedRNN UGRNNCell best_effort_input_batch_size stack_bidirectional_dynamic_rnn
        stack_bidirectional_rnn static_bidirectional_rnn static_rnn static_state_saving_rnn
        transpose_batch_time
    """,
    "tf1compat.contrib.seq2seq": """
        AttentionMechanism AttentionWrapper AttentionWrapperState BahdanauAttention
        BahdanauMonotonicAttention BasicDecoder BasicDecoderOutput BeamSearchDecoder BeamSearchDecoderOutput
        BeamSearchDecoderState CustomHelper Decoder FinalBeamSearchDecoderOutput GreedyEmbeddingHelper
        Helper InferenceHelper LuongAttention LuongMonotonicAttention SampleEmbeddingHelper
        ScheduledEmbeddingTrainingHelper ScheduledOutputTrainingHelper TrainingHelper dynamic_decode
        gather_tree hardmax monotonic_attention safe_cumprod sequence_loss tile_batch
    """,
    "tf1compat.contrib.seq2seq.inside": """
        _BaseAttentionMechanism _BaseMonotonicAttentionMechanism _bahdanau_score _beam_search_step
        _check_batch_beam _check_static_batch_beam_maybe _compute_attention _get_scores _length_penalty
        _luong_score _mask_probs _maybe_mask_score _maybe_tensor_gather_helper _monotonic_probability_fn
        _prepare_memory _tensor_gather_helper _transpose_batch_time _unstack_ta
        attention_probs_from_attn_state bernoulli_sample categorical_sample gather_tree_from_array
        get_attention_probs
    """,
    "tf1compat.contrib.slim": """
        OPTIMIZER_CLS_NAMES OPTIMIZER_SUMMARIES VariableDeviceChooser adaptive_clipping_fn add_arg_scope
        add_model_variable apply_regularization arg_scope arg_scope_func_key arg_scoped_arguments
        assert_or_get_global_step assert_scalar_int assign_from_checkpoint assign_from_checkpoint_fn
        assign_from_values assign_from_values_fn avg_pool2d avg_pool3d batch_norm bias_add bow_encoder
        conv1d conv2d conv2d_in_plane conv2d_transpose conv3d conv3d_transpose convolution convolution1d
        convolution2d convolution2d_in_plane convolution2d_transpose convolution3d convolution3d_transpose
        current_arg_scope dense_to_sparse dropout elu embed_sequence embedding_lookup_unique
        filter_variables flatten fully_connected get_graph_from_inputs get_local_variables
        get_model_variables get_name_scope get_placeholders get_trainable_variables get_unique_variable
        get_variable_full_name get_variables get_variables_by_name get_variables_by_suffix
        get_variables_to_restore global_variable group_norm has_arg_scope images_to_sequence instance_norm
        l1_l2_regularizer l1_regularizer l2_regularizer layer_norm legacy_fully_connected legacy_linear
        legacy_relu linear local_variable max_pool2d max_pool3d maxout model_variable one_hot_encoding
        optimize_loss poincare_normalize pool py_func reduce_sum_n relu relu6 remove_squeezable_dimensions
        repeat safe_embedding_lookup_sparse scale_gradient separable_conv2d separable_convolution2d
        sequence_to_images softmax spatial_softmax stack sum_regularizer summarize_activation
        summarize_activations summarize_biases summarize_collection summarize_tensor summarize_tensors
        summarize_variables summarize_weights unit_norm variable variance_scaling_initializer
        with_same_shape with_shape xavier_initializer xavier_initializer_conv2d zero_initializer
    """,
    "tf1compat.contrib.slim.evaluation": """
        checkpoints_iterator evaluate_once evaluation_loop wait_for_new_checkpoint
    """,
    "tf1compat.contrib.slim.learning": """
        add_gradients_summaries clip_gradient_norms create_train_op multiply_gradients train train_step
    """,
    "tf1compat.contrib.slim.model_analyzer": "analyze_ops analyze_vars tensor_description",
    "tf1compat.contrib.slim.nets": "alexnet inception overfeat resnet_utils resnet_v1 resnet_v2 vgg",
    "tf1compat.contrib.slim.nets.alexnet": "alexnet_v2 alexnet_v2_arg_scope",
    "tf1compat.contrib.slim.nets.inception": """
        inception_v1 inception_v1_arg_scope inception_v1_base inception_v2 inception_v2_arg_scope
        inception_v2_base inception_v3 inception_v3_arg_scope inception_v3_base
    """,
    "tf1compat.contrib.slim.nets.inception_v1": "inception_v1 inception_v1_arg_scope inception_v1_base",
    "tf1compat.contrib.slim.nets.inception_v2": "inception_v2 inception_v2_arg_scope inception_v2_base",
    "tf1compat.contrib.slim.nets.inception_v3": "inception_v3 inception_v3_arg_scope inception_v3_base",
    "tf1compat.contrib.slim.nets.overfeat": "overfeat overfeat_arg_scope",
    "tf1compat.contrib.slim.nets.resnet_utils": """
        Block conv2d_same resnet_arg_scope stack_blocks_dense subsample
    """,
    "tf1compat.contrib.slim.nets.resnet_v1": """
        bottleneck resnet_arg_scope resnet_v1 resnet_v1_101 resnet_v1_152 resnet_v1_200 resnet_v1_50
        resnet_v1_block
    """,
    "tf1compat.contrib.slim.nets.resnet_v2": """
        bottleneck resnet_arg_scope resnet_v2 resnet_v2_101 resnet_v2_152 resnet_v2_200 resnet_v2_50
        resnet_v2_block
    """,
    "tf1compat.contrib.slim.nets.vgg": "vgg_16 vgg_19 vgg_a vgg_arg_scope vgg_d vgg_e",
    "tf1compat.contrib.slim.prefetch_queue": "prefetch_queue",
    "tf1compat.contrib.slim.queues": "NestedQueueRunnerError QueueRunners",
    "tf1compat.contrib.slim.summaries": """
        add_histogram_summaries add_histogram_summary add_image_summaries add_image_summary
        add_scalar_summaries add_scalar_summary add_zero_fraction_summaries add_zero_fraction_summary
    """,
    "tf1compat.contrib.sparsemax": "sparsemax sparsemax_loss",
    "tf1compat.contrib.summary": "import_event",
    "tf1compat.contrib.tensorboard": "",
    "tf1compat.contrib.tensorboard.plugins": "",
    "tf1compat.contrib.tensorboard.plugins.projector": """
        DESCRIPTOR EmbeddingInfo ProjectorConfig SpriteMetadata visualize_embeddings
    """,
    "tf1compat.contrib.testing": """
        FakeSummaryWriter assert_summary latest_event_file latest_events latest_summaries
        simple_values_from_events to_summary_proto
    """,
    "tf1compat.contrib.training": """
        GreedyLoadBalancingStrategy HParams RandomStrategy SummaryAtEndHook add_gradients_summaries bucket
        bucket_by_sequence_length byte_size_load_fn checkpoints_iterator clip_gradient_norms
        clip_gradient_norms_fn create_train_op evaluate_repeatedly multiply_gradients parse_values
        rejection_sample resample_at_rate stratified_sample train wait_for_new_checkpoint weighted_resample
    """,
    "tf1compat.estimator": """
        BaselineClassifier BaselineEstimator BaselineRegressor BestExporter BinaryClassHead
        CheckpointSaverHook CheckpointSaverListener DNNClassifier DNNEstimator DNNLinearCombinedClassifier
        DNNLinearCombinedEstimator DNNLinearCombinedRegressor DNNRegressor Estimator EstimatorSpec EvalSpec
        Exporter FeedFnHook FinalExporter FinalOpsHook GlobalStepWaiterHook Head LatestExporter
        LinearClassifier LinearEstimator LinearRegressor LoggingTensorHook LogisticRegressionHead ModeKeys
        MultiClassHead MultiHead MultiLabelHead NanLossDuringTrainingError NanTensorHook
        PoissonRegressionHead ProfilerHook RegressionHead RunConfig SecondOrStepTimer SessionRunArgs
        SessionRunContext SessionRunHook SessionRunValues StepCounterHook StopAtStepHook SummarySaverHook
        TrainSpec VocabInfo WarmStartSettings add_metrics classifier_parse_example_spec
        regressor_parse_example_spec train_and_evaluate
    """,
    "tf1compat.estimator.experimental": """
        InMemoryEvaluatorHook build_raw_supervised_input_receiver_fn call_logit_fn dnn_logit_fn_builder
        linear_logit_fn_builder make_early_stopping_hook make_stop_at_checkpoint_step_hook
        stop_if_higher_hook stop_if_lower_hook stop_if_no_decrease_hook stop_if_no_increase_hook
    """,
    "tf1compat.estimator.export": """
        ClassificationOutput ExportOutput PredictOutput RegressionOutput ServingInputReceiver
        TensorServingInputReceiver build_parsing_serving_input_receiver_fn
        build_raw_serving_input_receiver_fn
    """,
    "tf1compat.estimator.inputs": "numpy_input_fn pandas_input_fn",
    "tf1compat.layers": """
        AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Conv1D Conv2D Conv2DTranspose
        Conv3D Conv3DTranspose Dense Dropout Flatten InputSpec Layer MaxPooling1D MaxPooling2D MaxPooling3D
        SeparableConv1D SeparableConv2D average_pooling1d average_pooling2d average_pooling3d
        batch_normalization conv1d conv2d conv2d_transpose conv3d conv3d_transpose dense dropout flatten
        max_pooling1d max_pooling2d max_pooling3d separable_conv1d separable_conv2d
    """,
    "tf1compat.layers.experimental": "keras_style_scope set_keras_style",
    "tf1compat.layers.inside": """
        AveragePooling1D AveragePooling2D AveragePooling3D AvgPool2D BatchNorm BatchNormalization Conv1D
        Conv2D Conv2DTranspose Conv3D Conv3DTranspose Convolution1D Convolution2D Convolution2DTranspose
        Convolution3D Convolution3DTranspose Deconv2D Deconv3D Deconvolution2D Deconvolution3D Dense Dropout
        Flatten FullyConnected InputSpec Layer MaxPool2D MaxPooling1D MaxPooling2D MaxPooling3D
        SeparableConv1D SeparableConv2D SeparableConvolution2D average_pooling1d average_pooling2d
        average_pooling3d avg_pool2d batch_norm batch_normalization conv1d conv2d conv2d_transpose conv3d
        conv3d_transpose convolution1d convolution2d convolution2d_transpose convolution3d
        convolution3d_transpose deconv2d deconv3d deconvolution2d deconvolution3d dense dropout flatten
        fully_connected keras_style_scope max_pool2d max_pooling1d max_pooling2d max_pooling3d
        separable_conv1d separable_conv2d separable_convolution2d set_keras_style
    """,
    "tf1compat.layers.utils": """
        constant_value conv_input_length conv_output_length convert_data_format deconv_output_length
        get_reachable_from_inputs normalize_data_format normalize_padding normalize_tuple smart_cond
    """,
    "tf1compat.rnn.cells": """
        BasicLSTMCell BasicRNNCell DeviceWrapper DropoutWrapper GRUCell LSTMCell LSTMStateTuple MultiRNNCell
        RNNCell ResidualWrapper
    """,
    "tf1compat.rnn.inside_contrib": """
        CFNCell LayerNormLSTMCell MinimalRNNCell RNNCell WeightNormLSTMCell _Linear _block_lstm _linear
        bidirectional_dynamic_rnn dynamic_rnn raw_rnn static_rnn
    """,
    "tf1compat.rnn.inside_core": """
        ASSERT_LIKE_RNNCELL_ERROR_REGEXP BasicLSTMCell BasicRNNCell DeviceWrapper DropoutWrapper GRUCell
        LSTMCell LSTMStateTuple LayerRNNCell MultiRNNCell RNNCell ResidualWrapper _BIAS_VARIABLE_NAME
        _Linear _WEIGHTS_VARIABLE_NAME _linear _zero_state_tensors assert_like_rnncell
    """,
    "tf1compat.v1.tracking": "Checkpoint",
}
