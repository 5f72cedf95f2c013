/** A stream that runs ahead of whoever reads it, so that it can be begun before it is wanted. */

export interface Buffered<T> extends AsyncIterable<T> {
  /** What has not come yet does not come any more; whoever reads comes to the end. */
  stop(): void;
}

/** @param begin begins the stream; it is told when to stop */
export function buffered<T>(begin: (signal: AbortSignal) => AsyncIterable<T>): Buffered<T> {
  const stopping = new AbortController();
  const items: T[] = [];
  let ending: { error?: unknown } | undefined;
  let wake: () => void = () => undefined;

  const finish = (how: { error?: unknown }) => {
    ending ??= how;
    wake();
  };
  const run = async () => {
    for await (const item of begin(stopping.signal)) {
      items.push(item);
      wake();
    }
  };
  run().then(
    () => finish({}),
    error => finish({ error }),
  );

  return {
    stop() {
      finish({});
      stopping.abort();
    },
    async *[Symbol.asyncIterator]() {
      for (let at = 0; ; at++) {
        while (at >= items.length && !ending)
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        if (at < items.length) yield items[at] as T;
        else if (ending && 'error' in ending) throw ending.error;
        else return;
      }
    },
  };
}
