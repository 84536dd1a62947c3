//! Chapter 60: the rule.
