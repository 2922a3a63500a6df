"""What to do: behaviour trees, gestures, emotion."""
