"""Communique: who met, called or said what to whom, read from news in English, Arabic and Chinese."""

__version__ = "0.1.0"
