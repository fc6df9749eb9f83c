"""The eye: trunk, heads, second opinion, and how they are trained."""
