/** The filter of the resampler: a sinc, which passes what both rates can carry, under a Kaiser window. */

/** In the stop band, dB. */
const ATTENUATION = 80;
const BETA = 0.1102 * (ATTENUATION - 8.7);
/** As a share of half the lower rate. */
const CUT_OFF = 0.96;

/**
 * The impulse response at the times -reach to reach - 1. `perSample` of these make one sample of the lower rate. The
 * transition is centred a little below half the lower rate: what aliases is gone where speech is.
 */
export function lowPass(perSample: number, reach: number): Float64Array {
  const width = CUT_OFF / perSample;
  return Float64Array.from({ length: 2 * reach }, (_, index) => {
    const time = index - reach;
    return sinc(width * time) * bessel(BETA * Math.sqrt(1 - (time / reach) ** 2));
  });
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Modified Bessel function of the first kind and order 0. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
