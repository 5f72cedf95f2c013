import { describe, expect, it } from 'vitest';
import { matchRoute } from '../../local/gateway/routes.ts';

const keys = ['GET /a', 'ANY /a', 'GET /a/{id}', 'GET /a/b', 'ANY /{proxy+}', 'GET /x.y'];
const integration = { functionName: 'f', timeoutMs: 1000 };
const routes = keys.map(key => ({ key, integration }));
const chosen = (method: string, path: string) => matchRoute(routes, method, path)?.route.key;

describe('a request', () => {
  it.each([
    ['GET', '/a', 'GET /a'],
    ['POST', '/a', 'ANY /a'],
    ['GET', '/a/b', 'GET /a/b'],
    ['GET', '/a/c', 'GET /a/{id}'],
    ['GET', '/a/c/d', 'ANY /{proxy+}'],
    ['POST', '/a/c', 'ANY /{proxy+}'],
    ['GET', '/x.y', 'GET /x.y'],
    ['GET', '/xzy', 'ANY /{proxy+}'],
  ])('%s %s takes the route %s', (method, path, expected) => {
    expect(chosen(method, path)).toBe(expected);
  });

  it('that no route fits takes none when there is no $default', () => {
    expect(matchRoute([{ key: 'GET /a', integration }], 'GET', '/b')).toBeUndefined();
  });

  it('has its path parameters decoded', () => {
    expect(matchRoute(routes, 'GET', '/a/%2B91%20x')?.pathParameters).toEqual({ id: '+91 x' });
  });
});
