/** What a container knows of its connections: of the latest ones only, since it outlives most calls. */

export interface Remembered<T> {
  get(connection: string): T | undefined;
  set(connection: string, value: T): void;
}

const MOST = 500;

export function remembered<T>(): Remembered<T> {
  const entries = new Map<string, T>();
  return {
    get: connection => entries.get(connection),
    set(connection, value) {
      entries.delete(connection);
      entries.set(connection, value);
      if (entries.size <= MOST) return;
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    },
  };
}
