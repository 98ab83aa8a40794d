"""Image files as bytes, looked over before a decoder sees them: one module for each kind that needs it.

Each refuses what would cost a decoder too much, and where the kind allows it leaves away all that pixels do not need:
profiles, texts, previews, further frames. What is not there cannot harm.
"""
