/** Texts in files that others read. */

/** @param {string} text */
export function oneLine(text) {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/**
 * Write text so that it stays text in XML 1.0 and HTML, within elements and quoted attributes.
 *
 * @param {string} text characters that XML has no way to write are left out
 */
export function escapeMarkup(text) {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
