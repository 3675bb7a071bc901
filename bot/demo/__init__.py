"""Stand-ins for the outside world, for tests and for the demo: they speak the real protocols on 127.0.0.1."""
