"""Nested lists of numbers as an array, with faults told so that a person finds them."""

from typing import TYPE_CHECKING, Any

from orchestrator import Fatal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def as_array(inputs: list[Any]) -> "NDArray[np.float32]":
    """[inputs, …], finite.

    Raises:
        Fatal: there is none, one is not made of numbers, or they differ in shape.
    """
    import numpy as np

    if not inputs:
        raise Fatal("there are no inputs: send at least one")
    names = [f"input {index}" if len(inputs) > 1 else "the input" for index in range(len(inputs))]
    arrays = [_numbers(name, given) for name, given in zip(names, inputs, strict=True)]
    for name, array in zip(names, arrays, strict=True):
        if array.shape != arrays[0].shape:
            raise Fatal(
                f"{name} has the shape {list(array.shape)}, input 0 has {list(arrays[0].shape)}: send one shape"
            )
    return np.stack(arrays)


def _numbers(name: str, given: Any) -> "NDArray[np.float32]":
    import numpy as np

    try:
        found = np.asarray(given)
    except ValueError:
        raise Fatal(f"{name} is ragged: lists of the same level must be of the same length") from None
    if not found.size:
        raise Fatal(f"{name} is empty")
    if found.dtype.kind not in "iuf":
        raise Fatal(f"{name} holds something that is no number: send numbers, in nested lists")
    with np.errstate(over="ignore"):
        array = found.astype(np.float32)
    if not np.isfinite(array).all():
        raise Fatal(f"{name} holds NaN, infinity, or a number too large for 32 bits")
    return array
