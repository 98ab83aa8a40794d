"""What the bot says, in the language of whom it says it to: a module for each language, a line in `LANGUAGES`."""

from clients.telegram.texts import de, en
from clients.telegram.texts.types import Texts

LANGUAGES = {"en": en.TEXTS, "de": de.TEXTS}
DEFAULT = "en"


def texts_for(language_code: str | None) -> Texts:
    """Return the texts for a language as Telegram names it (IETF, such as `de-AT`), or the English ones."""
    language = (language_code or DEFAULT).lower().partition("-")[0]
    return LANGUAGES.get(language, LANGUAGES[DEFAULT])
