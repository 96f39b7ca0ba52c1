"""What reviewers would reject, found before submission. Pure: one small file for each theme.

Source: the error lists of Twilio (308xx, 309xx), of the second DCA, and of Microsoft Teams' texting, as collected on
2026-11-22; which of their entries a machine can check, and how, is in the files of this folder.
"""
