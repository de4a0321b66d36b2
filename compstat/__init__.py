"""Compstat: weekly returns, flags, a printed briefing pack, and actions followed until they worked."""

__version__ = "0.1.0"
