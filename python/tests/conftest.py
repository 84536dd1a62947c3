"""Settings for all tests."""

from hypothesis import settings

# No deadline, because CI machines can be slow. No database, because a failure becomes a test.
settings.register_profile("rulespec", deadline=None, database=None)
settings.load_profile("rulespec")
