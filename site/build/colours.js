/** The owner's accent colours, and what follows from them. Source of the contrast: WCAG 2.2, "contrast ratio". */

const STRONGER = 0.18; // how far a colour goes towards black or white while it is pointed at

/** @param {unknown} value */
export function isColour(value) {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value);
}

/**
 * @param {string} one as #rrggbb
 * @param {string} other
 * @returns {number} 1..21
 */
export function contrast(one, other) {
  const [high = 1, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/**
 * Write the owner's accent as CSS.
 *
 * @param {Readonly<{light: string, dark: string}>} accent
 * @returns {string}
 */
export function accentCss({ light, dark }) {
  return [
    `:root{${declarations(light, '#000000')}}`,
    `@media (prefers-color-scheme: dark){:root{${declarations(dark, '#ffffff')}}}`,
  ].join('\n');
}

/**
 * @param {string} accent
 * @param {string} towards
 */
function declarations(accent, towards) {
  const onAccent = contrast(accent, '#ffffff') >= contrast(accent, '#000000') ? '#ffffff' : '#000000';
  return `--accent:${accent};--accent-strong:${mix(accent, towards, STRONGER)};--on-accent:${onAccent}`;
}

/**
 * @param {string} one
 * @param {string} other
 * @param {number} share of the other
 */
function mix(one, other, share) {
  const others = channels(other);
  const mixed = channels(one).map((value, index) => Math.round(value * (1 - share) + (others[index] ?? 0) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** @param {string} colour */
function luminance(colour) {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} colour */
function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}
