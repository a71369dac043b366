"""The packages of this system, installed and used for real: ``python3 dev.py test --packages``."""
