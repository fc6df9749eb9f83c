"""What is worn on a face: where its points are on a photo, and glasses, hats, earrings and lipstick laid on them."""
