"""Arrays and sheets that packed objects refer to by number, each held once however often it is used."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.errors import ProjectError
from curvedesk.domain.sheet import Sheet


@dataclass(slots=True)
class Pool:
    """`arrays` and `sheets` (as JSON objects) by number; `source` names the file in errors."""

    source: str = "project"
    arrays: list[NDArray[Any]] = field(default_factory=list)
    sheets: list[dict[str, Any]] = field(default_factory=list)
    _numbers: dict[int, int] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)  # so that no identity is given away twice
    _parsed: dict[int, Sheet] = field(default_factory=dict)

    def put_array(self, array: NDArray[Any]) -> int:
        """The array's number."""
        if id(array) not in self._numbers:
            self._remember(array, len(self.arrays))
            self.arrays.append(np.ascontiguousarray(array))
        return self._numbers[id(array)]

    def put_sheet(self, sheet: Sheet, dump: Callable[[Sheet], dict[str, Any]]) -> int:
        """The sheet's number."""
        if id(sheet) not in self._numbers:
            self._remember(sheet, len(self.sheets))
            self.sheets.append(dump(sheet))
        return self._numbers[id(sheet)]

    def array(self, number: int) -> NDArray[Any]:
        """The array of this number. Raises ProjectError."""
        return self.arrays[self._checked(number, self.arrays)]

    def sheet(self, number: int, parse: Callable[[object], Sheet]) -> Sheet:
        """The sheet of this number, the same object each time. Raises ProjectError and what `parse` raises."""
        if number not in self._parsed:
            self._parsed[number] = parse(self.sheets[self._checked(number, self.sheets)])
        return self._parsed[number]

    def _remember(self, value: object, number: int) -> None:
        self._numbers[id(value)] = number
        self._kept.append(value)

    def _checked(self, number: int, among: Sequence[object]) -> int:
        if not 0 <= number < len(among):
            raise ProjectError(f"{self.source}: refers to a part that is not there; the file is damaged")
        return number
