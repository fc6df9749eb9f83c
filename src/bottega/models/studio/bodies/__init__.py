"""Bodies: people of many builds, posed, seen by a camera and drawn."""
