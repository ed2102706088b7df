"""How fast a whole instance is, next to what the same PostgreSQL does with the same rows: ratios in one run."""

from shouwen.benchmark.run import Rate, Report, bench

__all__ = ["Rate", "Report", "bench"]
