"""gknlp: Chinese government-disclosure annual reports, taken apart, checked and compared."""

__version__ = "0.1.0"
