"""Characters nobody sees: taken out of what files bring, where no script needs them.

A name with U+202E in it turns round the words after it on a page, in a text and on a letter; a zero-width space makes two
customers of one. Files get them from copied web pages, from spreadsheets and from people who try.
"""

import re
import unicodedata

ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER = "\u200c", "\u200d"
# Letters in these blocks change their shape with a joiner between or after them: Arabic, Syriac, N'Ko, the scripts of India
# and Sri Lanka, Tibetan, Burmese, Khmer, Mongolian, and their extensions.
_JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua87f\ua8e0-\uaaff\ufb50-\ufdff\ufe70-\ufefc]"
)
# Invisible without being control or format characters by their category: fillers, joiners of marks, variation selectors.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
NUL = "\x00"  # of a binary file, whose rows are rejected for it


def without_invisible(text: str) -> str:
    """Return a text without direction controls, zero-width and other control characters.

    Blanks of every kind stay (whoever reads the cell tidies them), as do accents, apostrophes and all letters. A zero-width
    joiner or non-joiner stays where the letters beside it need it. NUL stays too: it tells a binary file.
    """
    if text.isprintable() and not _BLANK.search(text):
        return text  # nearly all of them
    kept: list[str] = []
    for index, character in enumerate(text):
        if _is_seen(character) or _joins(character, before=kept[-1:], after=text[index + 1 : index + 2]):
            kept.append(character)
    return "".join(kept)


def _is_seen(character: str) -> bool:
    if character.isspace() or character == NUL:
        return True
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES and not _BLANK.match(character)


def _joins(character: str, *, before: list[str], after: str) -> bool:
    """Return whether a joiner is part of how the word is written: a joiner may end a word, a non-joiner only divides it."""
    if character not in {ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER} or not before:
        return False
    is_after_letter = _JOINING.match(before[0]) is not None
    return is_after_letter and (character == ZERO_WIDTH_JOINER or _JOINING.match(after) is not None)
