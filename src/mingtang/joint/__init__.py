"""The app joint: 并联审批, one filing and many departments."""
