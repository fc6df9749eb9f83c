"""People: verbs of hair and faces on somebody's own photo."""
