/**
 * The visitor's choice as part of the page's address, so that a link opens the same view:
 * `#confidence=0.4&iou=0.6&hide=2,7&drawn=server&example=dog.jpg`. What is not said has its default.
 */

/**
 * @typedef {Readonly<{
 *   confidence: number,
 *   iou: number,
 *   hiddenClasses: readonly number[],
 *   asServerDrew: boolean,
 *   example: string,
 * }>} ViewState hiddenClasses: class ids, ascending. asServerDrew: show the picture that the API drew. example: the
 *   file name of the example that is looked at, or ''
 */

/** @type {ViewState} the API's defaults */
export const DEFAULT_VIEW = Object.freeze({
  confidence: 0.25,
  iou: 0.45,
  hiddenClasses: Object.freeze([]),
  asServerDrew: false,
  example: '',
});

const CONFIDENCE = { lowest: 0.05, highest: 1 }; // there are no candidates below (openapi.yaml)
const IOU = { lowest: 0, highest: 1 };
const HIDDEN_MAX = 1000;
const ADDRESS_MAX_CHARS = 8192;
const FRACTION = /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?|\.\d{1,6})$/;
const CLASS_ID = /^(?:0|[1-9]\d{0,5})$/;
const EXAMPLE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/;

/**
 * Read the choice from an address. Nothing in it is believed: each value that makes no sense falls back.
 *
 * @param {string} fragment with or without `#` or `?`
 * @param {ViewState} [defaults]
 * @returns {ViewState}
 */
export function readViewState(fragment, defaults = DEFAULT_VIEW) {
  if (fragment.length > ADDRESS_MAX_CHARS) return defaults;
  const values = new URLSearchParams(fragment.replace(/^[#?]/, ''));
  return Object.freeze({
    confidence: fractionOf(values.get('confidence'), CONFIDENCE, defaults.confidence),
    iou: fractionOf(values.get('iou'), IOU, defaults.iou),
    hiddenClasses: classesOf(values.get('hide'), defaults.hiddenClasses),
    asServerDrew: values.has('drawn') ? values.get('drawn') === 'server' : defaults.asServerDrew,
    example: exampleOf(values.get('example'), defaults.example),
  });
}

/**
 * Write the choice as an address's fragment.
 *
 * @param {Readonly<Partial<Omit<ViewState, 'hiddenClasses'>> & {hiddenClasses?: Iterable<number>}>} state
 * @param {ViewState} [defaults] what needs no saying
 * @returns {string} with `#`, or '' when all is as by default
 */
export function writeViewState(state, defaults = DEFAULT_VIEW) {
  const { confidence, iou, hiddenClasses, asServerDrew, example } = { ...defaults, ...state };
  const hidden = ascending(hiddenClasses).join(',');
  /** @type {string[]} */
  const parts = [];
  if (confidence !== defaults.confidence) parts.push(`confidence=${written(confidence)}`);
  if (iou !== defaults.iou) parts.push(`iou=${written(iou)}`);
  if (hidden !== ascending(defaults.hiddenClasses).join(',')) parts.push(`hide=${hidden}`);
  if (asServerDrew !== defaults.asServerDrew) parts.push(`drawn=${asServerDrew ? 'server' : 'page'}`);
  if (example !== defaults.example) parts.push(`example=${encodeURIComponent(example)}`);
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

/** @param {number} fraction */
function written(fraction) {
  return String(Number(fraction.toFixed(6)));
}

/**
 * @param {string | null} text
 * @param {{lowest: number, highest: number}} range
 * @param {number} fallback
 */
function fractionOf(text, { lowest, highest }, fallback) {
  if (text === null || !FRACTION.test(text)) return fallback;
  const value = Number(text);
  return value >= lowest && value <= highest ? value : fallback;
}

/**
 * @param {string | null} text
 * @param {readonly number[]} fallback
 * @returns {readonly number[]}
 */
function classesOf(text, fallback) {
  if (text === null) return fallback;
  if (text === '') return Object.freeze([]);
  const ids = text.split(',', HIDDEN_MAX + 1);
  if (ids.length > HIDDEN_MAX || !ids.every((id) => CLASS_ID.test(id))) return fallback;
  return ascending(ids.map(Number));
}

/**
 * @param {string | null} text
 * @param {string} fallback
 */
function exampleOf(text, fallback) {
  return text !== null && (text === '' || EXAMPLE.test(text)) ? text : fallback;
}

/**
 * @param {Iterable<number>} ids
 * @returns {readonly number[]}
 */
function ascending(ids) {
  return Object.freeze([...new Set(ids)].sort((one, other) => one - other));
}
