/** One thing that happens in the world. An act that cannot happen now does nothing. */
import fc from 'fast-check';
import type { Conditions, Fault } from './product.ts';
import type { World } from './world.ts';

export interface Act {
  name: string;
  /** @returns false when there was nobody to do it */
  happen(world: World, conditions: Conditions): Promise<boolean> | boolean;
}

/** One of `many`, by a number that means the same however many there are. */
export const pick = <T>(many: readonly T[], which: number): T | undefined => many[which % many.length];

export const which = fc.nat({ max: 11 });

/** Mostly none. */
export const faults: fc.Arbitrary<Fault | undefined> = fc.option(
  fc.record({
    at: fc.integer({ min: 1, max: 16 }),
    when: fc.constantFrom('before' as const, 'after' as const),
    how: fc.constantFrom('dies' as const, 'store fails' as const),
  }),
  { nil: undefined, freq: 8 },
);
