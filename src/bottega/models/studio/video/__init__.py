"""Short product videos: of photos, by moves of a camera, and of a merchant's own video, staged anew."""
