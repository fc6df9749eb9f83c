"""Photo rescue: verbs of photos made better, one by one and for a catalogue."""
