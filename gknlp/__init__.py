"""gknlp: Chinese government-disclosure annual reports, taken apart and compared."""
