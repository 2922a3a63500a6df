"""Where frames go, and the events that accompany them."""

from runtime.outlets.base import Outlet

__all__ = ["Outlet"]
