/**
 * What both laws of G.711 share: a table of codes for all samples, one of samples for all codes, and the loops, four
 * samples to a round, since the loop itself costs as much as the look-up.
 */

/** One byte for each sample; `out` spares the allocation and must be as long as `pcm`. */
export type Encode = (pcm: Int16Array, out?: Uint8Array) => Uint8Array;
/** One 16-bit sample for each code; `out` spares the allocation and must be as long as `codes`. */
export type Decode = (codes: Uint8Array, out?: Int16Array) => Int16Array;

export function encoder(codeOf: (sample: number) => number): Encode {
  const table = new Uint8Array(65_536);
  for (let index = 0; index < table.length; index++) table[index] = codeOf((index << 16) >> 16);
  return (pcm, out = new Uint8Array(pcm.length)) => {
    let at = 0;
    for (; at < pcm.length - 3; at += 4) {
      out[at] = table[(pcm[at] as number) & 0xffff] as number;
      out[at + 1] = table[(pcm[at + 1] as number) & 0xffff] as number;
      out[at + 2] = table[(pcm[at + 2] as number) & 0xffff] as number;
      out[at + 3] = table[(pcm[at + 3] as number) & 0xffff] as number;
    }
    for (; at < pcm.length; at++) out[at] = table[(pcm[at] as number) & 0xffff] as number;
    return out;
  };
}

export function decoder(sampleOf: (code: number) => number): Decode {
  const table = Int16Array.from({ length: 256 }, (_, code) => sampleOf(code));
  return (codes, out = new Int16Array(codes.length)) => {
    let at = 0;
    for (; at < codes.length - 3; at += 4) {
      out[at] = table[codes[at] as number] as number;
      out[at + 1] = table[codes[at + 1] as number] as number;
      out[at + 2] = table[codes[at + 2] as number] as number;
      out[at + 3] = table[codes[at + 3] as number] as number;
    }
    for (; at < codes.length; at++) out[at] = table[codes[at] as number] as number;
    return out;
  };
}
