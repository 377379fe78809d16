"""Every optimizer of TF1: 50 steps of given gradients, dense and sparse, in every dtype that has kernels."""

from goldens.training.cases import Case, World, numbers

STEPS = 50
KEPT = (1, 2, 3, 5, 10, 20, 30, 40, 49, 50)
DTYPES = ("float32", "float64", "float16", "bfloat16")

# Rule: class, learning rate, other arguments. The first words name the rule's line in the fidelity table.
RULES = {
    "GradientDescent": ("GradientDescentOptimizer", 0.1, {}),
    "Momentum": ("MomentumOptimizer", 0.1, {"momentum": 0.9}),
    "Nesterov": ("MomentumOptimizer", 0.1, {"momentum": 0.9, "use_nesterov": True}),
    "Adam": ("AdamOptimizer", 0.1, {}),
    "Adam, beta1=0.8, beta2=0.95, epsilon=0.01": (
        "AdamOptimizer",
        0.1,
        {"beta1": 0.8, "beta2": 0.95, "epsilon": 0.01},
    ),
    "RMSProp": ("RMSPropOptimizer", 0.1, {}),
    "RMSProp, momentum=0.9, epsilon=0.01": ("RMSPropOptimizer", 0.01, {"momentum": 0.9, "epsilon": 0.01}),
    "RMSProp centred": ("RMSPropOptimizer", 0.1, {"centered": True, "epsilon": 0.01}),
    "RMSProp centred, decay=0.5, momentum=0.9": (
        "RMSPropOptimizer",
        0.01,
        {"centered": True, "epsilon": 0.01, "decay": 0.5, "momentum": 0.9},
    ),
    "Adagrad": ("AdagradOptimizer", 0.3, {}),
    "Adagrad, initial_accumulator_value=1": ("AdagradOptimizer", 0.3, {"initial_accumulator_value": 1.0}),
    "AdagradDA": ("AdagradDAOptimizer", 0.3, {}),
    "AdagradDA, l1=0.05, l2=0.1": (
        "AdagradDAOptimizer",
        0.3,
        {
            "initial_gradient_squared_accumulator_value": 0.5,
            "l1_regularization_strength": 0.05,
            "l2_regularization_strength": 0.1,
        },
    ),
    "Adadelta": ("AdadeltaOptimizer", 1.0, {}),
    "Adadelta, rho=0.8, epsilon=0.001": ("AdadeltaOptimizer", 1.0, {"rho": 0.8, "epsilon": 0.001}),
    "Ftrl": ("FtrlOptimizer", 0.3, {}),
    "Ftrl, l1=0.1, l2=0.2": (
        "FtrlOptimizer",
        0.3,
        {"l1_regularization_strength": 0.1, "l2_regularization_strength": 0.2},
    ),
    "Ftrl, l1=0.01, l2=0.02, l2_shrinkage=0.1": (
        "FtrlOptimizer",
        0.3,
        {
            "l1_regularization_strength": 0.01,
            "l2_regularization_strength": 0.02,
            "l2_shrinkage_regularization_strength": 0.1,
        },
    ),
    "Ftrl, learning_rate_power=-0.3, l1=0.01": (
        "FtrlOptimizer",
        0.3,
        {"learning_rate_power": -0.3, "l1_regularization_strength": 0.01, "initial_accumulator_value": 0.5},
    ),
    "Ftrl, learning_rate_power=0": ("FtrlOptimizer", 0.1, {"learning_rate_power": 0.0}),
    "Ftrl, learning_rate_power=-1, l2_shrinkage=0.1": (
        "FtrlOptimizer",
        0.3,
        {"learning_rate_power": -1.0, "l2_shrinkage_regularization_strength": 0.1},
    ),
    "ProximalGradientDescent": ("ProximalGradientDescentOptimizer", 0.1, {}),
    "ProximalGradientDescent, l1=0.1, l2=0.2": (
        "ProximalGradientDescentOptimizer",
        0.1,
        {"l1_regularization_strength": 0.1, "l2_regularization_strength": 0.2},
    ),
    "ProximalAdagrad": ("ProximalAdagradOptimizer", 0.3, {}),
    "ProximalAdagrad, l1=0.05, l2=0.1": (
        "ProximalAdagradOptimizer",
        0.3,
        {"l1_regularization_strength": 0.05, "l2_regularization_strength": 0.1},
    ),
    "SyncReplicas": ("SyncReplicasOptimizer", 0.1, {"momentum": 0.9}),
}

# How the rate goes: halved every 10 steps is exact in every dtype, so it shows the step and not the power.
RATES = {"constant": None, "decayed": {"decay_steps": 10, "decay_rate": 0.5, "staircase": True}}


