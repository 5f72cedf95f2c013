/**
 * The open sockets of a WebSocket API by connection id, each within API Gateway's limits: closed after ten minutes of
 * silence in both directions, and after two hours in any case.
 */
import type { WebSocket } from 'ws';
import type { Upgrade } from './socket-event.ts';

export interface Limits {
  idleMs: number;
  durationMs: number;
}

export const API_GATEWAY_LIMITS: Limits = { idleMs: 10 * 60_000, durationMs: 2 * 3_600_000 };

const GOING_AWAY = 1001;

export interface Open {
  socket: WebSocket;
  upgrade: Upgrade;
  lastActiveAt: number;
  /** To be called with every message, in or out. */
  active(): void;
}

export class Sockets {
  readonly #open = new Map<string, Open>();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  find(connectionId: string): Open | undefined {
    return this.#open.get(connectionId);
  }

  /** `closed` is called once, whoever ended it, unless `end` did. */
  add(socket: WebSocket, upgrade: Upgrade, closed: (code: number, reason: string) => void): Open {
    const goAway = () => socket.close(GOING_AWAY, 'Going away');
    const idle = setTimeout(goAway, this.#limits.idleMs).unref();
    const tooLong = setTimeout(goAway, this.#limits.durationMs).unref();
    const open: Open = {
      socket,
      upgrade,
      lastActiveAt: upgrade.connectedAt,
      active: () => {
        open.lastActiveAt = Date.now();
        idle.refresh();
      },
    };
    this.#open.set(upgrade.connectionId, open);
    socket.on('close', (code, reason) => {
      clearTimeout(idle);
      clearTimeout(tooLong);
      if (this.#open.delete(upgrade.connectionId)) closed(code, reason.toString());
    });
    return open;
  }

  /** Breaks all sockets, and tells nobody. */
  end(): void {
    const sockets = [...this.#open.values()];
    this.#open.clear();
    for (const { socket } of sockets) socket.terminate();
  }
}
