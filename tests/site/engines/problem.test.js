import { describe, expect, test } from 'vitest';
import { parseRetryAfter, problemFromAnswer } from '../../../site/src/engines/remote/problem.js';

const body = (kind, detail = 'Why.') =>
  JSON.stringify({ type: `urn:pagesight:problem:${kind}`, title: 'T', status: 0, detail, request_id: 'r-1' });

describe('problemFromAnswer', () => {
  test.each([
    [400, 'bad-request', 'refused'],
    [403, 'origin-not-allowed', 'forbidden'],
    [404, 'not-found', 'refused'],
    [413, 'too-large', 'too-large'],
    [415, 'unsupported-image', 'not-an-image'],
    [422, 'refused-image', 'refused-image'],
    [429, 'too-often', 'too-often'],
    [500, 'internal-error', 'server'],
    [502, 'bad-gateway', 'unreachable'],
    [503, 'busy', 'busy'],
    [503, 'not-ready', 'starting'],
    [504, 'timeout', 'slow-server'],
  ])('names a %i of type %s "%s"', (status, type, kind) => {
    const problem = problemFromAnswer(status, body(type), null);
    expect(problem).toMatchObject({ kind, detail: 'Why.', requestId: 'r-1', retryAfterS: null });
  });

  test('tells how long to wait', () => {
    expect(problemFromAnswer(503, body('busy'), '7').retryAfterS).toBe(7);
  });

  test.each([
    ['a page of a proxy', '<html><h1>413</h1></html>'],
    ['nothing', ''],
    ['a list', '[1]'],
    ['null', 'null'],
    ['fields of the wrong type', '{"type": 3, "detail": {"a": 1}, "request_id": []}'],
  ])('goes by the status alone when the body is %s', (_, text) => {
    expect(problemFromAnswer(413, text, null)).toMatchObject({ kind: 'too-large', detail: '', requestId: '' });
  });

  test('cuts a detail that would fill the page', () => {
    expect(problemFromAnswer(500, body('internal-error', 'x'.repeat(1e6)), null).detail).toHaveLength(300);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('Fri, 20 Nov 2026 10:00:00 GMT');

  test.each([
    ['5', 5],
    [' 12 ', 12],
    ['Fri, 20 Nov 2026 10:00:30 GMT', 30],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
    ['999999', 3600],
    ['soon', null],
    ['-3', null],
    ['', null],
    [null, null],
  ])('reads %j as %j', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });
});
