import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../local/host.ts';
import { startFixture } from './fixture/host.ts';

let host: Host;

beforeAll(async () => {
  host = await startFixture();
}, 60_000);

afterAll(() => host.stop());

const knock = (authorization?: string) =>
  fetch(`${host.url}/closed`, authorization === undefined ? {} : { headers: { authorization } });

describe('a route behind an authorizer', () => {
  it('answers 401 without the identity source, and asks nobody', async () => {
    const response = await knock();
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'Unauthorized' });
  });

  it('answers 403 to whom the authorizer refuses', async () => {
    const response = await knock('Bearer bad');
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: 'Forbidden' });
  });

  it('answers 500 when the authorizer fails', async () => {
    expect((await knock('Bearer broken')).status).toBe(500);
  });

  it('lets others in, with what the authorizer said of them, and remembers the answer', async () => {
    interface Echo {
      event: { requestContext: { authorizer: { lambda: { asked: number } } } };
    }
    const asked = async () =>
      ((await (await knock('Bearer good')).json()) as Echo).event.requestContext.authorizer;
    const first = await asked();
    expect(first.lambda.asked).toBeGreaterThan(0);
    expect(await asked()).toEqual(first);
  });
});
