/** Light or dark, as the system has it or as the visitor chose. */

import { byId } from '../dom/elements.js';

const DARK = '(prefers-color-scheme: dark)';
const THEMES = ['light', 'dark'];

/**
 * @param {{recall: (key: string) => string | null, remember: (key: string, value: string | null) => void}} preferences
 */
export function createThemeSwitch({ recall, remember }) {
  const select = byId('theme', HTMLSelectElement);
  // The rules for a dark system are turned on and off as a whole, so that they need not stand in the style twice.
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const darkRules = rules.filter((rule) => rule instanceof CSSMediaRule && rule.conditionText === DARK);
  const metas = [...document.querySelectorAll('meta[name=theme-color]')].map((meta) => {
    return { meta: /** @type {HTMLMetaElement} */ (meta), ofSystem: /** @type {HTMLMetaElement} */ (meta).media };
  });

  /** @param {string} theme '' for the system's */
  function show(theme) {
    document.documentElement.style.colorScheme = theme;
    for (const rule of darkRules) /** @type {CSSMediaRule} */ (rule).media.mediaText = mediaFor(theme, 'dark', DARK);
    for (const { meta, ofSystem } of metas) meta.media = mediaFor(theme, ofSystem === DARK ? 'dark' : 'light', ofSystem);
    select.value = theme;
  }

  function choose() {
    show(select.value);
    remember('theme', select.value || null);
  }

  select.addEventListener('change', choose);
  const remembered = recall('theme') ?? '';
  if (THEMES.includes(remembered)) show(remembered);
  return { choose };
}

/**
 * @param {string} theme
 * @param {string} own the theme that a rule is of
 * @param {string} ofSystem
 */
function mediaFor(theme, own, ofSystem) {
  if (theme === '') return ofSystem;
  return theme === own ? 'all' : 'not all';
}
