/** The lease: of any number of sessions of a call one speaks. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LEASE_MS, MAX_RECOVERIES, MAX_STARTS, START_MS } from '../../lambda/media/lease.ts';
import { onBothTables } from './tables.ts';

const NOW = Date.parse('2026-03-02T10:30:00Z');

onBothTables('the lease', opened => {
  const leases = () => opened().leases;

  const open = (call: string, at: number) =>
    opened().reserve(`token of ${call}`, { stream: call, carrier_call: call }, at);

  async function openedLease(): Promise<string> {
    const call = randomUUID();
    expect(await open(call, NOW)).toBe(true);
    return call;
  }

  async function takenLease(): Promise<string> {
    const call = await openedLease();
    expect(await leases().take(call, 1, 'first', NOW)).toBe(true);
    return call;
  }

  it('is opened once, and never reset', async () => {
    const call = await takenLease();
    expect(await open(call, NOW + 10)).toBe(false);
    expect(await leases().read(call)).toEqual({
      stream: call,
      generation: 1,
      owner: 'first',
      until: NOW + LEASE_MS,
      starts: 0,
      recoveries: 0,
    });
  });

  it('nobody takes a lease that was never opened', async () => {
    expect(await leases().take(randomUUID(), 1, 'first', NOW)).toBe(false);
  });

  it('of two that take it at once one has it, fifty times over', async () => {
    for (let round = 0; round < 50; round++) {
      const call = await openedLease();
      const owners = ['first', 'second'];
      const took = await Promise.all(owners.map(owner => leases().take(call, 1, owner, NOW)));
      expect(took.filter(Boolean)).toHaveLength(1);
      expect((await leases().read(call))?.owner).toBe(owners[took.indexOf(true)]);
    }
  }, 30_000);

  it('taken again by its owner is still taken: an answer may have been lost', async () => {
    const call = await takenLease();
    expect(await leases().take(call, 1, 'first', NOW + 5)).toBe(true);
    expect(await leases().take(call, 1, 'second', NOW + LEASE_MS)).toBe(false);
  });

  it('of a living session is taken by nobody, however late its generation', async () => {
    const call = await takenLease();
    expect(await leases().renew(call, 1, 'first', NOW + 2000)).toBe(true);
    expect(await leases().take(call, 9, 'ninth', NOW + LEASE_MS + 1999)).toBe(false);
    expect(await leases().take(call, 9, 'ninth', NOW + LEASE_MS + 2000)).toBe(true);
  });

  it('once taken over is lost: neither renewed nor released', async () => {
    const call = await takenLease();
    expect(await leases().take(call, 2, 'second', NOW + LEASE_MS)).toBe(true);
    const after = await leases().read(call);
    expect(await leases().renew(call, 1, 'first', NOW + LEASE_MS)).toBe(false);
    expect(await leases().release(call, 1, 'first')).toBe(false);
    expect(await leases().read(call)).toEqual(after);
  });

  it('is handed over: the successor stands by, the predecessor releases, the successor takes', async () => {
    const call = await takenLease();
    expect(await leases().take(call, 2, 'second', NOW + 10)).toBe(false);
    for (const at of [NOW + 10, NOW + 1010]) {
      await leases().standBy(call, 2, at);
      expect(await leases().read(call)).toMatchObject({ owner: 'first', ready: 2, ready_at: at });
    }
    expect(await leases().release(call, 1, 'first')).toBe(true);
    expect(await leases().renew(call, 1, 'first', NOW + 20)).toBe(false);
    expect(await leases().take(call, 2, 'second', NOW + 20)).toBe(true);
    const taken = await leases().read(call);
    for (const gone of ['released', 'ready', 'ready_at']) expect(taken).not.toHaveProperty(gone);
    await leases().standBy(call, 2, NOW + 2010);
    expect(await leases().read(call)).toEqual(taken);
  });

  describe('the right to start the next session', () => {
    it('is nobody’s while a session lives', async () => {
      const call = await takenLease();
      expect(await leases().claimStart(call, 2, NOW + LEASE_MS - 1)).toBe(false);
      expect(await leases().claimStart(call, 2, NOW + LEASE_MS)).toBe(true);
    });

    it('is there at once when the lease was given up and no successor took it', async () => {
      const call = await takenLease();
      await leases().release(call, 1, 'first');
      expect(await leases().claimStart(call, 2, NOW + 1)).toBe(true);
    });

    it('is granted eight times in a call whose sessions keep dying', async () => {
      const call = await takenLease();
      let at = NOW;
      let granted = 0;
      for (let next = 2; next <= MAX_RECOVERIES + 3; next++) {
        at += LEASE_MS;
        if (!(await leases().claimStart(call, next, at))) continue;
        granted++;
        expect(await leases().take(call, next, `session ${next}`, at)).toBe(true);
      }
      expect(granted).toBe(MAX_RECOVERIES);
      expect(await leases().read(call)).toMatchObject({ generation: MAX_RECOVERIES + 1 });
    });

    it('goes to one of twenty who find the call without a session', async () => {
      const call = await takenLease();
      const claims = Array.from({ length: 20 }, () => leases().claimStart(call, 2, NOW + LEASE_MS));
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
    });

    it('comes again when the session did not take the lease, and three times at most', async () => {
      const call = await openedLease();
      const granted: number[] = [];
      for (let ms = 0; ms < 20_000; ms += 500)
        if (await leases().claimStart(call, 1, NOW + ms)) granted.push(ms);
      expect(granted).toEqual(Array.from({ length: MAX_STARTS - 1 }, (_, at) => (at + 1) * START_MS));
    });

    it('is full again once a session has taken the lease', async () => {
      const call = await openedLease();
      for (let ms = START_MS; ms <= 2 * START_MS; ms += START_MS)
        expect(await leases().claimStart(call, 1, NOW + ms)).toBe(true);
      const late = NOW + 3 * START_MS;
      expect(await leases().take(call, 1, 'late', late)).toBe(true);
      expect(await leases().claimStart(call, 2, late + LEASE_MS)).toBe(true);
    });

    it('is only for the generation after the stored one', async () => {
      const call = await takenLease();
      expect(await leases().claimStart(call, 1, NOW + LEASE_MS)).toBe(false);
      expect(await leases().claimStart(call, 3, NOW + LEASE_MS)).toBe(false);
    });
  });
});
