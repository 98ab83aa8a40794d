import { describe, expect, test } from 'vitest';
import { securityPolicy } from '../../../site/build/security-policy.js';

const directive = (policy, name) => policy.split('; ').find((part) => part.startsWith(`${name} `) || part === name);

describe('the policy', () => {
  test('lets a page of the API ask nobody else', () => {
    expect(directive(securityPolicy(''), 'connect-src')).toBe("connect-src 'self'");
  });

  test('lets a page elsewhere ask its API, by its origin', () => {
    const policy = securityPolicy('https://detector.example.org/v1/?x');
    expect(directive(policy, 'connect-src')).toBe("connect-src 'self' https://detector.example.org");
  });

  test('lets videos come from the page itself and from its API', () => {
    expect(directive(securityPolicy(''), 'media-src')).toBe("media-src 'self' blob:");
    expect(directive(securityPolicy('https://detector.example.org/'), 'media-src')).toBe("media-src 'self' blob: https://detector.example.org");
  });

  test('lets the page be installed', () => {
    expect(directive(securityPolicy(''), 'manifest-src')).toBe("manifest-src 'self'");
    expect(directive(securityPolicy(''), 'worker-src')).toBe("worker-src 'self'");
  });

  test('allows nothing inline, no eval and no other origin', () => {
    expect(securityPolicy('')).not.toMatch(/unsafe|\*|https?:/);
    expect(directive(securityPolicy(''), 'default-src')).toBe("default-src 'none'");
    expect(directive(securityPolicy(''), 'script-src')).toBe("script-src 'self'");
  });

  test('makes scripts of strings impossible but by the one policy', () => {
    expect(securityPolicy('')).toContain("require-trusted-types-for 'script'; trusted-types default");
  });
});
