/** What both laws of G.711 share: a table of codes for all samples, one of samples for all codes, and the loops. */

/** One byte for each sample; `out` spares the allocation and must be as long as `pcm`. */
export type Encode = (pcm: Int16Array, out?: Uint8Array) => Uint8Array;
/** One 16-bit sample for each code; `out` spares the allocation and must be as long as `codes`. */
export type Decode = (codes: Uint8Array, out?: Int16Array) => Int16Array;

export function encoder(codeOf: (sample: number) => number): Encode {
  const codes = new Uint8Array(65_536);
  for (let index = 0; index < codes.length; index++) codes[index] = codeOf((index << 16) >> 16);
  return (pcm, out = new Uint8Array(pcm.length)) => {
    for (let at = 0; at < pcm.length; at++) out[at] = codes[(pcm[at] as number) & 0xffff] as number;
    return out;
  };
}

export function decoder(sampleOf: (code: number) => number): Decode {
  const samples = Int16Array.from({ length: 256 }, (_, code) => sampleOf(code));
  return (codes, out = new Int16Array(codes.length)) => {
    for (let at = 0; at < codes.length; at++) out[at] = samples[codes[at] as number] as number;
    return out;
  };
}
