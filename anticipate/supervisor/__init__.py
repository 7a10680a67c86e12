"""One process that starts Anticipate's parts, shows what they print, restarts what dies and stops them all."""
