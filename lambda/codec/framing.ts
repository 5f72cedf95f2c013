/** Cuts a stream of bytes into payloads of one size, wherever the chunks it comes in begin and end. */

export interface Framer {
  /** The payloads that are full now, each with bytes of its own. */
  push(bytes: Uint8Array): Uint8Array[];
  /** What is left, filled up with `padWith`; nothing when nothing is left. The framer is as new then. */
  flush(padWith: number): Uint8Array | undefined;
}

/** 20 ms of G.711 unless told otherwise. */
export function createFramer(size = 160): Framer {
  let frame = new Uint8Array(size);
  let filled = 0;
  return {
    push: bytes => {
      const full: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const piece = bytes.subarray(at, at + size - filled);
        frame.set(piece, filled);
        at += piece.length;
        filled += piece.length;
        if (filled < size) break;
        full.push(frame);
        frame = new Uint8Array(size);
        filled = 0;
      }
      return full;
    },
    flush: padWith => {
      if (filled === 0) return undefined;
      const last = frame.fill(padWith, filled);
      frame = new Uint8Array(size);
      filled = 0;
      return last;
    },
  };
}
