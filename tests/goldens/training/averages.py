"""Moving averages: ExponentialMovingAverage with every kind of num_updates, and the functions beneath it."""

from goldens.training.cases import Case, numbers

STEPS = 50
KEPT = (1, 2, 3, 5, 10, 20, 30, 40, 49, 50)
DTYPES = ("float32", "float64", "float16", "bfloat16")
DECAY = 0.9

# What num_updates is, given the world and a variable that counts the steps.
NUM_UPDATES = {
    "None": lambda world, count: None,
    "an int": lambda world, count: 3,
    "a float": lambda world, count: 7.5,
    "a variable": lambda world, count: world.variable(20, "int32", "updates", False),
    "a tensor": lambda world, count: world.tf.constant(4, "int64"),
    "a growing step": lambda world, count: count,
}


def average_case(of, num_updates, zero_debias, dtype):
    """ExponentialMovingAverage of a variable or of a tensor that takes given values."""

    def begin(world):
        tf = world.tf
        count = world.variable(0, "int64", "count", False)
        variable = world.variable(numbers(21, [19], dtype), dtype, "w", True)
        ema = world.rules.ExponentialMovingAverage(
            DECAY, NUM_UPDATES[num_updates](world, count), zero_debias=zero_debias
        )
        if of == "a variable" and not world.in_graph:
            # In a graph a shadow begins with the variable's initial value; elsewhere code says when that is.
            ema.build([variable])

        def step(value):
            value = tf.cast(value, dtype)
            with tf.control_dependencies([count.assign_add(1)]):
                if of == "a variable":
                    averaged, ready = variable, variable.assign(value)
                else:
                    averaged = ready = tf.identity(value)
            with tf.control_dependencies([ready]):
                update = ema.apply([averaged])
            with world.after(update):
                return {"average": world.read(ema.average(averaged))[::4]}

        return step

    rule = "ExponentialMovingAverage, num_updates=%s" % num_updates
    only = None if of == "a variable" else ("graph", "tf.function", "XLA")
    return Case(rule, begin, inputs(dtype), looks, only=only, of=of, zero_debias=zero_debias, dtype=dtype)


def assigned_case(zero_debias, start, decay, dtype):
    """assign_moving_average on a variable that starts with zeros or with numbers; decay may be a tensor."""

    def begin(world):
        tf = world.tf
        first = numbers(22, [19], dtype) * (0 if start == "zeros" else 1)
        variable = world.variable(first, dtype, "average", False)

        def step(value):
            given = tf.constant(DECAY) if decay == "a tensor" else DECAY
            update = world.rules.assign_moving_average(variable, tf.cast(value, dtype), given, zero_debias=zero_debias)
            with world.after(update):
                return {"average": world.read(variable)[::4], "returned": tf.identity(update)[::4]}

        return step

    rule = "assign_moving_average, zero_debias=%s, from %s, decay %s" % (zero_debias, start, decay)
    return Case(rule, begin, inputs(dtype), looks, dtype=dtype)


def weighted_case(weight, dtype, truediv):
    """weighted_moving_average with a weight for all or for each."""

    def begin(world):
        tf = world.tf
        kept = {}
        if not world.in_graph:
            zeros = numbers(22, [19], dtype) * 0
            named = (("value_x_weight", zeros), ("weight", zeros[0] if weight == "one weight" else zeros))
            kept["averages"] = tuple(world.variable(start, dtype, name, False) for name, start in named)

        def step(value, given):
            value, given = tf.cast(value, dtype), tf.cast(given, dtype)
            average = world.rules.weighted_moving_average(value, DECAY, given, truediv=truediv, **kept)
            return {"average": average[::4]}

        return step

    shape = {"one weight": [], "a weight each": [19]}[weight]
    weights = abs(numbers(24, [STEPS] + shape, dtype)) + numbers(25, [], dtype).dtype.type(0.5)
    pairs = [(value, weights[at]) for at, (value,) in enumerate(inputs(dtype))]
    rule = "weighted_moving_average, %s, truediv=%s" % (weight, truediv)
    return Case(rule, begin, pairs, looks, dtype=dtype)


def inputs(dtype):
    """Values with a drift, so that averages lag behind them."""
    values = numbers(23, [STEPS, 19], dtype)
    values[STEPS // 2 :] += 2
    return [(value,) for value in values]


def looks(output):
    return KEPT


CASES = {}
for _dtype in DTYPES:
    for _of in ("a variable", "a tensor"):
        for _kind in NUM_UPDATES:
            for _debias in (False, True):
                _key = "of %s; num_updates %s; zero_debias=%s; %s" % (_of, _kind, _debias, _dtype)
                CASES[_key] = average_case(_of, _kind, _debias, _dtype)
    for _debias, _start in ((False, "zeros"), (False, "numbers"), (True, "zeros")):
        for _decay in ("a float", "a tensor"):
            _case = assigned_case(_debias, _start, _decay, _dtype)
            CASES["%s; %s" % (_case.rule, _dtype)] = _case
    for _weight in ("one weight", "a weight each"):
        for _truediv in (False, True):
            _case = weighted_case(_weight, _dtype, _truediv)
            CASES["%s; %s" % (_case.rule, _dtype)] = _case
