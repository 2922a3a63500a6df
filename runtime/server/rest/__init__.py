"""The REST API: what the avatar knows, and which dialogs there are."""

from runtime.server.rest.api import rest_routes
from runtime.server.rest.openapi import describe
from runtime.server.rest.problems import misused

__all__ = ["describe", "misused", "rest_routes"]
