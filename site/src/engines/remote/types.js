/**
 * What the server tells of itself. Types only.
 *
 * @typedef {'connecting' | 'online' | 'busy' | 'offline'} Light
 *
 * @typedef {Readonly<{running: number, waiting: number, capacity: number}>} Queue
 *
 * @typedef {Readonly<{light: Light, model: string, queue: Queue, defaults: Readonly<Record<string, unknown>>,
 *   needsKey?: boolean, jobs?: unknown}>} ServerAnswer to /status_check; jobs: how jobs stand, absent if the server takes none
 *
 * @typedef {Readonly<{light: Light, model: string, queue: Queue | null, reason: string, checkedAt: number | null,
 *   defaults?: ServerAnswer['defaults'], jobs?: unknown}>} ServerStatus reason: a kind of problem, empty when there is none; checkedAt in milliseconds since 1970
 */

export {};
