"""Matrices, spectra, signals, linear operators."""

import numpy as np

from . import each

A = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 2.0]]  # symmetric, positive definite
G = [[1.0, 2.0, 0.5], [-1.0, 0.5, 3.0], [2.0, -0.5, 1.0]]
V = [[1.0], [2.0], [-1.0]]
WAVE = np.sin(np.arange(16, dtype=np.float32) * 0.7) + 0.25 * np.cos(np.arange(16, dtype=np.float32) * 2.1)
CUBE = np.cos(np.arange(64, dtype=np.float32)).reshape(4, 4, 4)


def _spectrum(tf, f):
    return f(tf.cast(tf.constant(CUBE), tf.complex64))


def _operator(*args):
    def build(tf, f):
        operator = f(*[tf.constant(a) if not callable(a) else a(tf) for a in args])
        return [operator.matmul(tf.constant(V)), operator.to_dense(), operator.log_abs_determinant()]

    return build


def _full(matrix):
    return lambda tf: tf.linalg.LinearOperatorFullMatrix(tf.constant(matrix))


CASES = {}
CASES.update(
    each(
        "cholesky matrix_inverse matrix_determinant self_adjoint_eigvals linalg.expm linalg.logdet "
        "linalg.slogdet linalg.adjoint linalg.matrix_rank linalg.pinv matrix_square_root",
        lambda tf, f: f(tf.constant(A)),
    )
)
# Signs of the vectors are the algorithm's to choose, so what they make is compared.
CASES["self_adjoint_eig"] = lambda tf, f: _remake(tf, *f(tf.constant(A)))
CASES["qr"] = lambda tf, f: tf.matmul(*f(tf.constant(G)))
CASES["svd"] = lambda tf, f: f(tf.constant(G), compute_uv=False)
CASES["linalg.lu"] = lambda tf, f: f(tf.constant(G))
CASES["linalg.logm"] = lambda tf, f: tf.linalg.expm(tf.real(f(tf.cast(tf.constant(A), tf.complex64))))
CASES["cholesky_solve"] = lambda tf, f: f(tf.cholesky(tf.constant(A)), tf.constant(V))
CASES.update(each("matrix_solve matrix_solve_ls", lambda tf, f: f(tf.constant(A), tf.constant(V))))
CASES["matrix_triangular_solve"] = lambda tf, f: f(tf.constant(A), tf.constant(V), lower=True)
CASES["linalg.matvec"] = lambda tf, f: f(tf.constant(A), tf.constant([1.0, 2.0, 3.0]))
CASES["linalg.normalize"] = lambda tf, f: f(tf.constant(G), axis=1)
CASES["linalg.tridiagonal_solve"] = lambda tf, f: f(tf.constant(G), tf.constant([1.0, 2.0, 3.0]))
CASES["linalg.tridiagonal_matmul"] = lambda tf, f: f(tf.constant(G), tf.constant(V))
CASES.update(each("fft fft2d fft3d ifft ifft2d ifft3d", _spectrum))
CASES.update(
    each("signal.rfft signal.rfft2d signal.rfft3d", lambda tf, f: f(tf.constant(CUBE))),
)
CASES.update(
    each("signal.irfft signal.irfft2d signal.irfft3d", _spectrum),
)
CASES.update(each("signal.fftshift signal.ifftshift", lambda tf, f: f(tf.constant(WAVE))))
CASES.update(each("signal.dct signal.idct", lambda tf, f: f(tf.constant(WAVE), type=2)))
CASES.update(each("signal.hamming_window signal.hann_window", lambda tf, f: f(8)))
CASES.update(
    {
        "signal.frame": lambda tf, f: f(tf.constant(WAVE), 4, 2),
        "signal.stft": lambda tf, f: f(tf.constant(WAVE), 8, 4),
        "signal.inverse_stft": lambda tf, f: f(tf.signal.stft(tf.constant(WAVE), 8, 4), 8, 4),
        "signal.inverse_stft_window_fn": lambda tf, f: f(4)(8, tf.float32),
        "signal.overlap_and_add": lambda tf, f: f(tf.constant(CUBE), 2),
        "signal.linear_to_mel_weight_matrix": lambda tf, f: f(4, 17, 8000, 80.0, 3800.0),
        "signal.mfccs_from_log_mel_spectrograms": lambda tf, f: f(tf.constant(CUBE)),
        "linalg.LinearOperatorFullMatrix": _operator(A),
        "linalg.LinearOperatorDiag": _operator([1.0, 2.0, 3.0]),
        "linalg.LinearOperatorLowerTriangular": _operator(A),
        "linalg.LinearOperatorIdentity": lambda tf, f: f(3).matmul(tf.constant(V)),
        "linalg.LinearOperatorScaledIdentity": lambda tf, f: f(3, 2.0).matmul(tf.constant(V)),
        "linalg.LinearOperatorZeros": lambda tf, f: f(3).matmul(tf.constant(V)),
        "linalg.LinearOperatorComposition": _operator(lambda tf: [_full(A)(tf), _full(G)(tf)]),
        "linalg.LinearOperatorKronecker": _operator(lambda tf: [_full(A)(tf), _full([[2.0]])(tf)]),
        "linalg.LinearOperatorBlockDiag": _operator(
            lambda tf: [_full([[2.0]])(tf), _full([[2.0, 1.0], [1.0, 3.0]])(tf)]
        ),
        "linalg.LinearOperatorAdjoint": _operator(_full(G)),
        "linalg.LinearOperatorInversion": _operator(_full(A)),
        "linalg.LinearOperatorHouseholder": _operator([0.6, 0.8, 0.0]),
        "linalg.LinearOperatorLowRankUpdate": _operator(_full(A), [[0.5], [1.0], [0.25]]),
        "linalg.LinearOperatorToeplitz": _operator([1.0, 2.0, 3.0], [1.0, -1.0, 0.5]),
        "linalg.LinearOperatorCirculant": lambda tf, f: tf.real(
            f(tf.constant([1.0, 2.0, 3.0])).matmul(tf.constant(V, tf.complex64))
        ),
    }
)


def _remake(tf, values, vectors):
    return [values, tf.matmul(vectors * values, vectors, transpose_b=True)]
