"""``curvedesk doctor``: a self-test without a network connection, for people and (``--json``) for programs."""

import json
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Annotated

import typer

from curvedesk import __version__
from curvedesk.domain.errors import CurveDeskError

TOLERANCE, LEAST_PERCENT = 0.03, 50  # of the track's width; of the samples of the worst curve
PACKAGES = ("numpy", "scipy", "opencv-python-headless", "tifffile", "imagecodecs", "pypdfium2", "lasio", "torch")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``ok`` False means that something is broken."""

    name: str
    ok: bool
    text: str


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
) -> None:
    """Check that this installation works, offline.

    Looks at versions, GPU and the models' checksums, and does a small digitisation. Ends with status 1 if anything
    is broken. A missing GPU is not broken, only slower; the reason is given.
    """
    findings = [_look(name, check) for name, check in CHECKS.items()]
    sound = all(finding.ok for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": sound, "findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{'ok    ' if finding.ok else 'BROKEN'}  {finding.name}: {finding.text}")
    if not sound:
        broken = ", ".join(finding.name for finding in findings if not finding.ok)
        typer.echo(f"curvedesk: error: broken here: {broken}; install CurveDesk again, then run doctor again", err=True)
        raise typer.Exit(1)


def _look(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except CurveDeskError as error:
        return Finding(name, False, str(error))
    except Exception as error:  # noqa: BLE001 - whatever a broken installation raises is the finding
        return Finding(name, False, f"{type(error).__name__}: {' '.join(str(error).split())}")


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"CurveDesk {__version__}, Python {platform.python_version()} on {platform.platform()}; {packages}"


def _device() -> str:
    from curvedesk.learn.device import describe_devices

    seen = describe_devices()
    gpus = "; ".join(seen.gpus) if seen.gpus else f"no GPU: {seen.why_no_gpu}"
    return (
        f"{gpus}; torch {seen.torch_version} (build: {seen.build}), networks run on {seen.device} in "
        f"{seen.number_format}, {seen.threads} threads, {seen.cpu_capability}"
    )


def _home() -> str:
    from curvedesk.store.locations import user_models_dir

    folder = user_models_dir()
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".doctor-{sys.version_info.minor}"
    probe.write_bytes(b"")
    probe.unlink()
    return f"{folder} can be written"


def _models() -> str:
    from curvedesk.learn.checkpoints import read_weights
    from curvedesk.store.registry import find_model, list_models

    entries = list_models()
    for entry in entries:
        if entry.manifest is None:
            raise CurveDeskError(entry.problem or f"{entry.id} cannot be read")
        read_weights(entry.folder, entry.manifest)
    return f"{', '.join(entry.id for entry in entries)}: checksums match; in use: {find_model().name}"


def _digitisation() -> str:
    """A hundred feet of the bundled sample, compared with what its pens drew."""
    import lasio
    import numpy as np

    from curvedesk import pipeline
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.imaging import open_scan
    from curvedesk.learn.checkpoints import load_model
    from curvedesk.store.locations import bundled_resources_dir

    folder = bundled_resources_dir() / "sample"
    whole, truth = load_sheet(folder / "scan.sheet.json"), lasio.read(folder / "truth.las")
    top = whole.depth.top + 100
    piece = replace(whole, depth=replace(whole.depth, top=top, bottom=top + 100))
    with open_scan(folder / "scan.tif", dpi=whole.dpi) as scan:
        log = pipeline.digitize(scan, piece, (), load_model())
    worst = 100.0
    for (_track, spec), curve in zip(piece.curves(), log.curves, strict=True):
        drawn = np.interp(log.depth, truth.index, truth[curve.mnemonic])
        off = np.abs(spec.scale.to_axis(curve.values) - spec.scale.to_axis(drawn))
        near = off < TOLERANCE * abs(float(np.diff(spec.scale.to_axis([spec.scale.left, spec.scale.right]))[0]))
        worst = min(worst, 100 * float(near.mean()))
    if worst < LEAST_PERCENT:
        raise CurveDeskError(f"only {worst:.0f} % of a curve's samples lie where the pen ran; is another model in use?")
    return f"{len(log.curves)} curves of the bundled sample read, at least {worst:.0f} % of each where the pen ran"


CHECKS: dict[str, Callable[[], str]] = {
    "versions": _versions,
    "device": _device,
    "folder for models": _home,
    "models": _models,
    "small digitisation": _digitisation,
}
