/** Opens a camera, and names the reason where there is none. */

/**
 * @typedef {'insecure' | 'refused' | 'missing' | 'busy'} Reason insecure: the page did not come by HTTPS; refused: by the visitor, the
 *   browser or the page around this one; busy: another program has it
 *
 * @typedef {Readonly<{facing?: 'environment' | 'user', deviceId?: string}>} Wanted
 */

/** @type {Readonly<Record<string, Reason>>} by the name of getUserMedia's error */
const REASONS = Object.freeze({
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotReadableError: 'busy',
  AbortError: 'busy',
});

/** There is no camera; `reason` says why. */
export class NoCamera extends Error {
  /** @param {Reason} reason @param {unknown} [cause] */
  constructor(reason, cause) {
    super(reason, { cause });
    this.name = 'NoCamera';
    this.reason = reason;
  }
}

/**
 * @param {Wanted & {longest: number}} wanted longest: the side in pixels that is asked for; the camera gives what it can
 * @returns {Promise<MediaStream>}
 * @throws {NoCamera}
 */
export async function openStream({ facing, deviceId, longest }) {
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: facing };
  if (!navigator.mediaDevices) throw new NoCamera('insecure');
  try {
    const video = { ...which, width: { ideal: longest }, height: { ideal: longest } };
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new NoCamera((error instanceof DOMException && REASONS[error.name]) || 'missing', error);
  }
}

/** @param {MediaStream | null} stream whose camera goes off */
export function closeStream(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

/** Whether a camera looks at who holds it. @param {MediaStream} stream */
export function isFacingUser(stream) {
  return settingsOf(stream).facingMode === 'user';
}

/**
 * What asks for the next camera: on a phone the one on the other side, else the one that the browser lists next.
 *
 * @param {MediaStream} stream
 * @returns {Promise<Wanted | null>} null if there is only one, as far as the browser tells
 */
export async function nextCamera(stream) {
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
  if (devices.length < 2) return null;
  const { facingMode, deviceId } = settingsOf(stream);
  if (facingMode) return { facing: facingMode === 'user' ? 'environment' : 'user' };
  const at = devices.findIndex((device) => device.deviceId === deviceId);
  return { deviceId: devices[(at + 1) % devices.length]?.deviceId };
}

/** @param {Blob} photograph that was taken now */
export function fileOf(photograph) {
  const stamp = new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return new File([photograph], `camera-${stamp}.jpg`, { type: photograph.type });
}

/** @param {MediaStream} stream @returns {MediaTrackSettings} */
function settingsOf(stream) {
  return stream.getVideoTracks()[0]?.getSettings() ?? {};
}
