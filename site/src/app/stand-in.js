/**
 * The visitor's own device computes: because they want their photographs kept there, or in the server's place, if it can, is
 * quicker, and they let it load what it needs.
 */

/** @typedef {import('../engines/contract.js').Engine} Engine */
/** @typedef {import('../engines/contract.js').Envelope} Envelope */
/** @typedef {import('../engines/contract.js').Stage} Stage */
/** @typedef {import('../engines/device/engine.js').OwnDevice} OwnDevice */
/** @typedef {Parameters<Engine['run']>[0]} Picture */
/** @typedef {Parameters<Engine['run']>[1]} Options */
/** @typedef {Readonly<{saveData?: boolean, type?: string, downlink?: number}>} Connection as navigator.connection tells it, where there is one */

const KEY = 'device-ms';
const GUESS_MS = 1_500; // of a picture, before one was measured
const START_MS = 1_500; // to make a network of what was loaded
const DOWNLINK_MBPS = 10;
const LOST = Object.freeze(['unreachable', 'unreadable', 'forbidden', 'timeout']);
const TURNED_AWAY = Object.freeze(['busy', 'starting', 'too-often']);

/**
 * @param {{
 *   engine: Engine & {device: OwnDevice},
 *   server: Engine | undefined,
 *   isKept: () => boolean,
 *   waitS: () => number | null,
 *   wanted: (model: string | null) => Promise<string | null>,
 *   connection: Connection,
 *   ask: (device: OwnDevice) => Promise<boolean>,
 *   showLoading: (stage: Stage & {name: 'loading'}) => void,
 *   onDefaults: (defaults: Readonly<Record<string, unknown>>) => void,
 *   onFailed: () => void,
 *   preferences: {recall: (key: string) => string | null, remember: (key: string, value: string | null) => void},
 * }} parts waitS: how long the server would take now, null if nobody knows. wanted: what a visitor takes for the task that is
 *   asked for, null if that is not known. ask: whether the visitor lets the model be loaded. onDefaults: what the device answers
 *   with. onFailed: the server could not
 */
export function createStandIn(parts) {
  const { engine, server, isKept, waitS, wanted, connection, ask, showLoading, onDefaults, onFailed, preferences } = parts;
  const { device } = engine;
  /** What it has been asked already, by the fields. @type {WeakSet<Options['fields']>} */
  const tried = new WeakSet();
  let isAllowed = connection.saveData !== true && connection.type !== 'cellular';

  /** Asked first where bytes may cost something. */
  async function mayLoad() {
    isAllowed ||= (await device.isReady()) || (await ask(device));
    return isAllowed;
  }

  /** Whether the model does what the one of the server does that would be asked. @param {Pick<Options, 'model'>} options */
  async function fits({ model }) {
    const [door, models] = await Promise.all([wanted(model), engine.models?.() ?? []]);
    return door === null || models.some((one) => one.door === door);
  }

  async function expectedMs() {
    const each = Number(preferences.recall(KEY)) || GUESS_MS;
    if (await device.isReady()) return each;
    return each + START_MS + (device.bytes * 8) / 1000 / (connection.downlink || DOWNLINK_MBPS);
  }

  /** @param {Picture} picture @param {Options} options @returns {Promise<Envelope>} */
  async function compute(picture, options) {
    onDefaults(await device.defaults());
    const answer = await engine.run(picture, {
      ...options,
      model: null,
      onStage: (stage) => options.onStage(stage.name === 'loading' ? { ...stage, show: () => showLoading(stage) } : stage),
    });
    const { decode = 0, inference = 0 } = answer.timings;
    preferences.remember(KEY, String(Math.round(decode + inference)));
    return Object.freeze({ ...answer, engine: engine.id, place: engine.place });
  }

  /**
   * @param {Picture} picture
   * @param {Options} options
   * @param {number | null} seconds how long the server would take, null if nobody knows
   * @returns {Promise<Envelope | null>} null if the device does not do it
   */
  async function computeIfQuicker(picture, options, seconds) {
    tried.add(options.fields);
    try {
      if (seconds !== null && (await expectedMs()) >= seconds * 1000) return null;
      return (await fits(options)) && (await mayLoad()) ? await compute(picture, options) : null;
    } catch (error) {
      options.signal.throwIfAborted();
      if (typeof (/** @type {{kind?: unknown}} */ (error).kind) !== 'string') throw error;
      return null; // the server's reason is what the visitor is told
    }
  }

  /** @param {Picture} picture @param {Options} options */
  async function only(picture, options) {
    if (!(await mayLoad())) throw Object.assign(new Error('The model may not be loaded.'), { kind: 'device-refused' });
    return compute(picture, options);
  }

  return {
    fits,

    /** Compute here, and nowhere else. */
    only,

    /** Whether it is, without asking anybody. @param {number} seconds how long the server would take */
    isQuicker: async (seconds) => (isAllowed || (await device.isReady())) && (await expectedMs()) < seconds * 1000,

    /**
     * Compute here, or by the server if that is better.
     *
     * @param {Picture} picture
     * @param {Options} options
     * @returns {Promise<Envelope>}
     */
    async run(picture, options) {
      if (isKept() || !server) return only(picture, options);
      const answer = await computeIfQuicker(picture, options, waitS());
      return answer ?? { ...(await server.run(picture, options)), engine: server.id, place: server.place };
    },

    /**
     * Compute in the server's place, or throw why it did not.
     *
     * @param {unknown} error
     * @param {Picture} picture
     * @param {Options} options
     * @returns {Promise<Envelope>}
     */
    async instead(error, picture, options) {
      const { kind = '', retryAfterS } = /** @type {{kind?: string, retryAfterS?: number | null}} */ (error ?? {});
      const isLost = LOST.includes(kind);
      if (isKept() || tried.has(options.fields) || !(isLost || TURNED_AWAY.includes(kind))) throw error;
      onFailed();
      const answer = await computeIfQuicker(picture, options, isLost ? null : retryAfterS ?? 1);
      if (!answer) throw error;
      return answer;
    },
  };
}
