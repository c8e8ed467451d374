"""Slim convolutional networks."""


def channels_of(job, channels):
    """Channels of a layer that has `channels` at the full width of its network."""
    return max(1, round(job.get("width", 1) * channels))
