/** What went wrong and what to do next, by the kind of failure, in English. */

export const errors = {
  'empty': { title: 'This file is empty', advice: 'Choose another one.', retry: false },
  'not-an-image': {
    title: 'This is not a photo we can read',
    advice: 'Choose a JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP image.',
    retry: false,
  },
  'too-large': { title: 'This file is too large', advice: 'Choose one under 10 MB.', retry: false },
  'refused-image': {
    title: 'This photo can’t be used',
    advice: 'It may be damaged or have too many pixels. Save it anew or choose another one.',
    retry: false,
  },
  'unreachable': {
    title: 'The server can’t be reached',
    advice: 'Check your connection, or wait a moment. Your photo is still here.',
    retry: true,
  },
  'offline': {
    title: 'You are offline',
    advice: 'Connect to the internet and try again. Your photo is still here.',
    retry: true,
  },
  'timeout': {
    title: 'No answer after 60 seconds',
    advice: 'The connection or the server is slow. Try again.',
    retry: true,
  },
  'slow-server': { title: 'The server took too long', advice: 'Wait a moment and try again.', retry: true },
  'busy': { title: 'The server is busy', advice: 'Others are ahead of you. Wait a moment and try again.', retry: true },
  'starting': { title: 'The server is starting', advice: 'Wait a moment and try again.', retry: true },
  'too-often': { title: 'Too many photos at once', advice: 'Wait a moment and try again.', retry: true },
  'forbidden': {
    title: 'The server does not accept this page',
    advice: 'Its owner has to add this address to PAGESIGHT_ALLOWED_ORIGINS.',
    retry: false,
  },
  'refused': { title: 'The server refused the request', advice: 'Choose another photo.', retry: false },
  'server': { title: 'The server failed', advice: 'Try again. If it happens again, try another photo.', retry: true },
  'bad-answer': {
    title: 'The server’s answer makes no sense',
    advice: 'This page and the server may be of different versions. Try again later.',
    retry: true,
  },
  'unexpected': { title: 'Something went wrong in this page', advice: 'Try again, or reload the page.', retry: true },
  'cancelled': { title: 'Cancelled', advice: 'Nothing more was sent.', retry: true },
};
