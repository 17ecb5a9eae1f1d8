"""Wiring only: settings, addresses and the server entry points."""
