"""The only folder that touches the operating system: sockets, serial ports, TLS."""
