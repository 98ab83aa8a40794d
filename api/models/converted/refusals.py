"""OpenVINO's errors in words for the owner: what it says last, without places in its source and on this machine."""

import re

PATH = re.compile(r'"?(?:[A-Za-z]:)?[/\\](?:[^\s"\'/\\]+[/\\])+')
ERRORS = (RuntimeError, MemoryError, UnicodeDecodeError)  # the last for a name that is no text
BOXES = "TFLite_Detection_PostProcess"
# What OpenVINO says, and what it means; {0} is what the pattern caught.
MEANINGS = {
    f"No translator found for {BOXES}": f"OpenVINO does not have its operator {BOXES}, which makes boxes of what the"
    " network computes: export it to ONNX, or without that operator",
    r"(?:No conversion rule found for operations:|No translator found for) (.+?)(?: node.)?$": "OpenVINO does not have"
    " all of its operators: {0}; export it without them (docs/models.md)",
    r"Conversion is failed for: (.+)": "OpenVINO cannot convert its operators {0}: their inputs do not fit",
    "bad_alloc": "it needs more memory than a conversion may take",
    r"verification failed|can't be parsed": "it is damaged or cut off; copy or download it again",
}


def in_words(error: Exception) -> str:
    """Return what one of ERRORS means, to be read after a colon."""
    if isinstance(error, UnicodeDecodeError):
        return "it has a name that is no text, so it is damaged; copy or download it again"
    text = "bad_alloc" if isinstance(error, MemoryError) else str(error)
    for pattern, meaning in MEANINGS.items():
        found = re.search(pattern, text, re.MULTILINE)
        if found:
            return meaning.format(*found.groups())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return PATH.sub("", lines[-1]) if lines else "OpenVINO does not say why"
