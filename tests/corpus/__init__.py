"""Made-up company reports with an answer key of every bad cell. Nobody in them exists."""
