"""What was trained and answers: the models in use, each loaded once, and the runs that they came of."""
