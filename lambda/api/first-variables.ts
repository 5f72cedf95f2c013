/** The first variables of a call or of a flow, as they are given with a request. */
import * as z from 'zod/mini';
import { LONGEST_VALUE } from '../flow/variables.ts';

const MOST_VARIABLES = 50;

const name = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z_][\w.-]{0,63}$/,
      'must be 1 to 64 letters, digits, dots, hyphens or underscores, and begin with a letter',
    ),
  );

const text = z.string().check(z.maxLength(LONGEST_VALUE));

export const firstVariables = z
  .record(name, text)
  .check(
    z.refine(
      given => Object.keys(given).length <= MOST_VARIABLES,
      `must have at most ${MOST_VARIABLES} entries`,
    ),
  );
