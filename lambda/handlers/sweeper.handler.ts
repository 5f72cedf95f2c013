/** Every minute, by schedule. */
import { contextFromEnv } from '../app/context.ts';
import { sweep } from '../sweep/sweep.ts';

const context = contextFromEnv(process.env);

export const handler = () => sweep(context);
