"""Names for the arrays the statistics pass around: float64 throughout, NaN for missing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
CodeArray = npt.NDArray[np.int8]
BoolArray = npt.NDArray[np.bool_]


def as_floats(*values: npt.ArrayLike) -> tuple[FloatArray, ...]:
    """The values as float64 arrays of one common shape."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def as_matrix(values: npt.ArrayLike) -> FloatArray:
    """The values as a float64 matrix, a row a cell and a column a period. ValueError for other shapes."""
    matrix = np.asarray(values, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"a matrix of cells by periods was wanted, an array with {matrix.ndim} axes came")
    return matrix
