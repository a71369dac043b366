"""How a computer starts the engine by itself, before anybody logs in: Windows, systemd, launchd."""
