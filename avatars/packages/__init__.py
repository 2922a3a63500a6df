"""What an avatar's folder holds: its manifest, its actions as stretches of frames, its consent; and it as zip."""
