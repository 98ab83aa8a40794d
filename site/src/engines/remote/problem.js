/**
 * Everything that can go wrong between the page and the API, as one typed error.
 *
 * Source: RFC 9457 (application/problem+json), RFC 9110 section 10.2.3 (Retry-After).
 */

const DETAIL_MAX = 300;
const WAIT_MAX_S = 3600;

/** `type` without its prefix, where it says more than the status does. @type {Readonly<Record<string, Kind>>} */
const KIND_BY_TYPE = Object.freeze({ 'urn:pagesight:problem:not-ready': 'starting' });

/**
 * @typedef {'unreachable' | 'unreadable' | 'timeout' | 'too-large' | 'not-an-image' | 'refused-image' | 'busy' | 'starting'
 *   | 'too-often' | 'forbidden' | 'refused' | 'slow-server' | 'server' | 'bad-answer'} Kind
 */

/** A request without a usable answer. `kind` names the text that explains it. */
export class ApiProblem extends Error {
  /**
   * @param {Kind} kind
   * @param {{detail?: string, requestId?: string, retryAfterS?: number | null}} [more] detail is the server's own
   *   sentence: data, to be shown as text only
   */
  constructor(kind, { detail = '', requestId = '', retryAfterS = null } = {}) {
    super(kind);
    this.name = 'ApiProblem';
    this.kind = kind;
    this.detail = detail;
    this.requestId = requestId;
    this.retryAfterS = retryAfterS;
  }
}

/**
 * Make a problem of an answer that is not a success. The body may be anything: a proxy's own page, or nothing.
 *
 * @param {number} status the HTTP status
 * @param {string} body
 * @param {string | null} retryAfter the header
 * @returns {ApiProblem}
 */
export function problemFromAnswer(status, body, retryAfter) {
  const fields = fieldsOf(body);
  const kind = KIND_BY_TYPE[text(fields.type)] ?? kindOfStatus(status);
  return new ApiProblem(kind, {
    detail: text(fields.detail),
    requestId: text(fields.request_id),
    retryAfterS: parseRetryAfter(retryAfter, Date.now()),
  });
}

/**
 * Read a Retry-After header: seconds, or a date.
 *
 * @param {string | null} value
 * @param {number} nowMs
 * @returns {number | null} whole seconds, at most an hour; null when there is none
 */
export function parseRetryAfter(value, nowMs) {
  if (!value) return null;
  const isDate = /^\w{3}, /.test(value); // Date.parse makes a date of nearly anything
  const seconds = isDate ? (Date.parse(value) - nowMs) / 1000 : Number(value);
  if (!Number.isFinite(seconds) || (!isDate && seconds < 0)) return null;
  return Math.min(Math.max(Math.ceil(seconds), 0), WAIT_MAX_S);
}

/**
 * @param {number} status
 * @returns {Kind}
 */
function kindOfStatus(status) {
  switch (status) {
    case 403: return 'forbidden';
    case 413: return 'too-large';
    case 415: return 'not-an-image';
    case 422: return 'refused-image';
    case 429: return 'too-often';
    case 502: return 'unreachable'; // the proxy is there, the API behind it is not
    case 503: return 'busy';
    case 504: return 'slow-server';
    default: return status >= 400 && status < 500 ? 'refused' : 'server';
  }
}

/**
 * @param {string} body
 * @returns {Record<string, unknown>}
 */
function fieldsOf(body) {
  try {
    const parsed = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value.slice(0, DETAIL_MAX) : '';
}
