/** Tokens and connections as they are stored. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Holder } from '../../lambda/media/connections.ts';
import { onBothTables } from './tables.ts';

const NOW = Date.parse('2026-03-02T10:30:00Z');

onBothTables('tokens and connections', opened => {
  async function issued() {
    const call = randomUUID();
    const token = randomUUID();
    expect(await opened().reserve(token, { stream: call, carrier_call: 'of the carrier' }, NOW)).toBe(true);
    return { call, token };
  }

  async function connected(): Promise<Holder> {
    const { call, token } = await issued();
    const connection = randomUUID();
    const found = await opened().tokens.find(token, NOW);
    if (!found) throw new Error('No token.');
    expect(await opened().tokens.burn(token, found, connection, NOW)).toBe(true);
    return { connection, stream: call, carrier_call: 'of the carrier', opened_at: NOW };
  }

  it('a call is reserved once', async () => {
    const { call, token } = await issued();
    expect(await opened().reserve(token, { stream: call, carrier_call: 'another' }, NOW + 1)).toBe(false);
    expect(await opened().tokens.find(token, NOW + 1)).toEqual({
      stream: call,
      carrier_call: 'of the carrier',
      issued_at: NOW,
      uses: 0,
    });
  });

  it('of two who found the same token one burns it, and only that one’s connection is known', async () => {
    const { call, token } = await issued();
    const found = await opened().tokens.find(token, NOW);
    if (!found) throw new Error('No token.');
    const burned = [
      await opened().tokens.burn(token, found, 'a', NOW),
      await opened().tokens.burn(token, found, 'b', NOW + 1),
    ];
    expect(burned).toEqual([true, false]);
    expect(await opened().connections.ofStream(call)).toEqual([{ connection: 'a', opened_at: NOW }]);
    expect(await opened().connections.holder('b')).toBeUndefined();
  });

  it('a connection is started, with each stream once, and closed once', async () => {
    const holder = await connected();
    const { connections } = opened();
    expect(await connections.started(holder, 'one')).toBe(true);
    expect(await connections.started(holder, 'one')).toBe(false);
    expect(await connections.started(holder, 'two')).toBe(true);
    expect(await connections.closed(holder, NOW + 5)).toBe(true);
    expect(await connections.closed(holder, NOW + 9)).toBe(false);
    expect(await connections.ofStream(holder.stream)).toEqual([
      { connection: holder.connection, opened_at: NOW, stream_id: 'two', closed_at: NOW + 5 },
    ]);
  });

  it('of a disowned connection nothing is left, whatever is still said of it', async () => {
    const holder = await connected();
    const { connections } = opened();
    await connections.disown(holder);
    expect(await connections.started(holder, 'one')).toBe(false);
    expect(await connections.closed(holder, NOW)).toBe(false);
    expect(await connections.holder(holder.connection)).toBeUndefined();
    expect(await connections.ofStream(holder.stream)).toEqual([]);
  });

  it('the lease is no connection', async () => {
    const { call } = await issued();
    expect(await opened().connections.ofStream(call)).toEqual([]);
    expect(await opened().leases.read(call)).toMatchObject({ generation: 0 });
  });
});
