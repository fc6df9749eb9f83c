"""The parts of a photo: garments told apart, regions, cut-outs."""
