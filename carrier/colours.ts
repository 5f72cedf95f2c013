/** Colours on a terminal, and nowhere else; `NO_COLOR` turns them off. */
import pc from 'picocolors';

export const colours = pc.createColors(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
