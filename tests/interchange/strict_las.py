"""A reader of LAS 2.0 written from the standard alone, that forgives nothing; it shares no code with any other."""

import re
from dataclasses import dataclass, field
from pathlib import Path

TITLES = {
    "V": "Version",
    "W": "Well",
    "C": "Curve Information",
    "P": "Parameter Information",
    "O": "Other",
    "A": "ASCII",
}
LINE = re.compile(r"^(?P<mnem>[^.:\s]+) *\.(?P<unit>[^\s:]*)(?P<value>(?: .*)?):(?P<text>[^:]*)$")
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


@dataclass
class StrictLas:
    """What the file says: header lines as mnemonic -> (unit, value, description), data as columns."""

    sections: dict[str, dict[str, tuple[str, str, str]]] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)

    def column(self, mnemonic: str) -> list[float]:
        place = list(self.sections["C"]).index(mnemonic)
        return [row[place] for row in self.rows]


def read_strict(path: Path) -> StrictLas:
    """Read `path`, or fail an assertion that says which rule it breaks."""
    data = path.read_bytes()
    assert data.endswith(b"\n")
    assert all(32 <= byte < 127 or byte in b"\r\n" for byte in data), "not plain ASCII"
    las, section = StrictLas(), ""
    for line in data.decode("ascii").splitlines():
        assert line.strip(), "blank lines are not allowed inside sections"
        if line.startswith("~"):
            section = line[1]
            assert line[1:].rstrip(" -") == TITLES[section]
            assert section not in las.sections, "a section comes twice"
            las.sections[section] = {}
        elif section == "A":
            las.rows.append(_numbers(line))
        elif section == "O":
            assert not line.startswith("#")
            las.other.append(line)
        else:
            _add(las.sections[section], line)
    _check(las)
    return las


def _numbers(line: str) -> list[float]:
    cells = line.split()
    assert all(map(NUMBER.match, cells)), f"not a plain number in {line!r}"
    return [float(cell) for cell in cells]


def _add(section: dict[str, tuple[str, str, str]], line: str) -> None:
    match = LINE.match(line)
    assert match, f"not MNEM.UNIT VALUE : DESCRIPTION: {line!r}"
    assert match["mnem"] not in section, f"{match['mnem']} comes twice"
    section[match["mnem"]] = (match["unit"], match["value"].strip(), match["text"].strip())


def _check(las: StrictLas) -> None:
    assert list(las.sections) == list("VWCPOA"), "sections in the standard's order"
    assert las.sections["V"]["VERS"][1] == "2.0"
    assert las.sections["V"]["WRAP"][1] == "NO"
    well = las.sections["W"]
    assert list(well)[:4] == ["STRT", "STOP", "STEP", "NULL"]
    assert {"COMP", "WELL", "FLD", "LOC", "CNTY", "STAT", "CTRY", "SRVC", "DATE", "UWI"} <= set(well)
    start, stop, step = (float(well[key][1]) for key in ("STRT", "STOP", "STEP"))
    assert {well[key][0] for key in ("STRT", "STOP", "STEP")} == {las.sections["C"]["DEPT"][0]}
    assert next(iter(las.sections["C"])) == "DEPT"
    assert all(len(row) == len(las.sections["C"]) for row in las.rows)
    assert (las.rows[0][0], las.rows[-1][0]) == (start, stop)
    assert all(abs(row[0] - (start + i * step)) < 1e-6 for i, row in enumerate(las.rows))
