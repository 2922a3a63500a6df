"""A voice from recording to answering: decode, inspect, check the consent, keep, take back."""
