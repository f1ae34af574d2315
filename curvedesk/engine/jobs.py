"""Which function does which job, imported when it is first needed; and what becomes of everything that goes wrong."""

import traceback
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from curvedesk.domain import errors
from curvedesk.engine.streams import EngineLog
from curvedesk.engine.work import Work
from curvedesk.protocol.jobs import FinetuneJob, Job, PackJob, PredictJob, RegisterJob, TraceJob
from curvedesk.protocol.messages import Cancelled, Event, Failed, Result

if TYPE_CHECKING:
    from curvedesk.engine.models import Models

NO_MEMORY = "The memory of this computer is not enough for this; close other programs and try again."


def _predict(job: Any, work: Work, models: "Models") -> Result:
    from curvedesk.engine.predict import run_predict

    return run_predict(job, work, models)


def _trace(job: Any, work: Work, _models: "Models") -> Result:
    from curvedesk.engine.predict import run_trace

    return run_trace(job, work)


def _register(job: Any, work: Work, _models: "Models") -> Result:
    from curvedesk.engine.register import run_register

    return run_register(job, work)


def _finetune(job: Any, work: Work, models: "Models") -> Result:
    from curvedesk.engine.finetune import run_finetune

    return run_finetune(job, work, models)


def _pack(job: Any, work: Work, models: "Models") -> Result:
    from curvedesk.engine.pack import run_pack

    return run_pack(job, work, models)


RUNNERS: Mapping[type[Job], Callable[[Any, Work, "Models"], Result]] = {
    FinetuneJob: _finetune,
    PackJob: _pack,
    PredictJob: _predict,
    TraceJob: _trace,
    RegisterJob: _register,
}


def ending_of(job: Job, work: Work, models: "Models", log: EngineLog) -> Event:
    """Do the job; whatever happens, how it ended as one sentence of the protocol."""
    try:
        work.check()
        runner = RUNNERS.get(type(job))
        if runner is None:
            raise errors.CurveDeskError("This version of CurveDesk cannot do that; install a newer one.")
        return runner(job, work, models)
    except errors.Cancelled:
        return Cancelled(job.id)
    except Exception as error:  # noqa: BLE001  the last resort: every failure ends as one sentence
        detail = "".join(traceback.format_exception(error))
        log.write(detail)
        return Failed(job.id, sentence_of(error, log), detail)


def sentence_of(error: Exception, log: EngineLog) -> str:
    """What the user reads of an error."""
    if isinstance(error, errors.CurveDeskError):
        return _capital(" ".join(str(error).split()))
    if isinstance(error, MemoryError) or "alloc_cpu" in str(error) or "out of memory" in str(error).lower():
        return NO_MEMORY
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}; check the path, its permissions and the space on that disk."
    return f"CurveDesk has a fault ({type(error).__name__}); please report it with the file {log.path}."


def _capital(text: str) -> str:
    """A sentence begins with a capital, a file's name as it is."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text
