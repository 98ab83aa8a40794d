/** Works on a challenge, off the page's own thread: PBKDF2 of one number after the other. ALTCHA's messages go in and out. */

import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { handler } from 'altcha-lib/workers/shared';

handler({ deriveKey });
