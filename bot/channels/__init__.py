"""The doors of the mechanism: each channel carries letters out and hands raw messages in; none knows another."""
