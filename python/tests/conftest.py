"""What holds for every test."""

from hypothesis import settings

# Machines that run tests are slow now and then; what is found belongs into a test.
settings.register_profile("rulespec", deadline=None, database=None)
settings.load_profile("rulespec")
