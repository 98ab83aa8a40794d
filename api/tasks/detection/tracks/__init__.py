"""Objects keep an identity over the frames of a video: `follow` them from frame to frame, then `summarise` them."""
