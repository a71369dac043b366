"""Policy between two ends: admission, dialing, pumping, retrying."""
