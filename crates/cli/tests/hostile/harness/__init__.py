"""Runs rulespec against the fixture, and measures what becomes of it. Linux only: it reads /proc."""
