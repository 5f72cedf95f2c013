/** One line per measurement: what was measured, the figure, what it is held against, and the ratio of the two. */

export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** A budget (`at most`) or a peer measured or simulated in the same run. */
  against: { name: string; value: number };
}

export function print(title: string, figures: Figure[]): void {
  console.log(`\n${title}`);
  for (const { what, value, unit, against } of figures) {
    const ratio = against.value === 0 ? '' : `  ${(value / against.value).toPrecision(2)} × ${against.name}`;
    const shown = `${rounded(value)} ${unit}`;
    console.log(`  ${what.padEnd(58)} ${shown.padStart(12)}${ratio} (${rounded(against.value)} ${unit})`);
  }
}

/** The value below which the share `p` (0 to 1) of the samples lies. */
export function percentile(samples: number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

export const mean = (samples: number[]) => samples.reduce((sum, one) => sum + one, 0) / samples.length;

const rounded = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