def make_optimizer(world, rule, rate, global_step):
    """The rule's optimizer, as a script of 2018 would make it."""
    cls, _, kwargs = RULES[rule]
    if cls == "AdagradDAOptimizer":
        return world.rules.AdagradDAOptimizer(rate, global_step, **kwargs)
    if cls == "SyncReplicasOptimizer":
        inner = world.rules.MomentumOptimizer(rate, **kwargs)
        return world.rules.SyncReplicasOptimizer(inner, replicas_to_aggregate=1, total_num_replicas=1)
    return getattr(world.rules, cls)(rate, **kwargs)


# More numbers than a CPU's widest registers hold, so that the kernels' vector code runs, and of these some are kept.
SHAPES = {"dense": [37], "sparse": [5, 17]}
SEEN = {"dense": (slice(None, None, 3),), "sparse": (slice(None), slice(None, None, 8))}


def dense_inputs(dtype):
    """Gradients that for the first weights are zero to begin with, and small for the last ones."""
    gradients = numbers(11, [STEPS] + SHAPES["dense"], dtype)
    gradients[:10, :5] = 0
    gradients[:, -5:] /= 1024
    return [(g,) for g in gradients]


def sparse_inputs(dtype):
    """Gradients of 4 rows out of 5: each step names a row twice or more, and the last row is never named."""
    values = numbers(12, [STEPS, 4, 17], dtype)
    rows = (numbers(13, [STEPS, 4], "float64") * 2 + 2).astype("int64")
    rows[:, 1] = rows[:, 0]
    return list(zip(values, rows))


def optimizer_case(rule, kind, dtype, rate):
    """The case of one rule; kind is dense or sparse, rate a key of RATES."""

    def begin(world):
        tf = world.tf
        weights = world.variable(numbers(14, SHAPES[kind], dtype), dtype, "w", True)
        global_step = world.variable(0, "int64", "global_step", False)
        learning_rate = RULES[rule][1]
        if RATES[rate]:
            learning_rate = world.rules.exponential_decay(learning_rate, global_step, **RATES[rate])
        optimizer = make_optimizer(world, rule, learning_rate, global_step)

        def step(values, rows=None):
            gradient = tf.cast(values, dtype)
            if rows is not None:
                gradient = tf.IndexedSlices(gradient, rows)
            update = optimizer.apply_gradients([(gradient, weights)], global_step)
            with world.after(update):
                found = {"weights": world.read(weights)[SEEN[kind]], "global_step": world.read(global_step)}
                for name in optimizer.get_slot_names():
                    found["slot " + name] = world.read(optimizer.get_slot(weights, name))[SEEN[kind]]
                return found

        def start(session):
            """Begins what goes on beside the runs; returns what ends it."""
            coordinator = tf.train.Coordinator()
            if rule == "SyncReplicas":
                session.run([optimizer.local_step_init_op, optimizer.chief_init_op])
                optimizer.get_chief_queue_runner().create_threads(session, coordinator, daemon=True, start=True)
                # No token to begin with: each step waits for its own update, the first one too.
                session.run(optimizer.get_init_tokens_op(0))
            return coordinator.request_stop

        step.start = start
        step.optimizer = optimizer
        return step

    inputs = dense_inputs(dtype) if kind == "dense" else sparse_inputs(dtype)
    # Its queues are TF1's, of which there is one of a name.
    alone = rule == "SyncReplicas"
    only = ("graph",) if alone else None
    return Case(rule, begin, inputs, looks, only=only, alone=alone, summed=True, kind=kind, dtype=dtype, rate=rate)


def looks(output):
    """The weights at KEPT, everything else at the end."""
    return KEPT if output == "weights" else (STEPS,)


CASES = {
    "%s; %s; %s; %s" % (rule, kind, dtype, rate): optimizer_case(rule, kind, dtype, rate)
    for rule in RULES
    for kind in ("dense", "sparse")
    for dtype in DTYPES
    for rate in RATES
}


def observe(tf, rules, graph, new_session):
    """By rule: the names that checkpoints hold an optimizer's variables by, and the dtypes and shapes."""
    return {rule: names_of(tf, rules, type(graph)(), rule) for rule in RULES}


def names_of(tf, rules, graph, rule):
    """Of an optimizer that trained two variables, one of them in a scope and by slices."""
    with graph.as_default():
        global_step = tf.Variable(0, trainable=False, name="global_step", dtype=tf.int64, use_resource=True)
        optimizer = make_optimizer(World(tf, rules, None, None, True), rule, 0.1, global_step)
        first = tf.Variable([1.0, 2.0], name="w", use_resource=True)
        with tf.variable_scope("scope"):
            second = tf.get_variable("w", [3, 2], use_resource=True)
        slices = tf.IndexedSlices(tf.ones([1, 2]), tf.constant([1]))
        optimizer.apply_gradients([(first * 2.0, first), (slices, second)], global_step)
        return {
            "slot names": optimizer.get_slot_names(),
            "slots": [optimizer.get_slot(v, n).op.name for n in optimizer.get_slot_names() for v in (first, second)],
            "variables": [[v.op.name, v.dtype.base_dtype.name, v.shape.as_list()] for v in optimizer.variables()],
            "name": optimizer.get_name(),
        }
