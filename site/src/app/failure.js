/** What went wrong, for the parts that tell it. */

/**
 * @typedef {Readonly<{kind: string, detail: string, requestId: string, waitS: number | null}>} Failure kind names the text
 *   that explains it
 */

/**
 * Name what went wrong. The parts throw errors that have a `kind`; anything else is a mistake of the page.
 *
 * @param {unknown} error
 * @param {boolean} online whether the browser believes to have a network
 * @returns {Failure}
 */
export function failureOf(error, online) {
  const { kind, detail, requestId, retryAfterS } = /** @type {Record<string, unknown>} */ (error ?? {});
  return Object.freeze({
    kind: kind === 'unreachable' && !online ? 'offline' : typeof kind === 'string' ? kind : 'unexpected',
    detail: typeof detail === 'string' ? detail : '',
    requestId: typeof requestId === 'string' ? requestId : '',
    waitS: typeof retryAfterS === 'number' ? retryAfterS : null,
  });
}
