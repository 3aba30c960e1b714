"""AI Models Stats: an open reference for AI models."""
