"""Frozen dataclasses of plain values to JSON objects and back; unknown keys are let pass, wrong types are not."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class WrongValueError(ValueError):
    """A JSON object does not describe the value that was expected."""


def dump(value: Any) -> dict[str, Any]:
    """The fields of a dataclass as JSON objects."""
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def parse(kind: type[T], data: object) -> T:
    """A dataclass from a JSON object.

    Raises WrongValueError where a field without default is absent, or one has another type.
    """
    if not isinstance(data, Mapping):
        raise WrongValueError(f"{kind.__name__} must be an object")
    hints, values = get_type_hints(kind), {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in data:
            values[field.name] = _checked(data[field.name], hints[field.name], f"{kind.__name__}.{field.name}")
        elif not _has_default(field):
            raise WrongValueError(f"{kind.__name__}.{field.name} is missing")
    return kind(**values)


def _has_default(field: "Field[Any]") -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _checked(value: Any, hint: Any, name: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return None if value is None else _checked(value, _other_than_none(hint), name)
    if origin is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        return _items(value, get_args(hint), name)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    expected = Mapping if origin is not None and issubclass(origin, Mapping) else origin or hint
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        raise WrongValueError(f"{name} cannot be {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise WrongValueError(f"{name} is no finite number")
    return value


def _other_than_none(hint: Any) -> Any:
    return next(kind for kind in get_args(hint) if kind is not NoneType)


def _items(value: Sequence[Any], kinds: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_checked(item, kinds[0], name) for item in value)
    if len(value) != len(kinds):
        raise WrongValueError(f"{name} has {len(value)} values, not {len(kinds)}")
    return tuple(_checked(item, kind, name) for item, kind in zip(value, kinds, strict=True))
