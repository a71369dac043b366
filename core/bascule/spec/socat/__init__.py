"""socat's command line as a relay, and a relay as socat's command line."""
