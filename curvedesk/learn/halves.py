"""What a training made, or half of it: the mean with what it began from is often better on paper it was not shown.

Measured on hand-traced crops, one scan a column, gain in F1 at 2 px on the crop nobody spoke of: whole -0.009, 0.071,
0.001, 0.001; half 0.000, 0.052, 0.000, -0.002. Four runs are few; the worst of the halves lost less, so half is taken
wherever what was held out does not clearly speak for the whole.
"""

from collections.abc import Callable

from curvedesk.learn import gate
from curvedesk.learn.gate import Judgement, Verdict

WHOLE, HALF = 1.0, 0.5
CLEARLY = 2 / 3  # of the half's error: so little the whole must have


def better(
    before: Judgement, judged: Callable[[float], Judgement], *, in_time: Callable[[], bool] = lambda: True
) -> tuple[float, Verdict]:
    """The share of what was learnt to take, and the verdict on that; the half is judged only `in_time`."""
    whole = gate.verdict(before, judged(WHOLE))
    if not in_time():
        return WHOLE, whole
    half = gate.verdict(before, judged(HALF))
    if whole.adopted and half.adopted:
        most = min(CLEARLY * half.after.error_pct, half.after.error_pct - before.grain_pct)
        return (WHOLE, whole) if whole.after.error_pct < most else (HALF, half)
    return (HALF, half) if half.adopted else (WHOLE, whole)
