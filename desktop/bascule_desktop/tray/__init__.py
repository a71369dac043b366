"""The icon in the system's tray: a state, a menu, and a word when something goes wrong."""
