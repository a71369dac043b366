"""The engine's life: all relays, the profiles and secrets on disk, and who hears what happens."""
