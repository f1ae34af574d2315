"""The child process that does the heavy work: it is told a job, says how it goes, and may die without harm."""
