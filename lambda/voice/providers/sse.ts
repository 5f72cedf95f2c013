/**
 * Server-sent events, as far as chat completions use them: the data of each event. Lines end in CR, LF or both,
 * events in an empty line; how the bytes are cut changes nothing.
 */

export interface EventParser {
  push(bytes: Uint8Array): string[];
  /** An event that the stream ended in: some servers leave out the last empty line. */
  flush(): string[];
}

export function createEventParser(): EventParser {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];

  function take(line: string): string[] {
    if (line === '') {
      const event = data;
      data = [];
      return event.length > 0 ? [event.join('\n')] : [];
    }
    const [, value] = /^data(?:: ?(.*))?$/s.exec(line) ?? [];
    if (line === 'data' || value !== undefined) data.push(value ?? '');
    return [];
  }

  return {
    push(bytes) {
      rest += decoder.decode(bytes, { stream: true });
      // A CR at the end may be half of a line's end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      return lines.flatMap(take);
    },
    flush: () => [...take(rest.replace(/\r$/, '')), ...take('')],
  };
}
