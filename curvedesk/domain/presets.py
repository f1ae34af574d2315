"""Common curves as the field prints them: unit, scale, pen and back-up, to start from when a sheet is made by hand.

Scales are those of the usual presentations (American oilfield units, 1:240 and 1:600 prints); an analyst changes
what a print says otherwise. A preset that is not exported is a pen that must not be mistaken for a wanted one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind
from curvedesk.domain.track import CurveSpec, Style

_ADD = Wrap(WrapKind.ADD)
_LOG = ScaleKind.LOG
_DASHED, _DOTTED = Style.DASHED, Style.DOTTED

CORRELATION, POROSITY, RESISTIVITY, OLDER, NOT_EXPORTED = (
    "Correlation",
    "Porosity",
    "Resistivity",
    "Older tools",
    "Not exported",
)


@dataclass(frozen=True, slots=True)
class Preset:
    """One common curve; `also` holds other mnemonics of the same reading."""

    mnemonic: str
    title: str
    group: str
    unit: str
    scale: ValueScale
    style: Style = Style.SOLID
    digitize: bool = True
    also: tuple[str, ...] = ()

    def spec(self) -> CurveSpec:
        """The preset as a curve of a sheet."""
        return CurveSpec(self.mnemonic, self.unit, self.scale, self.style, self.digitize)


def _linear(left: float, right: float, wrap: Wrap | None = None) -> ValueScale:
    return ValueScale(left, right, wrap=wrap or Wrap())


def _log(left: float, right: float) -> ValueScale:
    return ValueScale(left, right, _LOG)


def _times(left: float, right: float, factor: float) -> ValueScale:
    return ValueScale(left, right, wrap=Wrap(WrapKind.MULTIPLY, factor))


def _resistivity(mnemonic: str, title: str, style: Style = Style.SOLID, *also: str) -> Preset:
    return Preset(mnemonic, title, RESISTIVITY, "OHMM", _log(0.2, 2000), style, also=also)


def _kept_home(mnemonic: str, title: str, unit: str, scale: ValueScale, *also: str) -> Preset:
    return Preset(mnemonic, title, NOT_EXPORTED, unit, scale, _DASHED, digitize=False, also=also)


PRESETS: tuple[Preset, ...] = (
    Preset("GR", "Gamma ray", CORRELATION, "GAPI", _linear(0, 150, _ADD), also=("GRD", "GRC", "ECGR", "HGR")),
    Preset("SGR", "Spectral gamma ray, total", CORRELATION, "GAPI", _linear(0, 150, _ADD)),
    Preset("CGR", "Gamma ray without uranium", CORRELATION, "GAPI", _linear(0, 150, _ADD), _DASHED),
    Preset("SP", "Spontaneous potential", CORRELATION, "MV", _linear(-80, 20), also=("SSP",)),
    Preset("CALI", "Caliper", CORRELATION, "IN", _linear(6, 16), _DASHED, also=("CAL", "HCAL", "DCAL", "LCAL")),
    Preset("C1", "Caliper 1", CORRELATION, "IN", _linear(6, 16), _DASHED),
    Preset("C2", "Caliper 2", CORRELATION, "IN", _linear(6, 16), _DOTTED),
    Preset("BS", "Bit size", CORRELATION, "IN", _linear(6, 16), _DASHED, also=("BIT",)),
    Preset("RHOB", "Bulk density", POROSITY, "G/C3", _linear(2.0, 3.0), also=("RHOZ", "DEN", "ZDEN")),
    Preset("DRHO", "Density correction", POROSITY, "G/C3", _linear(-0.25, 0.25), _DOTTED, also=("HDRA", "ZCOR")),
    Preset("NPHI", "Neutron porosity", POROSITY, "V/V", _linear(0.45, -0.15), _DASHED, also=("TNPH", "CNC", "CNCF")),
    Preset("DPHI", "Density porosity", POROSITY, "V/V", _linear(0.45, -0.15), also=("DPHZ", "PORZ")),
    Preset("SPHI", "Sonic porosity", POROSITY, "V/V", _linear(0.45, -0.15)),
    Preset("PHIN", "Neutron porosity in per cent", POROSITY, "PU", _linear(30, -10), _DASHED, also=("NPOR",)),
    Preset("PEF", "Photoelectric factor", POROSITY, "B/E", _linear(0, 10), _DASHED, also=("PE", "PEFZ")),
    Preset("DT", "Interval transit time", POROSITY, "US/F", _linear(140, 40, _ADD), also=("AC", "DTC", "DTCO", "BHC")),
    Preset("DTS", "Shear transit time", POROSITY, "US/F", _linear(440, 40), _DASHED, also=("DTSM",)),
    _resistivity("ILD", "Deep induction", _DASHED, "RILD", "ID"),
    _resistivity("ILM", "Medium induction", _DOTTED, "RILM", "IM"),
    _resistivity("SFL", "Spherically focused", Style.SOLID, "SFLU", "SFLA"),
    _resistivity("LL8", "Laterolog 8"),
    _resistivity("LLD", "Deep laterolog", _DASHED, "HLLD", "RD", "DLL"),
    _resistivity("LLS", "Shallow laterolog", Style.SOLID, "HLLS", "RS"),
    _resistivity("MSFL", "Micro-spherically focused", _DOTTED, "RXOZ", "RXO"),
    _resistivity("AT90", "Array induction, 90 in", _DASHED, "AHT90", "AF90"),
    _resistivity("AT30", "Array induction, 30 in", _DOTTED, "AHT30", "AF30"),
    _resistivity("AT10", "Array induction, 10 in", Style.SOLID, "AHT10", "AF10"),
    Preset("CILD", "Induction conductivity", RESISTIVITY, "MMHO/M", _linear(400, 0, _ADD), _DASHED, also=("COND",)),
    Preset("MNOR", "Micro-normal", RESISTIVITY, "OHMM", _linear(0, 20), _DASHED, also=("MNRL", "NOR")),
    Preset("MINV", "Micro-inverse", RESISTIVITY, "OHMM", _linear(0, 20), also=("INV", "MI")),
    Preset("SN", "Short normal, 16 in", OLDER, "OHMM", _times(0, 20, 10), also=("R16", "SHN")),
    Preset("LN", "Long normal, 64 in", OLDER, "OHMM", _times(0, 20, 10), _DASHED, also=("R64", "AO10")),
    Preset("LAT", "Lateral, 18 ft 8 in", OLDER, "OHMM", _times(0, 20, 10), _DOTTED, also=("R18",)),
    Preset("NEUT", "Neutron counts", OLDER, "CPS", _linear(0, 1000, _ADD), also=("NEU", "CNTS")),
    Preset("GRR", "Gamma ray in micrograms of radium", OLDER, "UGR/T", _linear(0, 10, _ADD)),
    Preset("TEMP", "Temperature", OLDER, "DEGF", _linear(50, 250)),
    _kept_home("TENS", "Cable tension", "LB", _linear(10000, 0), "LTEN", "HTEN", "CTEN", "TTEN"),
    _kept_home("CS", "Cable speed", "F/MN", _linear(0, 200), "CSPD", "LSPD", "SPEED"),
    _kept_home("CCL", "Collar locator", "MV", _linear(-20, 20), "CBLL"),
)

_BY_NAME = {name: preset for preset in reversed(PRESETS) for name in (*preset.also, preset.mnemonic)}

_WRITTEN = {
    "GAPI": "gAPI",
    "MV": "mV",
    "IN": "in",
    "OHMM": "ohm·m",
    "G/C3": "g/cm³",
    "G/CC": "g/cm³",
    "G/CM3": "g/cm³",
    "K/M3": "kg/m³",
    "V/V": "v/v",
    "PU": "p.u.",
    "%": "%",
    "B/E": "b/e",
    "US/F": "µs/ft",
    "US/FT": "µs/ft",
    "US/M": "µs/m",
    "MMHO/M": "mmho/m",
    "MMHO": "mmho/m",
    "MS/M": "mS/m",
    "CPS": "cps",
    "LB": "lb",
    "LBS": "lb",
    "LBF": "lbf",
    "F/MN": "ft/min",
    "FT/MIN": "ft/min",
    "DEGF": "°F",
    "DEGC": "°C",
    "UGR/T": "µg Ra/t",
    "FT": "ft",
    "F": "ft",
    "M": "m",
    "MM": "mm",
    "CM": "cm",
}


def preset_of(mnemonic: str) -> Preset | None:
    """The preset of a mnemonic, or of another name of the same reading, in any case."""
    return _BY_NAME.get(mnemonic.strip().upper())


def spec_of(mnemonic: str) -> CurveSpec | None:
    """A curve for the sheet under this very name, with the scale of its preset; None where no preset knows it."""
    name = mnemonic.strip().upper()
    found = preset_of(name)
    if found is None:
        return None
    return CurveSpec(name, found.unit, found.scale, found.style, found.digitize)


def mnemonics() -> tuple[str, ...]:
    """Every name a preset knows, for completion, presets' own names first."""
    own = [preset.mnemonic for preset in PRESETS]
    return (*own, *sorted(set(_BY_NAME) - set(own)))


def grouped(presets: Iterable[Preset] = PRESETS) -> dict[str, tuple[Preset, ...]]:
    """Presets by group, groups in the order of the list."""
    groups: dict[str, list[Preset]] = {}
    for preset in presets:
        groups.setdefault(preset.group, []).append(preset)
    return {group: tuple(members) for group, members in groups.items()}


def unit_shown(unit: str) -> str:
    """A LAS unit as a person writes it: OHMM is ohm·m; unknown ones as they are."""
    return _WRITTEN.get(unit.strip().upper(), unit.strip())


def number_shown(value: float) -> str:
    """A scale's end as a print shows it: 150, 0.2, 1.95; never 1e+05."""
    text = f"{value:.6g}"
    return f"{value:.0f}" if "e" in text and abs(value) >= 1 else text


def range_shown(scale: ValueScale) -> str:
    """`0 to 150`, `0.45 to −0.15`: a word, since a dash before a minus reads as neither."""
    return f"{number_shown(scale.left)} to {number_shown(scale.right)}".replace("-", "−")
