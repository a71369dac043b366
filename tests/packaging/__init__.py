"""The installers and packages, file for file as in ``installer/``."""
