"""What test hosts are made of: the image and the real distributions."""
