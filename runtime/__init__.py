"""How it is live: sessions, turns, hearing, outlets, workers, server; wires the other parts."""
