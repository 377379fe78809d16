"""What TF1 programs counted on and other libraries no longer do, for programs that run under plain Python.

`tf1compat migrate` writes calls of it; a program may as well be rid of them one by one. `tf1compat run` gives the same
without being asked. The names:

* `as_numpy_1()`: NumPy 2 prints and promotes as NumPy 1 did, in the whole process;
* `keras_fits()`: Keras's `fit` and its kin, called in a TF1 graph, train as they did in TF1;
* `in_graph(function)`: the function, for a thread that begins in a TF1 graph of its own;
* `gym`, `scipy_images`: those libraries as they were;
* `numpy`, `time`, …: modules, with what they dropped since 2018 (`legacy.numpy.asfarray`);
* `append`, `ix`, …: methods that NumPy, pandas and others dropped: `legacy.append(frame, row)` for `frame.append(row)`.
"""
