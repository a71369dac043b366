"""What the user wants: frozen data that validates itself and knows no I/O."""
