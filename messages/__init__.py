"""Decided values → mail and chat, one transport each. Empty until reminders are built."""
