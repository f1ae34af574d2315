"""The quality of an open document: the curves to be exported, as they are now, redrawn over the ink."""

from curvedesk.domain.project import Project
from curvedesk.imaging import Scan
from curvedesk.interchange.ink import GrayInk, Ink, ScanInk
from curvedesk.interchange.plan import plan_of
from curvedesk.interchange.planned import planned_log
from curvedesk.interchange.quality import Quality, assess
from curvedesk.interchange.quality_places import Place
from curvedesk.session.export import material_of_project
from curvedesk.store.evidence_cache import EvidenceCache

__all__ = ["Place", "Quality", "assess_project", "step_among"]


def assess_project(project: Project, scan: Scan | None) -> Quality | None:
    """Look at every sample the project would export by its remembered plan; None where there is nothing to look at.

    Takes seconds on a long log: for a worker thread, on a project that does not change. Raises ScanError.
    """
    if project.sheet is None or not project.curves:
        return None
    ink = ink_of(project, scan)
    if ink is None:
        return None
    plan = plan_of(project.export, project.sheet)
    return assess(planned_log(material_of_project(project, scan), plan), ink)


def ink_of(project: Project, scan: Scan | None) -> Ink | None:
    """The paper at 200 dpi as the prediction left it on disk, else read from the scan; None where neither is there."""
    prediction = project.prediction
    folder = EvidenceCache().find(prediction.evidence) if prediction is not None else None
    if folder is not None and folder.has_paper:
        x0, y0, _, _ = folder.key.box
        return GrayInk(folder.gray, float(x0), float(y0), folder.key.scale)
    if scan is None:
        return None
    dpi = project.sheet.dpi if project.sheet is not None else None
    return ScanInk.of(scan, dpi)


def step_among(places: tuple[Place, ...], current: int | None, *, by: int) -> int | None:
    """The next (1) or previous (-1) place of the list, round and round; None where there is none."""
    if not places:
        return None
    if current is None:
        return 0 if by > 0 else len(places) - 1
    return (current + by) % len(places)
