"""What has been seen of the bytes that pass a relay, as data, and how it is written down."""
