/**
 * Ctrl-C ends what is shown, and what was set up for it is cleared away. It comes twice, from the terminal and from
 * npm, and the second one must not end the clearing.
 */
export function interruption(): AbortSignal {
  const interrupt = new AbortController();
  process.on('SIGINT', () => interrupt.abort());
  return interrupt.signal;
}
